import type { Pod } from "../controllees/pod-facts.ts";
import { Indexes } from "./indexes.ts";
import type { JobSync } from "./job-sync.ts";
import { completionIndex, isIndexed, isPodFailed, isTracked, validIndex } from "./jobs.ts";
import { judgeFailure } from "./policies.ts";

/** So many pods may stand in the status at a time. */
const mostUncounted = 500;

/**
 * Counts pods that have ended, exactly once: their uids go into the status, then their finalizers are removed, then
 * the numbers in the status grow. Writes the Job's end when all are counted.
 * Source: trackJobStatusAndRemoveFinalizers of pkg/controller/job/job_controller.go, KEP-2307.
 */
export async function trackPods(sync: JobSync, hasChanged: boolean): Promise<void> {
  const { environment, key } = sync;
  const tracked = sync.pods.filter((pod) => isTracked(pod) && !sync.released.has(pod.metadata.uid ?? ""));
  const withFinalizer = new Set(tracked.map(({ metadata }) => metadata.uid ?? ""));
  let isToWrite = countReleased(sync, withFinalizer) || hasChanged;
  const { pods, isFull, hasMore } = noteEnded(sync, tracked);
  isToWrite ||= hasMore;
  if (noteIndexes(sync)) isToWrite = true;
  if (noteEnd(sync)) isToWrite = true;
  if (isToWrite) {
    await sync.write();
    environment.backoffs.set(key, sync.backoff);
  }
  const { removed, error } = await environment.removedFinalizers.removeAll(key, pods);
  for (const uid of removed) withFinalizer.delete(uid);
  const hasCounted = countReleased(sync, withFinalizer);
  if (error !== undefined) {
    if (hasCounted) await sync.write();
    throw error;
  }
  const hasEnded = !isFull && enactEnd(sync);
  if (!hasCounted && !hasEnded) return;
  await sync.write();
  if (!hasEnded) return;
  tellEnd(sync);
  environment.finished.add(sync.job.metadata.uid ?? "");
}

/** Adds those that have no finalizer any more to the numbers; whether there were any. */
function countReleased({ status }: JobSync, withFinalizer: ReadonlySet<string>): boolean {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const left = {
    succeeded: succeeded.filter((uid) => withFinalizer.has(uid)),
    failed: failed.filter((uid) => withFinalizer.has(uid)),
  };
  const more = {
    succeeded: succeeded.length - left.succeeded.length,
    failed: failed.length - left.failed.length,
  };
  status.uncountedTerminatedPods = left;
  status.succeeded = (status.succeeded ?? 0) + more.succeeded;
  status.failed = (status.failed ?? 0) + more.failed;
  return more.succeeded + more.failed > 0;
}

/** Puts those that have ended into the status; all whose finalizers can be removed then. */
function noteEnded(
  sync: JobSync,
  tracked: readonly Pod[],
): { pods: Pod[]; isFull: boolean; hasMore: boolean } {
  const { job, status } = sync;
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const noted = { succeeded: [...succeeded], failed: [...failed] };
  const indexes: number[] = [];
  const pods: Pod[] = [];
  let hasMore = false;
  let isFull = false;
  for (const pod of isIndexed(job) ? tracked.toSorted(byIndex) : tracked) {
    const hasFailed = isPodFailed(job, pod);
    if (!isRemovable(sync, pod, hasFailed)) continue;
    pods.push(pod);
    const { uid = "" } = pod.metadata;
    const isKnownAsFailed = sync.uncounted.failed.has(uid);
    if (pod.status?.phase === "Succeeded" && !isKnownAsFailed) {
      const index = validIndex(job, pod);
      if (isIndexed(job)) {
        if (index !== undefined && !sync.indexesBefore.has(index)) {
          indexes.push(index);
          hasMore = true;
        }
      } else if (!sync.uncounted.succeeded.has(uid)) {
        noted.succeeded.push(uid);
        hasMore = true;
      }
    } else if (!isKnownAsFailed && (hasFailed || isFailing(sync)) && isNotable(sync, pod)) {
      noted.failed.push(uid);
      hasMore = true;
    }
    if (indexes.length + noted.succeeded.length + noted.failed.length >= mostUncounted) {
      isFull = true;
      break;
    }
  }
  status.uncountedTerminatedPods = noted;
  sync.succeededIndexes = sync.succeededIndexes.with(Indexes.of(indexes));
  return { pods, isFull, hasMore };
}

/** What has not failed by itself counts as failed when the Job fails. */
const isFailing = ({ finished }: JobSync): boolean =>
  finished !== undefined && finished.type !== "SuccessCriteriaMet";

const isNotable = ({ job }: JobSync, pod: Pod): boolean =>
  (!isIndexed(job) || validIndex(job, pod) !== undefined) &&
  judgeFailure(job.spec.podFailurePolicy, pod).counts;

function isRemovable(sync: JobSync, pod: Pod, hasFailed: boolean): boolean {
  const isOver = sync.job.metadata.deletionTimestamp !== undefined || sync.finished !== undefined;
  if (isOver || pod.status?.phase === "Succeeded") return true;
  return hasFailed && !sync.isAwaited(pod);
}

const byIndex = (a: Pod, b: Pod): number => (completionIndex(a) ?? -1) - (completionIndex(b) ?? -1);

/** Whether the status says other indexes than before. */
function noteIndexes({ job, status, succeededIndexes, failedIndexes }: JobSync): boolean {
  if (!isIndexed(job)) return false;
  const completed = succeededIndexes.toString();
  const failed = failedIndexes?.toString();
  const hasChanged = completed !== (status.completedIndexes ?? "") || failed !== status.failedIndexes;
  status.succeeded = succeededIndexes.size;
  status.completedIndexes = completed;
  if (failed === undefined) delete status.failedIndexes;
  else status.failedIndexes = failed;
  return hasChanged;
}

/** Says first what the Job is going to be, and what it will be when nothing of it is left. */
function noteEnd(sync: JobSync): boolean {
  const { finished } = sync;
  if (finished?.type === "FailureTarget") {
    sync.status.conditions = [...(sync.status.conditions ?? []), finished];
    sync.finished = sync.condition("Failed", finished.reason ?? "", finished.message ?? "");
    return true;
  }
  if (finished?.type !== "SuccessCriteriaMet") return false;
  const isNew = !sync.status.conditions?.some(
    ({ type, status }) => type === finished.type && status === "True",
  );
  if (isNew) sync.status.conditions = [...(sync.status.conditions ?? []), finished];
  sync.finished = sync.condition("Complete", finished.reason ?? "", finished.message ?? "");
  return isNew;
}

function enactEnd(sync: JobSync): boolean {
  const { finished, status, terminating } = sync;
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  if (!finished || succeeded.length + failed.length > 0 || terminating > 0) return false;
  sync.setCondition(finished);
  if (finished.type === "Complete" && finished.lastTransitionTime !== undefined)
    status.completionTime = finished.lastTransitionTime;
  return true;
}

function tellEnd(sync: JobSync): void {
  const { finished, job } = sync;
  if (finished?.type !== "Complete") {
    sync.record("Warning", finished?.reason ?? "", finished?.message ?? "");
    return;
  }
  const { completions } = job.spec;
  if (completions !== undefined && (job.status?.succeeded ?? 0) > completions)
    sync.record(
      "Warning",
      "TooManySucceededPods",
      "Too many succeeded pods running after completion count reached",
    );
  sync.record("Normal", "Completed", "Job completed");
}
