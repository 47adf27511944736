/** EndpointSlices as controllers make them. Source: k8s.io/endpointslice, utils.go and util/. */
import { fnv128a } from "../../api/fnv.ts";
import { jsonEqual } from "../../api/json-equal.ts";
import type { KubeObject } from "../../api/object.ts";
import type { Schemas } from "../../api/types.ts";

export type Endpoint = Schemas["io.k8s.api.discovery.v1.Endpoint"];
export type SlicePort = Schemas["io.k8s.api.discovery.v1.EndpointPort"];
export type EndpointSlice = Omit<Schemas["io.k8s.api.discovery.v1.EndpointSlice"], "metadata"> & KubeObject;
export type AddressType = EndpointSlice["addressType"];

export const slicesResource = {
  group: "discovery.k8s.io",
  version: "v1",
  resource: "endpointslices",
} as const;
export const sliceKind = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" } as const;

export const serviceNameLabel = "kubernetes.io/service-name";
export const managedByLabel = "endpointslice.kubernetes.io/managed-by";
export const headlessLabel = "service.kubernetes.io/headless";

/** A slice that is to be written: without a name a new one. */
export interface Draft {
  metadata: KubeObject["metadata"];
  readonly addressType: AddressType;
  readonly ports: readonly SlicePort[];
  endpoints: Endpoint[];
}

/** The API has null for no endpoints and no ports. */
export const endpointsOf = ({ endpoints }: EndpointSlice): readonly Endpoint[] => endpoints ?? [];
export const slicePortsOf = ({ ports }: EndpointSlice): readonly SlicePort[] => ports ?? [];

export const draftOf = (slice: EndpointSlice): Draft => ({
  ...{ metadata: slice.metadata, addressType: slice.addressType, ports: slicePortsOf(slice) },
  endpoints: [...endpointsOf(slice)],
});

export const sliceOf = ({ metadata, addressType, ports, endpoints }: Draft): EndpointSlice => ({
  ...sliceKind,
  ...{ metadata, addressType, ports: [...ports], endpoints },
});

/** The prefix of generated names: with a dash where there is room for it. */
export const namePrefix = (name: string): string => (name.length < 253 ? `${name}-` : name);

/** In the order of the hash of how Go prints them: clients see it. */
export function portsInOrder(ports: readonly SlicePort[]): SlicePort[] {
  const shown = (value: unknown) => (value === undefined ? "<nil>" : String(value));
  const hashOf = ({ name, protocol, port, appProtocol }: SlicePort): string =>
    fnv128a(
      Buffer.from(
        `(v1.EndpointPort){Name:(*string)${shown(name)} Protocol:(*v1.Protocol)${shown(protocol)} Port:(*int32)${shown(port)} AppProtocol:(*string)${shown(appProtocol)}}`,
      ),
    );
  return ports
    .map((port) => ({ port, hash: hashOf(port) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1))
    .map(({ port }) => port);
}

/** Equal for equal ports. */
export const portsKey = (ports: readonly SlicePort[]): string =>
  JSON.stringify(
    portsInOrder(ports).map(({ name, protocol, port, appProtocol }) => [name, protocol, port, appProtocol]),
  );

/** Endpoints by what makes them the same: the rest of them may change in place. */
export class EndpointSet {
  readonly #endpoints = new Map<string, Endpoint>();

  get size(): number {
    return this.#endpoints.size;
  }

  add(endpoint: Endpoint): void {
    this.#endpoints.set(keyOf(endpoint), endpoint);
  }

  /** Takes out what is wanted for the place of this one. */
  take(endpoint: Endpoint): Endpoint | undefined {
    const key = keyOf(endpoint);
    const found = this.#endpoints.get(key);
    this.#endpoints.delete(key);
    return found;
  }

  /** Takes out any so many. */
  takeSome(count: number): Endpoint[] {
    const taken = [...this.#endpoints].slice(0, Math.max(count, 0));
    for (const [key] of taken) this.#endpoints.delete(key);
    return taken.map(([, endpoint]) => endpoint);
  }
}

export const keyOf = ({ addresses, hostname = "", targetRef }: Endpoint): string =>
  JSON.stringify([addresses.toSorted(), hostname, targetRef?.namespace ?? "", targetRef?.name ?? ""]);

/** Source: EndpointsEqualBeyondHash. */
export function isSameBeyondKey(a: Endpoint, b: Endpoint): boolean {
  const rest = ({ nodeName, zone, conditions, targetRef }: Endpoint) => {
    const { resourceVersion: _, ...target } = targetRef ?? {};
    const { ready, serving, terminating } = conditions ?? {};
    return { nodeName, zone, conditions: { ready, serving, terminating }, target };
  };
  return jsonEqual(rest(a), rest(b));
}

export const isReady = ({ conditions }: Endpoint): boolean => conditions?.ready === true;
