/** Endpoints as EndpointSlices. Source: pkg/controller/endpointslicemirroring, reconciler.go. */
import type { EndpointAddress, EndpointPort, Endpoints as EndpointsObject } from "../../api/core-types.ts";
import { formatIp, isIpv4, parseIp } from "../../api/ip.ts";
import { jsonEqual } from "../../api/json-equal.ts";
import type { KubeObject } from "../../api/object.ts";
import { controllerRefTo } from "../controllees/controller-ref.ts";
import { type Changes, reuseSlices } from "../endpoint-slice/fill-slices.ts";
import {
  type AddressType,
  type Draft,
  type Endpoint,
  type EndpointSlice,
  endpointsOf,
  isSameBeyondKey,
  keyOf,
  managedByLabel,
  namePrefix,
  portsInOrder,
  portsKey,
  type SlicePort,
  serviceNameLabel,
  slicePortsOf,
} from "../endpoint-slice/slices.ts";
import { repackSubsets } from "../endpoints/subsets.ts";
import { triggerTimeAnnotation } from "../endpoints/trigger-times.ts";

export type Endpoints = Omit<EndpointsObject, "metadata"> & KubeObject;

export const endpointsKind = { group: "", version: "v1", kind: "Endpoints" } as const;
export const mirroringManager = "endpointslicemirroring-controller.k8s.io";
/** Addresses of a subset, and endpoints of a slice. */
export const mostAddresses = 1000;
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

export interface Mirrored {
  changes: Changes;
  /** Addresses that are none. */
  invalid: number;
  /** Those among the left out, and those that were too many. */
  skipped: number;
}

/** What has to be written so that the slices show what the Endpoints do. */
export function mirror(endpoints: Endpoints, existing: readonly EndpointSlice[]): Mirrored {
  const { groups, invalid, skipped } = groupsOf(endpoints);
  const present = Map.groupBy(existing, (slice) => groupKey(slice.addressType, slicePortsOf(slice)));
  const changes: Changes = { create: [], update: [], remove: [] };
  for (const [key, { addressType, ports, wanted }] of groups) {
    const [first, ...others] = present.get(key) ?? [];
    present.delete(key);
    changes.remove.push(...others);
    if (wanted.size === 0) {
      if (first) changes.remove.push(first);
    } else if (!first || !isCurrent(first, endpoints, wanted)) {
      const draft = draftFor(endpoints, first, addressType, ports);
      draft.endpoints = [...wanted.values()].slice(0, mostAddresses);
      (first ? changes.update : changes.create).push(draft);
    }
  }
  changes.remove.push(...[...present.values()].flat());
  const reused = reuseSlices(changes, (slice, draft) => slice.addressType === draft.addressType);
  return { changes: reused, invalid, skipped };
}

interface Group {
  addressType: AddressType;
  ports: readonly SlicePort[];
  wanted: Map<string, Endpoint>;
}

function groupsOf({ subsets = [] }: Endpoints) {
  const groups = new Map<string, Group>();
  let [invalid, skipped] = [0, 0];
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of repackSubsets(subsets)) {
    const slicePorts = portsInOrder(ports.map(slicePortOf));
    for (const addressType of ["IPv4", "IPv6"] as const) {
      const key = groupKey(addressType, slicePorts);
      if (!groups.has(key)) groups.set(key, { addressType, ports: slicePorts, wanted: new Map() });
    }
    let added = 0;
    const all = [
      ...addresses.map((address) => ({ address, ready: true })),
      ...notReadyAddresses.map((address) => ({ address, ready: false })),
    ];
    for (const { address, ready } of all) {
      if (added >= mostAddresses) break;
      const found = endpointOf(address, ready);
      if (!found) {
        invalid++;
        continue;
      }
      added++;
      const { endpoint, addressType } = found;
      groups.get(groupKey(addressType, slicePorts))!.wanted.set(keyOf(endpoint), endpoint);
    }
    skipped += all.length - added;
  }
  return { groups, invalid, skipped };
}

const groupKey = (addressType: AddressType, ports: readonly SlicePort[]): string =>
  `${addressType} ${portsKey(ports)}`;

const slicePortOf = ({ name = "", ...port }: EndpointPort): SlicePort => ({ name, ...port });

function endpointOf({ ip, targetRef, nodeName, hostname }: EndpointAddress, ready: boolean) {
  const bytes = parseIp(ip)?.bytes;
  if (!bytes) return undefined;
  const endpoint: Endpoint = {
    addresses: [formatIp(bytes)],
    conditions: { ready },
    ...(targetRef ? { targetRef } : {}),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(hostname ? { hostname } : {}),
  };
  return { endpoint, addressType: isIpv4(bytes) ? ("IPv4" as const) : ("IPv6" as const) };
}

const mirroredAnnotations = ({ metadata }: Endpoints): Record<string, string> => {
  const { [triggerTimeAnnotation]: _, [lastApplied]: __, ...annotations } = metadata.annotations ?? {};
  return annotations;
};

function isCurrent(
  slice: EndpointSlice,
  endpoints: Endpoints,
  wanted: ReadonlyMap<string, Endpoint>,
): boolean {
  const present = endpointsOf(slice);
  const isSame = (endpoint: Endpoint) => {
    const next = wanted.get(keyOf(endpoint));
    return next !== undefined && isSameBeyondKey(next, endpoint);
  };
  const { [managedByLabel]: _, [serviceNameLabel]: __, ...labels } = slice.metadata.labels ?? {};
  const { name, uid } = endpoints.metadata;
  const isOfFormer = slice.metadata.ownerReferences?.some(
    (owner) => owner.kind === "Endpoints" && owner.name === name && owner.uid !== uid,
  );
  return (
    present.length === wanted.size &&
    present.every(isSame) &&
    jsonEqual(endpoints.metadata.labels ?? {}, labels) &&
    jsonEqual(mirroredAnnotations(endpoints), slice.metadata.annotations ?? {}) &&
    !isOfFormer
  );
}

function draftFor(
  endpoints: Endpoints,
  first: EndpointSlice | undefined,
  addressType: AddressType,
  ports: readonly SlicePort[],
): Draft {
  const { name = "", namespace, labels } = endpoints.metadata;
  const metadata = {
    labels: { ...labels, [serviceNameLabel]: name, [managedByLabel]: mirroringManager },
    annotations: mirroredAnnotations(endpoints),
    ownerReferences: [controllerRefTo(endpoints, endpointsKind)],
    ...(namespace === undefined ? {} : { namespace }),
    ...(first ? { name: first.metadata.name } : { generateName: namePrefix(name) }),
  };
  return { metadata, addressType, ports, endpoints: [] };
}
