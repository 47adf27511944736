/** How many endpoints each zone should have, by its share of the CPUs. Source: k8s.io/endpointslice/topologycache. */
import type { KubeObject } from "../../api/object.ts";
import { Quantity } from "../../api/quantity.ts";

/** How much more than its share an endpoint may have to bear. */
const overloadThreshold = 0.2;
const zoneLabel = "topology.kubernetes.io/zone";
const excludedLabels = ["node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"];

export type Counts = Map<string, number>;

export interface Node extends KubeObject {
  status?: { allocatable?: Record<string, string>; conditions?: readonly { type: string; status: string }[] };
}

export const isNodeReady = ({ status }: Node): boolean =>
  status?.conditions?.find(({ type }) => type === "Ready")?.status === "True";

export const zoneOf = ({ metadata }: KubeObject): string => metadata.labels?.[zoneLabel] ?? "";

/** The share of each zone; undefined where a node does not tell, or there are not two zones. */
export function zoneRatios(nodes: Iterable<Node>): Counts | undefined {
  const cpus: Counts = new Map();
  for (const node of nodes) {
    const { labels = {} } = node.metadata;
    if (excludedLabels.some((label) => labels[label] !== undefined) || !isNodeReady(node)) continue;
    const zone = zoneOf(node);
    const cpu = Number(Quantity.parse(node.status?.allocatable?.["cpu"] ?? "0").milliValue());
    if (zone === "" || cpu === 0) return undefined;
    cpus.set(zone, (cpus.get(zone) ?? 0) + cpu);
  }
  if (cpus.size < 2) return undefined;
  const total = sum(cpus.values());
  return new Map([...cpus].map(([zone, cpu]) => [zone, cpu / total]));
}

export const sum = (numbers: Iterable<number>): number => [...numbers].reduce((all, one) => all + one, 0);

export interface Allocation {
  maximum: number;
  desired: number;
}

/** What keeps zones from getting their share. */
export class AllocationProblem extends Error {
  override readonly name = "AllocationProblem";
}

/** @throws AllocationProblem */
export function allocate(ratios: Counts | undefined, endpoints: number): Map<string, Allocation> {
  if (!ratios) {
    throw new AllocationProblem(
      "Insufficient Node information: allocatable CPU or zone not specified on one or more nodes",
    );
  }
  const amounts = `(${endpoints} endpoints, ${ratios.size} zones)`;
  if (ratios.size > endpoints) throw new AllocationProblem(`Insufficient number of endpoints ${amounts}`);
  const minima = new Map([...ratios].map(([zone, ratio]) => [zone, leastOf(ratio * endpoints)]));
  const spare = endpoints - sum(minima.values());
  if (spare < 0) {
    const problem =
      "Unable to allocate minimum required endpoints to each zone without exceeding overload threshold";
    throw new AllocationProblem(`${problem} ${amounts}`);
  }
  return new Map(
    [...minima].map(([zone, minimum]) => [
      zone,
      { maximum: minimum + spare, desired: Math.max(ratios.get(zone)! * endpoints, minimum) },
    ]),
  );
}

const leastOf = (desired: number): number => Math.ceil(desired * (1 / (1 + overloadThreshold)));

/** Whether some zone has too few endpoints for its share. Source: serviceOverloaded. */
export function isOverloaded(hints: Counts, ratios: Counts | undefined): boolean {
  if (hints.size === 0) return false;
  if (!ratios) return true;
  const total = sum(hints.values());
  return [...ratios].some(([zone, ratio]) => {
    const has = hints.get(zone);
    return has === undefined || has < leastOf(total * ratio);
  });
}

/** How many endpoints zones have to give, and how many to get. Source: getGivingAndReceivingZones. */
export function exchange(
  allocations: ReadonlyMap<string, Allocation>,
  hints: Counts,
): { gives: Counts; gets: Counts } {
  const [over, under]: [Counts, Counts] = [new Map(), new Map()];
  for (const [zone, { desired }] of allocations) {
    const difference = (hints.get(zone) ?? 0) - desired;
    if (difference > 0) over.set(zone, difference);
    else if (difference < 0) under.set(zone, -difference);
  }
  const [gives, gets]: [Counts, Counts] = [new Map(), new Map()];
  for (;;) {
    const [giver, receiver] = [most(over), most(under)];
    if (!giver || !receiver) break;
    const [least, greatest] = [Math.min(giver.count, receiver.count), Math.max(giver.count, receiver.count)];
    if (greatest < 1 || least < 0.5) break;
    count(gives, giver.zone, 1);
    count(gets, receiver.zone, 1);
    count(over, giver.zone, -1);
    count(under, receiver.zone, -1);
  }
  return { gives, gets };
}

function most(zones: Counts): { zone: string; count: number } | undefined {
  let found: { zone: string; count: number } | undefined;
  for (const [zone, count] of zones) if (count > (found?.count ?? 0)) found = { zone, count };
  return found;
}

export function count(counts: Counts, zone: string, more: number): void {
  counts.set(zone, (counts.get(zone) ?? 0) + more);
}
