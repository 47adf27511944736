/** Which pods stand behind a Service. Source: k8s.io/endpointslice, util/controller_utils.go and utils.go. */
import type { EndpointPort, Service as ServiceObject, ServicePort } from "../../api/core-types.ts";
import { formatIp, isIpv4, parseIp } from "../../api/ip.ts";
import { jsonEqual } from "../../api/json-equal.ts";
import type { KubeObject } from "../../api/object.ts";
import { isPodReady } from "../../api/pod-conditions.ts";
import type { ObjectIndex } from "../../client/informer.ts";
import { objectKey } from "../../client/known-objects.ts";
import { isPodTerminal, type Pod } from "../controllees/pod-facts.ts";

export type Service = Omit<ServiceObject, "metadata"> & KubeObject;

export const servicesResource = { group: "", version: "v1", resource: "services" } as const;

export type IpFamily = "IPv4" | "IPv6";

/** Whether controllers say where the Service leads; else somebody else does. */
export const hasManagedEndpoints = ({ spec }: Service): boolean =>
  spec?.type !== "ExternalName" && spec?.selector !== undefined;

/** A selector that is there but empty selects all pods. */
function selects({ spec }: Service, { metadata: { labels = {} } }: Pod): boolean {
  return (
    spec?.selector !== undefined &&
    Object.entries(spec.selector).every(([key, value]) => labels[key] === value)
  );
}

export const podsBehind = (service: Service, pods: ObjectIndex<Pod>): Pod[] =>
  [...pods.get(service.metadata.namespace ?? "")].filter((pod) => selects(service, pod));

/** Keys of the Services whose endpoints a change of a pod may change. Source: GetServicesToUpdate. */
export function servicesOfChange(
  now: Pod | undefined,
  before: Pod | undefined,
  services: ObjectIndex<Service>,
): string[] {
  const { namespace = "" } = (now ?? before)!.metadata;
  const mayConcern = (service: Service): boolean => {
    const is = now !== undefined && selects(service, now);
    const was = before !== undefined && selects(service, before);
    return now && before && !hasChanged(now, before)
      ? is !== was || (is && hasMoved(now, before))
      : is || was;
  };
  return [...services.get(namespace)].filter(mayConcern).map(objectKey);
}

function hasChanged(now: Pod, before: Pod): boolean {
  const addresses = ({ status }: Pod) => status?.podIPs?.map(({ ip }) => ip);
  return (
    now.metadata.deletionTimestamp !== before.metadata.deletionTimestamp ||
    isPodReady(now) !== isPodReady(before) ||
    isPodTerminal(now) !== isPodTerminal(before) ||
    !jsonEqual(addresses(now), addresses(before))
  );
}

const hasMoved = (now: Pod, before: Pod): boolean =>
  now.spec?.hostname !== before.spec?.hostname || now.spec?.subdomain !== before.spec?.subdomain;

export function shouldBeInEndpoints(pod: Pod, includeTerminating: boolean): boolean {
  if (isPodTerminal(pod)) return false;
  if (!pod.status?.podIP && !pod.status?.podIPs?.length) return false;
  return includeTerminating || pod.metadata.deletionTimestamp === undefined;
}

/** The pod's name within the Service's domain, where it asks for one. */
export function hostnameIn(
  { metadata }: Service,
  { spec, metadata: { namespace } }: Pod,
): string | undefined {
  const isOwn = spec?.subdomain === metadata.name && namespace === metadata.namespace;
  return spec?.hostname && isOwn ? spec.hostname : undefined;
}

/** The pod's addresses of a family, in their usual form. */
export function addressesOf({ status }: Pod, family: IpFamily): string[] {
  return (status?.podIPs ?? []).flatMap(({ ip = "" }) => {
    const bytes = parseIp(ip)?.bytes;
    return bytes && (isIpv4(bytes) ? "IPv4" : "IPv6") === family ? [formatIp(bytes)] : [];
  });
}

export const isHeadless = ({ spec }: Service): boolean => !spec?.clusterIP || spec.clusterIP === "None";

/** The ports that a pod offers of a Service; those that it does not know by name are left out. */
export function portsOf({ spec }: Service, pod: Pod): EndpointPort[] {
  return (spec?.ports ?? []).flatMap((servicePort): EndpointPort[] => {
    const { name, protocol, appProtocol } = servicePort;
    const port = portOf(pod, servicePort);
    if (port === undefined) return [];
    return [
      { ...(name ? { name } : {}), port, protocol, ...(appProtocol === undefined ? {} : { appProtocol }) },
    ];
  });
}

/** Source: FindPort. */
function portOf({ spec }: Pod, { targetPort, protocol }: ServicePort): number | undefined {
  if (typeof targetPort !== "string") return targetPort;
  const sidecars = spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === "Always") ?? [];
  for (const { ports = [] } of [...(spec?.containers ?? []), ...sidecars]) {
    const found = ports.find((port) => port.name === targetPort && port.protocol === protocol);
    if (found) return found.containerPort;
  }
  return undefined;
}
