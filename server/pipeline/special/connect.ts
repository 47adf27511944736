import type { Pod } from "../../../api/core-types.ts";
import { parseIp } from "../../../api/ip.ts";
import type { KubeObject } from "../../../api/object.ts";
import { parsePodLogOptions } from "../../../api/pod-log-options.ts";
import { badRequest, notFound, StatusError, serviceUnavailable } from "../../../api/status.ts";
import { visitContainers } from "../../../api/validation/core/visit-containers.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import type { Registry } from "../../registry/registry.ts";
import type { Answer } from "../answer.ts";
import type { PipelineContext } from "../call.ts";
import type { SpecialHandlers } from "../endpoint.ts";
import type { ApiRequest } from "../request.ts";

/**
 * Connections to pods, services and nodes, as far as a server answers them that reaches no node: what is asked for must
 * exist and be somewhere. Source: pkg/registry/core/{pod,service,node}/rest and pkg/kubelet/client.
 */
export function connections(registry: Registry, { gates }: PipelineContext): SpecialHandlers {
  const connector = new Connector(registry);
  return {
    async connect(request) {
      const { resource, subresource, name, query } = request;
      if (subresource === "proxy") return connector.proxy(request);
      if (resource !== "pods") throw serviceUnavailable("the server does not reach nodes");
      if (subresource !== "log") return connector.stream(request, query.get("container") ?? "");
      return connector.log(request, parsePodLogOptions(query, name, gates).container);
    },
  };
}

class Connector {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** The log of a pod that is nowhere yet is empty. */
  async log(request: ApiRequest, container: string): Promise<Answer> {
    const pod = (await this.#find(request, "pods", request.name)) as Pod & KubeObject;
    checkContainer(pod, container);
    if (!pod.spec?.nodeName) return { kind: "empty" };
    return this.#reachNode(request, pod.spec.nodeName);
  }

  async stream(request: ApiRequest, container: string): Promise<never> {
    const { name, subresource } = request;
    const pod = (await this.#find(request, "pods", name)) as Pod & KubeObject;
    if (subresource !== "portforward") checkContainer(pod, container);
    if (!pod.spec?.nodeName) throw badRequest(`pod ${name} does not have a host assigned`);
    return this.#reachNode(request, pod.spec.nodeName);
  }

  async proxy(request: ApiRequest): Promise<never> {
    const { resource } = request;
    const name = targetName(request);
    if (resource === "nodes") return this.#reachNode(request, name);
    const found = await this.#find(request, resource, name);
    if (resource === "services") {
      throw serviceUnavailable(`no endpoints available for service "${request.name}"`);
    }
    const { podIP = "" } = (found as Pod).status ?? {};
    if (!parseIp(podIP)) throw badRequest("address not allowed");
    throw serviceUnavailable("the server does not reach pods");
  }

  async #find(request: ApiRequest, resource: string, name: string): Promise<KubeObject> {
    const found = this.#registry.get("", resource);
    if (!found) throw notFound({ group: "", resource }, name);
    const { store, type } = found;
    return store.objectOf(await store.get(type.namespaced ? request.namespace : "", name));
  }

  /** A node that is missing is told as if it were what the request is for. */
  async #reachNode(request: ApiRequest, name: string): Promise<never> {
    const node = await this.#find(request, "nodes", name).catch((error: unknown) => {
      if (error instanceof StatusError && error.code === 404)
        throw notFound({ group: "", resource: request.resource }, name);
      throw error;
    });
    const { addresses = [] } = (node as { status?: { addresses?: unknown[] } }).status ?? {};
    if (addresses.length === 0) {
      throw new StatusError(500, "", "no preferred addresses found; known addresses: []");
    }
    throw serviceUnavailable("the server does not reach nodes");
  }
}

/** validateContainer of pkg/registry/core/pod/strategy.go. */
function checkContainer({ metadata, spec }: Pod, container: string): void {
  const names: string[] = [];
  if (spec) visitContainers(spec, FieldPath.of("spec"), ({ name }) => names.push(name));
  const pod = metadata?.name ?? "";
  if (container === "" && (spec?.containers.length ?? 0) > 1) {
    throw badRequest(
      `a container name must be specified for pod ${pod}, choose one of: [${names.join(" ")}]`,
    );
  }
  if (container !== "" && !names.includes(container)) {
    throw badRequest(`container ${container} is not valid for pod ${pod}`);
  }
}

const kinds: Readonly<Record<string, string>> = { pods: "pod", services: "service", nodes: "node" };

/** Of name, name:port or scheme:name:port. Source: SplitSchemeNamePort. */
function targetName({ resource, name }: ApiRequest): string {
  const parts = name.split(":");
  const [scheme, target] = parts.length === 3 ? [parts[0], parts[1]] : ["", parts[0]];
  if (parts.length > 3 || !target || !["", "http", "https"].includes(scheme ?? "")) {
    throw badRequest(`invalid ${kinds[resource]} request "${name}"`);
  }
  return target;
}
