/**
 * The one form in which equal endpoints are written: addresses that offer the same ports stand together.
 * Source: pkg/api/v1/endpoints/util.go and truncateEndpoints of pkg/controller/endpoint.
 */
import type { EndpointAddress, EndpointPort, EndpointSubset } from "../../api/core-types.ts";
import { fnv128a } from "../../api/fnv.ts";

interface Host {
  readonly address: EndpointAddress;
  readonly ready: boolean;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Addresses are the same by their IP and what they stand for. */
const hostKey = ({ ip, targetRef }: EndpointAddress): string => `${ip} ${targetRef?.uid ?? ""}`;

export function repackSubsets(subsets: readonly EndpointSubset[]): EndpointSubset[] {
  const addresses = new Map<string, EndpointAddress>();
  const hostsByPort = new Map<string, { port: EndpointPort | undefined; hosts: Map<string, boolean> }>();
  const add = (address: EndpointAddress, ready: boolean, port: EndpointPort | undefined): void => {
    const key = hostKey(address);
    if (!addresses.has(key)) addresses.set(key, address);
    const portKey = port ? portDump(port) : "";
    const entry = hostsByPort.get(portKey) ?? { port, hosts: new Map<string, boolean>() };
    hostsByPort.set(portKey, entry);
    // Not ready for once is not ready.
    entry.hosts.set(key, ready && entry.hosts.get(key) !== false);
  };
  for (const { addresses: ready = [], notReadyAddresses = [], ports = [] } of subsets) {
    for (const port of ports.length > 0 ? ports : [undefined]) {
      for (const address of ready) add(address, true, port);
      for (const address of notReadyAddresses) add(address, false, port);
    }
  }
  const groups = Map.groupBy(hostsByPort.values(), ({ hosts }) => JSON.stringify([...hosts].sort()));
  return inOrder(
    [...groups.values()].map((group) => {
      const hosts = Array.from(
        group[0]!.hosts,
        ([key, ready]): Host => ({ address: addresses.get(key)!, ready }),
      );
      const of = (ready: boolean) =>
        hosts.filter((host) => host.ready === ready).map(({ address }) => address);
      return subsetOf(
        of(true),
        of(false),
        group.flatMap(({ port }) => (port ? [port] : [])),
      );
    }),
  );
}

function subsetOf(
  addresses: EndpointAddress[],
  notReadyAddresses: EndpointAddress[],
  ports: EndpointPort[],
): EndpointSubset {
  return {
    ...(addresses.length > 0 ? { addresses } : {}),
    ...(notReadyAddresses.length > 0 ? { notReadyAddresses } : {}),
    ...(ports.length > 0 ? { ports } : {}),
  };
}

/** Addresses by IP, ports and subsets by the hash of how Go prints them: clients see this order. */
function inOrder(subsets: readonly EndpointSubset[]): EndpointSubset[] {
  const byAddress = (a: EndpointAddress, b: EndpointAddress) =>
    byText(a.ip, b.ip) || byText(a.targetRef?.uid ?? "", b.targetRef?.uid ?? "");
  const byHash = <T>(items: readonly T[], dump: (item: T) => string): T[] =>
    items
      .map((item) => ({ item, hash: fnv128a(Buffer.from(dump(item))) }))
      .sort((a, b) => byText(a.hash, b.hash))
      .map(({ item }) => item);
  const sorted = subsets.map(({ addresses = [], notReadyAddresses = [], ports = [] }) =>
    subsetOf(addresses.toSorted(byAddress), notReadyAddresses.toSorted(byAddress), byHash(ports, portDump)),
  );
  return byHash(sorted, subsetDump);
}

/** As k8s.io/utils/dump.ForHash prints it. */
const portDump = (port: EndpointPort): string => `(v1.EndpointPort)${portFields(port)}`;

const portFields = ({ name = "", port, protocol, appProtocol = "<nil>" }: EndpointPort): string =>
  `{Name:(string)${name} Port:(int32)${port} Protocol:(v1.Protocol)${protocol ?? ""} AppProtocol:(*string)${appProtocol}}`;

function addressFields({ ip, hostname = "", nodeName = "<nil>", targetRef }: EndpointAddress): string {
  const { kind = "", namespace = "", name = "", uid = "" } = targetRef ?? {};
  const { apiVersion = "", resourceVersion = "", fieldPath = "" } = targetRef ?? {};
  const target = targetRef
    ? `{Kind:(string)${kind} Namespace:(string)${namespace} Name:(string)${name} UID:(types.UID)${uid} APIVersion:(string)${apiVersion} ResourceVersion:(string)${resourceVersion} FieldPath:(string)${fieldPath}}`
    : "<nil>";
  return `{IP:(string)${ip} Hostname:(string)${hostname} NodeName:(*string)${nodeName} TargetRef:(*v1.ObjectReference)${target}}`;
}

function subsetDump({ addresses, notReadyAddresses, ports }: EndpointSubset): string {
  const list = <T>(items: readonly T[] | undefined, fields: (item: T) => string): string =>
    items ? `[${items.map(fields).join(" ")}]` : "<nil>";
  return `(v1.EndpointSubset){Addresses:([]v1.EndpointAddress)${list(addresses, addressFields)} NotReadyAddresses:([]v1.EndpointAddress)${list(notReadyAddresses, addressFields)} Ports:([]v1.EndpointPort)${list(ports, portFields)}}`;
}

const maxCapacity = 1000;

const countOf = (subsets: readonly EndpointSubset[], list: "addresses" | "notReadyAddresses"): number =>
  subsets.reduce((sum, subset) => sum + (subset[list]?.length ?? 0), 0);

export const isOverCapacity = (subsets: readonly EndpointSubset[]): boolean =>
  countOf(subsets, "addresses") + countOf(subsets, "notReadyAddresses") > maxCapacity;

/** As many addresses as may be, ready ones first, and of each subset its share. */
export function truncated(subsets: readonly EndpointSubset[]): EndpointSubset[] {
  const ready = countOf(subsets, "addresses");
  const list = ready > maxCapacity ? "addresses" : "notReadyAddresses";
  const room = list === "addresses" ? maxCapacity : maxCapacity - ready;
  const total = countOf(subsets, list);
  let left = room;
  return subsets.map((subset) => {
    const items = subset[list] ?? [];
    const kept = items.slice(0, Math.min(Math.ceil((items.length / total) * room), left));
    left -= kept.length;
    const { addresses = [], ports = [] } = subset;
    return list === "addresses" ? subsetOf(kept, [], ports) : subsetOf(addresses, kept, ports);
  });
}
