/**
 * Connections to pods, services and nodes, as far as a server answers them that reaches no node: the request must make
 * sense, and what it asks for exist and be somewhere. Sources: pkg/registry/core/{pod,service,node}.
 */
import { allContainers, type Pod } from "../../../api/core-types.ts";
import type { FeatureGates } from "../../../api/feature-gates.ts";
import { goQuote } from "../../../api/go-format.ts";
import { parsePodLogOptions } from "../../../api/pod-log-options.ts";
import { badRequest, forbidden, notFound, StatusError, serviceUnavailable } from "../../../api/status.ts";
import type { Schemas } from "../../../api/types.ts";
import { isGlobalUnicast } from "../../../api/validation/core/endpoint-ip.ts";
import type { Authorizer } from "../../auth/authorizer.ts";
import { resourceAttributes } from "../../auth/resource-attributes.ts";
import type { Registry } from "../../registry/registry.ts";
import type { Answer } from "../answer.ts";
import type { SpecialHandlers } from "../endpoint.ts";
import type { ApiRequest } from "../request.ts";

type Node = Schemas["io.k8s.api.core.v1.Node"];
type Service = Schemas["io.k8s.api.core.v1.Service"];
type Endpoints = Schemas["io.k8s.api.core.v1.Endpoints"];

/** Answers a connection, or says why there is none. */
export type Connect = (registry: Registry, request: ApiRequest, gates: FeatureGates) => Promise<Answer>;

export function connections(registry: Registry, gates: FeatureGates, connect: Connect): SpecialHandlers {
  return { connect: (request) => connect(registry, request, gates) };
}

/** Streams open by GET, too, as WebSockets do; that needs the right to create them. Source: pod/rest/authorize.go. */
export function needingCreate(authorizer: Authorizer, connect: Connect): Connect {
  return async (registry, request, gates) => {
    if (request.verb !== "create" && gates.enabled("AuthorizePodWebsocketUpgradeCreatePermission")) {
      const { allowed, reason = "" } = await authorizer.authorize(
        resourceAttributes(request.user, { ...request, verb: "create" }, undefined),
      );
      if (!allowed) throw forbidden(request, request.name, reason);
    }
    return connect(registry, request, gates);
  };
}

/** A pod that is nowhere yet has said nothing. */
export const podLog: Connect = async (registry, request, gates) => {
  const { name, query } = request;
  const { container } = parsePodLogOptions(query, name, gates);
  const pod = await find<Pod>(registry, request, "pods", name);
  checkContainer(pod, container);
  const nodeName = pod.spec?.nodeName;
  return nodeName ? reachNode(registry, request, nodeName) : { kind: "empty" };
};

/** exec and attach. */
export const containerStream: Connect = async (registry, request) => {
  const pod = await find<Pod>(registry, request, "pods", request.name);
  checkContainer(pod, request.query.get("container") ?? "");
  return reachNode(registry, request, requireHost(pod));
};

export const portForward: Connect = async (registry, request) => {
  request.query.getAll("ports").flatMap((ports) => ports.split(",").map(checkPort));
  const pod = await find<Pod>(registry, request, "pods", request.name);
  return reachNode(registry, request, requireHost(pod));
};

export const podProxy: Connect = async (registry, request) => {
  const { name } = targetOf(request, "pod");
  const pod = await find<Pod>(registry, request, "pods", name);
  if (!isGlobalUnicast(pod.status?.podIPs?.[0]?.ip ?? "")) throw badRequest("address not allowed");
  throw unreachable();
};

export const serviceProxy: Connect = async (registry, request) => {
  const { name, port } = targetOf(request, "service");
  if (/^[+-]?\d+$/.test(port)) {
    const service = await find<Service>(registry, request, "services", name);
    if (!service.spec?.ports?.some((one) => one.port === Number(port))) {
      throw serviceUnavailable(`no service port ${Number(port)} found for service ${goQuote(name)}`);
    }
  }
  const { subsets } = await find<Endpoints>(registry, request, "endpoints", name);
  const shown = subsets?.length ? request.name : name;
  throw serviceUnavailable(`no endpoints available for service ${goQuote(shown)}`);
};

export const nodeProxy: Connect = async (registry, request) => {
  const { name } = targetOf(request, "node");
  return reachNode(registry, request, name);
};

/** Whatever is missing, the answer names the resource of the request. */
async function find<T>(
  registry: Registry,
  { group, resource, namespace }: ApiRequest,
  what: string,
  name: string,
): Promise<T> {
  const found = registry.get("", what);
  const entry = await found?.storage.get(found.store.key(namespace, name));
  if (!found || !entry) throw notFound({ group, resource }, name);
  return found.store.objectOf(entry) as T;
}

/** [[scheme:]name[:port]], where a scheme needs both colons. Source: SplitSchemeNamePort. */
function targetOf({ name: id }: ApiRequest, what: string): { name: string; port: string } {
  const parts = id.split(":");
  const [scheme, name = "", port = ""] = parts.length === 3 ? parts : ["", ...parts];
  if (parts.length > 3 || name === "" || !["", "http", "https"].includes(scheme ?? "")) {
    throw badRequest(`invalid ${what} request ${goQuote(id)}`);
  }
  return { name, port };
}

function checkContainer({ metadata, spec }: Pod, container: string): void {
  const names = [...allContainers(spec ?? { containers: [] })].map(({ name }) => name);
  const pod = metadata?.name;
  if (container !== "") {
    if (!names.includes(container)) throw badRequest(`container ${container} is not valid for pod ${pod}`);
  } else if (spec?.containers.length !== 1) {
    throw badRequest(
      `a container name must be specified for pod ${pod}, choose one of: [${names.join(" ")}]`,
    );
  }
}

function checkPort(text: string): void {
  const problem = !/^\d+$/.test(text)
    ? "invalid syntax"
    : Number(text) > 0xffff
      ? "value out of range"
      : undefined;
  if (!problem) return;
  throw badRequest(`cannot convert to []int32: strconv.ParseUint: parsing ${goQuote(text)}: ${problem}`);
}

function requireHost({ metadata, spec }: Pod): string {
  if (spec?.nodeName) return spec.nodeName;
  throw badRequest(`pod ${metadata?.name} does not have a host assigned`);
}

/** Types of addresses at which a kubelet is looked for. */
const addressTypes: readonly string[] = [
  "Hostname",
  "InternalDNS",
  "InternalIP",
  "ExternalDNS",
  "ExternalIP",
];

async function reachNode(registry: Registry, request: ApiRequest, name: string): Promise<never> {
  const { status } = await find<Node>(registry, request, "nodes", name);
  const addresses = status?.addresses ?? [];
  if (addresses.some(({ type }) => addressTypes.includes(type))) throw unreachable();
  const known = addresses.map(({ type, address }) => `{${type} ${address}}`).join(" ");
  throw new StatusError(500, "", `no preferred addresses found; known addresses: [${known}]`);
}

const unreachable = (): StatusError => serviceUnavailable("the server does not reach nodes");
