/**
 * Whether what an APIService stands for can be reached.
 * Source: k8s.io/kube-aggregator/pkg/controllers/status/{local,remote}.
 */
import type { ApiServiceCondition, ApiServiceObject } from "../../api/api-services.ts";
import { goQuote } from "../../api/go-format.ts";
import type { ObjectOf } from "../../api/object-of.ts";

export type Service = ObjectOf<"io.k8s.api.core.v1.Service">;
export type EndpointSlice = ObjectOf<"io.k8s.api.discovery.v1.EndpointSlice">;

/** Finds what an APIService leads to. */
export interface Backends {
  service(namespace: string, name: string): Promise<Service | undefined>;
  endpointSlices(namespace: string, service: string): Promise<readonly EndpointSlice[]>;
}

type Availability = Pick<ApiServiceCondition, "status" | "reason" | "message">;

/** The object with its condition; undefined: it says so already. */
export async function judgeAvailability(
  object: ApiServiceObject,
  backends: Backends,
  now: string,
): Promise<ApiServiceObject | undefined> {
  const availability = object.spec.service ? await remoteAvailability(object, backends) : local;
  const conditions = object.status?.conditions ?? [];
  const old = conditions.find(({ type }) => type === "Available");
  const isSaid =
    old?.status === availability.status &&
    old.reason === availability.reason &&
    old.message === availability.message;
  if (isSaid) return undefined;
  const lastTransitionTime =
    old?.lastTransitionTime && old.status === availability.status ? old.lastTransitionTime : now;
  const condition = { ...old, type: "Available", ...availability, lastTransitionTime };
  const next = old ? conditions.map((one) => (one === old ? condition : one)) : [...conditions, condition];
  return { ...object, status: { ...object.status, conditions: next } };
}

const local: Availability = {
  status: "True",
  reason: "Local",
  message: "Local APIServices are always available",
};

const unavailable = (reason: string, message: string): Availability => ({ status: "False", reason, message });

async function remoteAvailability(object: ApiServiceObject, backends: Backends): Promise<Availability> {
  const { namespace = "", name = "", port = 0 } = object.spec.service ?? {};
  const place = `service/${name} in ${goQuote(namespace)}`;
  const service = await backends.service(namespace, name);
  if (!service) return unavailable("ServiceNotFound", `${place} is not present`);
  if (service.spec?.type === "ClusterIP") {
    const found = service.spec.ports?.find((one) => one.port === port);
    if (!found) return unavailable("ServicePortError", `${place} is not listening on port ${port}`);
    const slices = await backends.endpointSlices(namespace, name);
    if (slices.length === 0) {
      return unavailable("EndpointsNotFound", `cannot find endpointslices for ${place}`);
    }
    const portName = found.name ?? "";
    if (!slices.some((slice) => isReady(slice, portName))) {
      const message = `endpointslices for ${place} have no addresses with port name ${goQuote(portName)}`;
      return unavailable("MissingEndpoints", message);
    }
  }
  return unavailable("FailedDiscoveryCheck", discoveryProblem(object, service));
}

function isReady({ endpoints, ports }: EndpointSlice, portName: string): boolean {
  const hasEndpoint = endpoints?.some(({ conditions }) => conditions?.ready ?? true) ?? false;
  return hasEndpoint && (ports?.some(({ name, port }) => name === portName && port !== undefined) ?? false);
}

/** Nothing leads to the addresses of Services: what Go says where there is no route. */
function discoveryProblem({ metadata, spec }: ApiServiceObject, service: Service): string {
  const { type, clusterIP = "", externalName = "", ports } = service.spec ?? {};
  const { port = 0 } = spec.service ?? {};
  if (type === "ClusterIP" && clusterIP === "None") return 'cannot route to service with ClusterIP "None"';
  if (type !== "ExternalName" && !ports?.some((one) => one.port === port)) {
    return `no service port ${port} found for service ${goQuote(service.metadata.name ?? "")}`;
  }
  const name = type === "ExternalName" ? externalName : clusterIP;
  const host = `${name.includes(":") ? `[${name}]` : name}:${port}`;
  const path = metadata.name === "v1." ? `/api/${spec.version}` : `/apis/${spec.group}/${spec.version}`;
  const url = `https://${host}${path}`;
  return `failing or missing response from ${url}: Get ${goQuote(url)}: dial tcp ${host}: connect: network is unreachable`;
}
