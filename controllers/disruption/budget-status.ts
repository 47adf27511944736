/** What a budget allows. Source: pkg/controller/disruption/disruption.go. */
import {
  type DisruptionBudget,
  type DisruptionBudgetStatus,
  disruptionCondition,
  expectedCondition,
  withDisruptionCondition,
} from "../../api/disruption-budget.ts";
import { scaledIntOrPercent } from "../../api/int-or-string.ts";
import { jsonEqual } from "../../api/json-equal.ts";
import { isPodReady } from "../../api/pod-conditions.ts";
import type { Pod } from "../controllees/pod-facts.ts";

/** How long a pod that was evicted may stay without being deleted, in milliseconds. */
export const deletionTimeout = 120_000;

export interface Expected {
  /** How many pods there should be. */
  count: number;
  /** How many of them must be healthy. */
  healthy: number;
}

/** @param scale how many pods their controllers want; asked for only where the budget is relative to it */
export async function expectedPods(
  { spec }: DisruptionBudget,
  pods: readonly Pod[],
  scale: () => Promise<number>,
): Promise<Expected> {
  const { maxUnavailable, minAvailable } = spec ?? {};
  if (maxUnavailable !== undefined) {
    const count = await scale();
    return { count, healthy: Math.max(count - scaledIntOrPercent(maxUnavailable, count, true), 0) };
  }
  if (minAvailable === undefined) return { count: 0, healthy: 0 };
  if (typeof minAvailable === "number") return { count: pods.length, healthy: minAvailable };
  const count = await scale();
  return { count, healthy: scaledIntOrPercent(minAvailable, count, true) };
}

export interface Disrupted {
  /** When each pod that is about to be deleted was evicted. */
  pods: Record<string, string>;
  /** Those of which that was expected in vain. */
  undeleted: Pod[];
  /** Milliseconds until the next of them is expected in vain. */
  recheckAfter: number | undefined;
}

export function disruptedPods({ status }: DisruptionBudget, pods: readonly Pod[], now: number): Disrupted {
  const result: Disrupted = { pods: {}, undeleted: [], recheckAfter: undefined };
  for (const pod of pods) {
    const { name = "", deletionTimestamp } = pod.metadata;
    const time = status?.disruptedPods?.[name];
    if (time === undefined || deletionTimestamp !== undefined) continue;
    const left = Date.parse(time) + deletionTimeout - now;
    if (left < 0) result.undeleted.push(pod);
    else {
      result.pods[name] = time;
      result.recheckAfter = Math.min(left, result.recheckAfter ?? left);
    }
  }
  return result;
}

export const countHealthy = (pods: readonly Pod[], disrupted: Readonly<Record<string, string>>): number =>
  pods.filter(
    (pod) =>
      pod.metadata.deletionTimestamp === undefined &&
      disrupted[pod.metadata.name ?? ""] === undefined &&
      isPodReady(pod),
  ).length;

/** undefined: it says so already. */
export function nextStatus(
  { metadata: { generation = 0 }, status }: DisruptionBudget,
  expected: Expected,
  currentHealthy: number,
  disrupted: Record<string, string>,
  now: string,
): DisruptionBudgetStatus | undefined {
  const spare = currentHealthy - expected.healthy;
  const counts = {
    currentHealthy,
    desiredHealthy: expected.healthy,
    expectedPods: expected.count,
    // With no pod expected yet, none may go: the first ones are not known yet.
    disruptionsAllowed: expected.count > 0 && spare > 0 ? spare : 0,
    observedGeneration: generation,
    disruptedPods: disrupted,
  };
  if (status && isCurrent(status, counts)) return undefined;
  const conditions = status?.conditions;
  return withDisruptionCondition({ ...counts, ...(conditions ? { conditions } : {}) }, now);
}

function isCurrent(status: DisruptionBudgetStatus, wanted: DisruptionBudgetStatus): boolean {
  const { conditions: _, disruptedPods = {}, observedGeneration = 0, ...counts } = status;
  const condition = disruptionCondition(status);
  const { status: is, reason } = expectedCondition(status);
  return (
    jsonEqual({ ...counts, disruptedPods, observedGeneration }, wanted) &&
    condition?.status === is &&
    condition.reason === reason
  );
}

/** Nothing may go while nobody knows how it is. */
export const failedStatus = (
  { status }: DisruptionBudget,
  message: string,
  now: string,
): DisruptionBudgetStatus => {
  const none = { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  const its = { status: "False", reason: "SyncFailed", message } as const;
  return withDisruptionCondition({ ...none, ...status, disruptionsAllowed: 0 }, now, its);
};
