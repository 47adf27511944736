import type { Service } from "../endpoints/service-pods.ts";
import type { Changes } from "./fill-slices.ts";
import { type Draft, draftOf, type Endpoint, type EndpointSlice, endpointsOf, isReady } from "./slices.ts";
import { withoutHints } from "./traffic-distribution.ts";
import {
  type Allocation,
  AllocationProblem,
  allocate,
  type Counts,
  count,
  exchange,
  isOverloaded,
  type Node,
  zoneRatios,
} from "./zone-allocation.ts";

const asking = ["service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode"];

/** Whether the Service asks by annotation that endpoints are hinted to zones; the older one decides. */
export function asksForTopology({ metadata: { annotations = {} } }: Service): boolean {
  const value = asking.map((name) => annotations[name]).find((one) => one !== undefined);
  return value === "Auto" || value === "auto";
}

export interface Hinted {
  changes: Changes;
  /** What users hear of it. */
  event?: { type: "Normal" | "Warning"; reason: string; message: string };
}

const disabled = (message: string): Hinted["event"] => ({
  ...{ type: "Warning", reason: "TopologyAwareHintsDisabled", message },
});

/**
 * Hints endpoints to zones so that each zone has as many as its share of the CPUs.
 * Source: k8s.io/endpointslice/topologycache.
 */
export class TopologyHints {
  #ratios: Counts | undefined;
  /** Of each Service how many endpoints each zone has, by address type. */
  readonly #hints = new Map<string, Map<string, Counts>>();
  /** Services whose users were told that they have hints. */
  readonly #told = new Set<string>();

  /** Tells which Services have too few endpoints in a zone now. */
  setNodes(nodes: Iterable<Node>): string[] {
    this.#ratios = zoneRatios(nodes);
    const isTooFew = (byType: ReadonlyMap<string, Counts>) =>
      [...byType.values()].some((counts) => isOverloaded(counts, this.#ratios));
    return [...this.#hints].filter(([, byType]) => isTooFew(byType)).map(([key]) => key);
  }

  /** Forgets a Service that does not ask; the event where it did. */
  remove(key: string, addressType: string): Hinted["event"] {
    const byType = this.#hints.get(key);
    byType?.delete(addressType);
    if (byType?.size === 0) this.#hints.delete(key);
    if (!this.#told.delete(key)) return undefined;
    return disabled(`Topology Aware Hints has been disabled, addressType: ${addressType}`);
  }

  add(key: string, addressType: string, changes: Changes, unchanged: readonly EndpointSlice[]): Hinted {
    try {
      return this.#allocate(key, addressType, changes, unchanged);
    } catch (error) {
      if (!(error instanceof AllocationProblem)) throw error;
      this.remove(key, addressType);
      const event = disabled(`${error.message}, addressType: ${addressType}`);
      return { changes: withoutHints(changes, unchanged), event };
    }
  }

  #allocate(key: string, addressType: string, changes: Changes, unchanged: readonly EndpointSlice[]): Hinted {
    const present = [...changes.create, ...changes.update].map(({ endpoints }) => endpoints);
    const all = [...present, ...unchanged.map(endpointsOf)].flat();
    const allocations = allocate(this.#ratios, all.filter(isReady).length);
    const hints: Counts = new Map();
    const update = [...changes.update];
    for (const slice of unchanged) {
      const its = validHints(slice, hints, allocations);
      if (its) for (const [zone, number] of its) count(hints, zone, number);
      else update.push(draftOf(slice));
    }
    const drafts = [...changes.create, ...update];
    for (const draft of drafts)
      draft.endpoints = draft.endpoints.map((endpoint) => inOwnZone(endpoint, hints));
    redistribute(drafts, exchange(allocations, hints), hints);
    const isNew = !this.#told.has(key);
    this.#told.add(key);
    const byType = this.#hints.get(key) ?? new Map<string, Counts>();
    this.#hints.set(key, byType.set(addressType, hints));
    const message = `Topology Aware Hints has been enabled, addressType: ${addressType}`;
    const event = { type: "Normal", reason: "TopologyAwareHintsEnabled", message } as const;
    return { changes: { ...changes, update }, ...(isNew ? { event } : {}) };
  }
}

/** The hints of a slice, where all of it may stay as it is. Source: getHintsByZone. */
function validHints(
  slice: EndpointSlice,
  taken: Counts,
  allocations: ReadonlyMap<string, Allocation>,
): Counts | undefined {
  const its: Counts = new Map();
  for (const { hints } of endpointsOf(slice).filter(isReady)) {
    if (!hints?.forZones?.length) return undefined;
    for (const { name } of hints.forZones) {
      if (!allocations.has(name)) return undefined;
      count(its, name, 1);
    }
  }
  const isTooMuch = ([zone, number]: [string, number]) =>
    number + (taken.get(zone) ?? 0) > allocations.get(zone)!.maximum;
  return [...its].some(isTooMuch) ? undefined : its;
}

function inOwnZone(endpoint: Endpoint, hints: Counts): Endpoint {
  const { zone } = endpoint;
  if (!isReady(endpoint)) return endpoint;
  if (!zone) throw new AllocationProblem("One or more endpoints do not have a zone specified");
  count(hints, zone, 1);
  return { ...endpoint, hints: { forZones: [{ name: zone }] } };
}

/** Hints endpoints of zones that have too many to zones that have too few. Source: redistributeHints. */
function redistribute(
  drafts: readonly Draft[],
  { gives, gets }: { gives: Counts; gets: Counts },
  hints: Counts,
): void {
  const give = (endpoint: Endpoint): Endpoint => {
    const { zone = "" } = endpoint;
    const [receiver] = [...gets].find(([, number]) => number > 0) ?? [];
    if (!isReady(endpoint) || receiver === undefined || !((gives.get(zone) ?? 0) > 0)) return endpoint;
    for (const counts of [gives, hints]) count(counts, zone, -1);
    count(gets, receiver, -1);
    count(hints, receiver, 1);
    return { ...endpoint, hints: { forZones: [{ name: receiver }] } };
  };
  for (const draft of drafts) draft.endpoints = draft.endpoints.map(give);
}
