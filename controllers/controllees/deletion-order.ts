/** Which pods go first. Source: ActivePodsWithRanks of pkg/controller/controller_utils.go. */
import { isRestartableInitContainer } from "../../api/core-types.ts";
import type { FeatureGates } from "../../api/feature-gates.ts";
import { type Pod, readySince } from "./pod-facts.ts";

const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const costAnnotation = "controller.kubernetes.io/pod-deletion-cost";
const nanoseconds = 1_000_000;

export interface DeletionOrder {
  gates: Pick<FeatureGates, "enabled">;
  /** Milliseconds of the epoch. */
  now: number;
  /** How many pods of the same sort run where a pod does. */
  rank(pod: Pod): number;
}

/** A copy with those first that are to be deleted first. */
export function inDeletionOrder(pods: readonly Pod[], order: DeletionOrder): Pod[] {
  return pods.toSorted((a, b) => compare(a, b, order));
}

/** The same by nothing but the pods' own state. Source: ActivePods. */
export const byState = (pods: readonly Pod[]): Pod[] =>
  inDeletionOrder(pods, { gates: { enabled: () => false }, now: 0, rank: () => 0 });

function compare(a: Pod, b: Pod, { gates, now, rank }: DeletionOrder): number {
  const hasCost = gates.enabled("PodDeletionCost");
  const time = (first: number, second: number) =>
    gates.enabled("LogarithmicScaleDown") && first > 0 && second > 0
      ? magnitude(now - first) - magnitude(now - second) || (uidOf(a) < uidOf(b) ? -1 : 1)
      : youngerFirst(first, second);
  const readyA = readySince(a);
  const readyB = readySince(b);
  const created = [createdAt(a), createdAt(b)] as const;
  return (
    Number(!!a.spec?.nodeName) - Number(!!b.spec?.nodeName) ||
    (phases[a.status?.phase ?? ""] ?? 0) - (phases[b.status?.phase ?? ""] ?? 0) ||
    Number(readyA !== undefined) - Number(readyB !== undefined) ||
    (hasCost ? costOf(a) - costOf(b) : 0) ||
    rank(b) - rank(a) ||
    (readyA !== undefined && readyB !== undefined && readyA !== readyB ? time(readyA, readyB) : 0) ||
    moreRestartsFirst(a, b) ||
    (created[0] !== created[1] ? time(...created) : 0)
  );
}

/** Times that nobody knows come first. */
const youngerFirst = (a: number, b: number): number =>
  a === 0 || b === 0 ? Number(b === 0) - Number(a === 0) : b - a;

/** Ages count by their powers of two only, so that chance decides between pods of about the same age. */
const magnitude = (age: number): number => (age > 0 ? Math.trunc(Math.log2(age * nanoseconds)) : -1);

const uidOf = ({ metadata }: Pod): string => metadata.uid ?? "";
const createdAt = ({ metadata }: Pod): number =>
  metadata.creationTimestamp ? Date.parse(metadata.creationTimestamp) : 0;

/** GetDeletionCostFromPodAnnotations: an int32 as Go writes one, else 0. */
function costOf({ metadata }: Pod): number {
  const text = metadata.annotations?.[costAnnotation] ?? "";
  const cost = /^(0|[1-9]\d*|-\d+)$/.test(text) ? Number(text) : 0;
  return cost >= -(2 ** 31) && cost < 2 ** 31 ? cost : 0;
}

function moreRestartsFirst(a: Pod, b: Pod): number {
  const [regularA, sidecarsA] = restartsOf(a);
  const [regularB, sidecarsB] = restartsOf(b);
  return regularB - regularA || sidecarsB - sidecarsA;
}

/** The most restarts of a container, and of a sidecar. */
function restartsOf({ spec, status }: Pod): readonly [number, number] {
  const sidecars = new Set(spec?.initContainers?.filter(isRestartableInitContainer).map(({ name }) => name));
  const most = (counts: readonly number[] = []) => Math.max(0, ...counts);
  return [
    most(status?.containerStatuses?.map(({ restartCount }) => restartCount)),
    most(
      status?.initContainerStatuses
        ?.filter(({ name }) => sidecars.has(name))
        .map(({ restartCount }) => restartCount),
    ),
  ];
}
