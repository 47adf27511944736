/** How long a Job waits before it replaces failed pods. Source: pkg/controller/job/backoff_utils.go. */
import { type ContainerStatus, isRestartableInitContainer } from "../../api/core-types.ts";
import { podCondition } from "../../api/pod-conditions.ts";
import type { Pod } from "../controllees/pod-facts.ts";

/** Milliseconds. */
const shortest = 10_000;
const longest = 600_000;
const failureCountAnnotation = "batch.kubernetes.io/job-index-failure-count";
const ignoredCountAnnotation = "batch.kubernetes.io/job-index-ignored-failure-count";

/** What has failed since something succeeded. */
export interface BackoffRecord {
  failures: number;
  /** Milliseconds of the epoch. */
  last?: number;
}

export function withFinished(
  record: BackoffRecord | undefined,
  succeeded: readonly Pod[],
  failed: readonly Pod[],
): BackoffRecord {
  const { failures = 0, last } = record ?? {};
  const lastSuccess = succeeded.length > 0 ? Math.max(...succeeded.map(finishedAt)) : undefined;
  const times = failed.map(finishedAt).filter((time) => lastSuccess === undefined || time > lastSuccess);
  const before = lastSuccess === undefined ? failures : 0;
  if (times.length > 0) return { failures: before + times.length, last: Math.max(...times) };
  return lastSuccess === undefined && last !== undefined ? { failures, last } : { failures: before };
}

/** Milliseconds until the next pod may be created. */
export function remainingTime({ failures, last = 0 }: BackoffRecord, now: number): number {
  if (failures === 0) return 0;
  const wait = Math.min(shortest * 2 ** (failures - 1), longest);
  return Math.max(0, wait - (now - last));
}

/** The same for the index of a pod that failed last. */
export const remainingTimeOfIndex = (pod: Pod | undefined, now: number): number =>
  pod ? remainingTime({ failures: absoluteFailures(pod) + 1, last: finishedAt(pod) }, now) : 0;

function annotated({ metadata }: Pod, annotation: string): number {
  const text = metadata.annotations?.[annotation] ?? "";
  const count = /^[+-]?\d+$/.test(text) ? Number(text) : 0;
  return count >= 0 && count < 2 ** 31 ? count : 0;
}

/** How many pods of the index have failed before this one. */
export const failuresBefore = (pod: Pod): number => annotated(pod, failureCountAnnotation);

/** Those that do not count included. */
export const absoluteFailures = (pod: Pod): number =>
  failuresBefore(pod) + annotated(pod, ignoredCountAnnotation);

/** What the pod says that replaces one, which failed in a way that counts or does not. */
export function failureAnnotations(replaced: Pod | undefined, counts: boolean): Record<string, string> {
  const failures = replaced ? failuresBefore(replaced) + Number(counts) : 0;
  const ignored = replaced ? annotated(replaced, ignoredCountAnnotation) + Number(!counts) : 0;
  return {
    [failureCountAnnotation]: `${failures}`,
    ...(ignored > 0 ? { [ignoredCountAnnotation]: `${ignored}` } : {}),
  };
}

/** When a pod ended, in milliseconds of the epoch: by its containers, or as well as one can tell. */
export function finishedAt(pod: Pod): number {
  const { creationTimestamp = "", deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata;
  const ready = podCondition(pod.status, "Ready");
  const ended = containersEndedAt(pod);
  if (ended !== undefined) return ended;
  if (ready?.status === "False" && ready.lastTransitionTime) return Date.parse(ready.lastTransitionTime);
  if (deletionTimestamp !== undefined)
    return Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
  return Date.parse(creationTimestamp);
}

function containersEndedAt({ spec, status }: Pod): number | undefined {
  const sidecars = new Set(spec?.initContainers?.filter(isRestartableInitContainer).map(({ name }) => name));
  const regular = latestEnd(status?.containerStatuses ?? []);
  const sidecar = latestEnd(status?.initContainerStatuses?.filter(({ name }) => sidecars.has(name)) ?? []);
  // Upstream asks the sidecars last: if one of them runs, nothing has ended.
  if (sidecar === "running") return undefined;
  const ends = [regular, sidecar].filter((end) => typeof end === "number");
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

function latestEnd(statuses: readonly ContainerStatus[]): number | "running" | undefined {
  let latest: number | undefined;
  for (const { state } of statuses) {
    const { finishedAt } = state?.terminated ?? {};
    if (!finishedAt) return "running";
    latest = Math.max(latest ?? 0, Date.parse(finishedAt));
  }
  return latest;
}
