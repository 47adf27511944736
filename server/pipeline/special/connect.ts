import { badRequest, notFound, serviceUnavailable } from "../../../api/status.ts";
import type { Registry } from "../../registry/registry.ts";
import type { SpecialHandlers } from "../endpoint.ts";
import type { ApiRequest } from "../request.ts";

interface Placed {
  spec?: { nodeName?: string };
}

/**
 * Connections to pods, services and nodes, as far as a server answers them that reaches no node: what is asked for must
 * exist and be somewhere. Source: pkg/registry/core/{pod,service,node}/rest.
 */
export function connections(registry: Registry): SpecialHandlers {
  return {
    async connect(request) {
      const { resource, namespace } = request;
      const name = targetName(request);
      const found = registry.get("", resource);
      if (!found) throw notFound({ group: "", resource }, name);
      const entry = await found.store.get(found.type.namespaced ? namespace : "", name);
      const object = found.store.objectOf(entry);
      if (resource === "services") {
        throw serviceUnavailable(`no endpoints available for service "${request.name}"`);
      }
      if (resource === "pods" && !(object as Placed).spec?.nodeName) {
        throw badRequest(`pod ${name} does not have a host assigned`);
      }
      throw serviceUnavailable("the server does not reach nodes");
    },
  };
}

/** A service or node may be named as [scheme:]name[:port]. */
function targetName({ resource, name }: ApiRequest): string {
  if (resource === "pods") return name.split(":", 1)[0]!;
  const parts = name.split(":");
  if (parts.length === 1 || parts.length === 2) return parts[0]!;
  return parts[1]!;
}
