import { type Clock, timestamp } from "../../api/clock.ts";
import type { FeatureGates } from "../../api/feature-gates.ts";
import type { Client } from "../../client/client.ts";
import type { EventRecorder } from "../../client/events.ts";
import { objectKey } from "../../client/known-objects.ts";
import { referenceTo } from "../controllees/controller-ref.ts";
import type { Expectations } from "../controllees/expectations.ts";
import type { PodControl } from "../controllees/pod-control.ts";
import { isPodActive, isPodTerminating, type Pod } from "../controllees/pod-facts.ts";
import {
  absoluteFailures,
  type BackoffRecord,
  failuresBefore,
  finishedAt,
  remainingTime,
  remainingTimeOfIndex,
  withFinished,
} from "./backoff.ts";
import { Indexes } from "./indexes.ts";
import { JobPods } from "./job-own-pods.ts";
import { generateNameOf, jobTemplate, podsToRemove } from "./job-pods.ts";
import { trackPods } from "./job-tracking.ts";
import {
  completionIndex,
  completionsOf,
  findCondition,
  hasLimitPerIndex,
  isIndexed,
  isPodFailed,
  isSuspended,
  isTracked,
  type Job,
  type JobCondition,
  type JobStatus,
  jobKind,
  jobsResource,
  replacesOnlyFailed,
  validIndex,
} from "./jobs.ts";
import { judgeFailure, successMessage } from "./policies.ts";
import type { RemovedFinalizers } from "./removed-finalizers.ts";

/** What all Jobs share. */
export interface JobEnvironment {
  client: Client;
  clock: Clock;
  gates: FeatureGates;
  recorder: EventRecorder;
  podControl: PodControl;
  expectations: Expectations;
  removedFinalizers: RemovedFinalizers;
  /** By the Job's key. */
  backoffs: Map<string, BackoffRecord>;
  /** Of Jobs whose end was written, until it is seen. */
  finished: Set<string>;
  /** Looks at the Job again after so many milliseconds. */
  lookAgain(key: string, after: number): void;
}

/** So many pods are created or deleted at a time. */
const mostPods = 500;
const batchPeriod = 1000;

/** One look at a Job. Source: syncJob and manageJob of pkg/controller/job/job_controller.go. */
export class JobSync {
  readonly environment: JobEnvironment;
  readonly key: string;
  readonly pods: readonly Pod[];
  /** Pods that were counted before this look, but still have the finalizer. */
  readonly uncounted: { readonly succeeded: ReadonlySet<string>; readonly failed: ReadonlySet<string> };
  /** Their finalizer has been removed, though that is not seen yet. */
  readonly released: ReadonlySet<string>;
  readonly backoff: BackoffRecord;
  /** Why the Job ends, or is going to. */
  finished: JobCondition | undefined;
  /** As the server had it last. */
  job: Job;
  /** What it is going to be. */
  status: JobStatus;
  succeededIndexes = Indexes.of([]);
  indexesBefore = Indexes.of([]);
  failedIndexes: Indexes | undefined;
  /** The pod that failed last of each index that has to wait for another. */
  #lastFailed: ReadonlyMap<number, Pod> = new Map();
  readonly #own: JobPods;
  #succeeded: number;
  readonly #failed: number;

  constructor(environment: JobEnvironment, job: Job, pods: readonly Pod[]) {
    this.environment = environment;
    this.key = objectKey(job);
    this.job = job;
    this.pods = pods;
    const { uncountedTerminatedPods = {}, ...status } = job.status ?? {};
    const { succeeded = [], failed = [] } = uncountedTerminatedPods;
    this.status = { ...status, uncountedTerminatedPods: { succeeded, failed } };
    this.uncounted = { succeeded: new Set(succeeded), failed: new Set(failed) };
    this.released = environment.removedFinalizers.of(this.key);
    this.#own = new JobPods(environment, job, pods);
    const newSucceeded = this.#countable(this.uncounted.succeeded).filter(
      (pod) => pod.status?.phase === "Succeeded",
    );
    const newFailed = this.#countable(this.uncounted.failed).filter((pod) => isPodFailed(job, pod));
    const countedFailed = newFailed.filter((pod) => judgeFailure(job.spec.podFailurePolicy, pod).counts);
    this.#succeeded = (status.succeeded ?? 0) + newSucceeded.length + succeeded.length;
    this.#failed = (status.failed ?? 0) + countedFailed.length + failed.length;
    this.backoff = withFinished(environment.backoffs.get(this.key), newSucceeded, newFailed);
  }

  /** How many run that are to go. */
  get terminating(): number {
    return this.#own.terminating;
  }

  /** @throws what could not be written; the Job has to be looked at again */
  async run(): Promise<void> {
    const { job } = this;
    const { expectations } = this.environment;
    const isSatisfied = expectations.isSatisfied(this.key);
    if (this.status.startTime === undefined && !isSuspended(job)) this.status.startTime = this.#now();
    this.finished = this.#reasonToEnd();
    if (isIndexed(job)) this.#countIndexes();
    let failure: unknown;
    let hasChanged = false;
    if (this.finished) {
      const deleted = await this.#own.delete(this.#own.active, false);
      // Not all of what there may be has been stopped.
      if (deleted.count !== this.#own.active.length || !isSatisfied) this.finished = undefined;
      failure = deleted.error;
    } else {
      const isToManage = isSatisfied && job.metadata.deletionTimestamp === undefined;
      if (isToManage) failure = await this.#manage();
      if (this.#isComplete()) this.finished = this.#completed();
      else if (isToManage) hasChanged = this.#noteSuspension();
    }
    const before = job.status ?? {};
    hasChanged ||= this.#own.activeCount !== (before.active ?? 0);
    hasChanged ||= this.#own.readyCount !== before.ready || this.terminating !== before.terminating;
    this.status = {
      ...this.status,
      ...{ active: this.#own.activeCount, ready: this.#own.readyCount, terminating: this.terminating },
    };
    await trackPods(this, hasChanged);
    if (failure !== undefined) throw failure;
  }

  record(type: "Normal" | "Warning", reason: string, message: string): void {
    this.environment.recorder.record({ about: referenceTo(this.job, jobKind), type, reason, message });
  }

  condition(type: string, reason: string, message: string, status: "True" | "False" = "True"): JobCondition {
    const now = this.#now();
    return { type, status, lastProbeTime: now, lastTransitionTime: now, reason, message };
  }

  /** Writes the status. */
  async write(): Promise<void> {
    const { client } = this.environment;
    const place = { ...jobsResource, namespace: this.job.metadata.namespace ?? "" };
    const object = { ...this.job, status: this.status };
    this.job = (await client.update(place, object, { subresource: "status" })) as Job;
    const { uncountedTerminatedPods: { succeeded = [], failed = [] } = {}, ...status } =
      this.job.status ?? {};
    this.status = { ...status, uncountedTerminatedPods: { succeeded, failed } };
  }

  /** Adds or replaces a condition; whether that changed anything. */
  setCondition(condition: JobCondition): boolean {
    const { conditions = [] } = this.status;
    const index = conditions.findIndex(({ type }) => type === condition.type);
    const known = conditions[index];
    if (!known) {
      if (condition.status === "False") return false;
      this.status.conditions = [...conditions, condition];
      return true;
    }
    const { status, reason, message } = known;
    if (status === condition.status && reason === condition.reason && message === condition.message)
      return false;
    this.status.conditions = conditions.with(index, condition);
    return true;
  }

  /** Whether the pod keeps its finalizer until another of its index has been created. */
  isAwaited(pod: Pod): boolean {
    const index = hasLimitPerIndex(this.job) ? completionIndex(pod) : undefined;
    return index !== undefined && this.#lastFailed.get(index)?.metadata.uid === pod.metadata.uid;
  }

  #now(): string {
    return timestamp(this.environment.clock);
  }

  /** Pods that end for the first time as far as the status knows. */
  #countable(uncounted: ReadonlySet<string>): Pod[] {
    return this.pods.filter((pod) => {
      const { uid = "" } = pod.metadata;
      if (!isTracked(pod) || uncounted.has(uid) || this.released.has(uid)) return false;
      return !isIndexed(this.job) || validIndex(this.job, pod) !== undefined;
    });
  }

  #reasonToEnd(): JobCondition | undefined {
    const { job, status } = this;
    const { backoffLimit = 0, podFailurePolicy, activeDeadlineSeconds } = job.spec;
    const succeeded = findCondition(status, "SuccessCriteriaMet");
    if (succeeded?.status === "True") return succeeded;
    const target = findCondition(status, "FailureTarget");
    if (target?.status === "True") return this.condition("Failed", target.reason ?? "", target.message ?? "");
    const failed = podFailurePolicy ? this.pods.filter((pod) => isPodFailed(job, pod)) : [];
    const message = failed.map((pod) => judgeFailure(podFailurePolicy, pod).message).find(Boolean);
    if (message !== undefined) return this.condition("FailureTarget", "PodFailurePolicy", message);
    if (this.#failed > backoffLimit || this.#hasRestartedTooOften())
      return this.#failing("BackoffLimitExceeded", "Job has reached the specified backoff limit");
    if (activeDeadlineSeconds === undefined || isSuspended(job)) return undefined;
    const start = Date.parse(status.startTime ?? "");
    const left = start + activeDeadlineSeconds * 1000 - this.environment.clock.now();
    if (left <= 0) return this.#failing("DeadlineExceeded", "Job was active longer than specified deadline");
    this.environment.lookAgain(this.key, left);
    return undefined;
  }

  #failing(reason: string, message: string): JobCondition {
    return this.condition("FailureTarget", reason, message);
  }

  /** With OnFailure, containers restart where pods would fail. */
  #hasRestartedTooOften(): boolean {
    const { template, backoffLimit = 0 } = this.job.spec;
    if (template.spec?.restartPolicy !== "OnFailure") return false;
    let restarts = 0;
    for (const { status } of this.pods) {
      if (status?.phase !== "Running" && status?.phase !== "Pending") continue;
      const { initContainerStatuses = [], containerStatuses = [] } = status;
      for (const { restartCount } of [...initContainerStatuses, ...containerStatuses])
        restarts += restartCount;
    }
    return backoffLimit === 0 ? restarts > 0 : restarts >= backoffLimit;
  }

  #countIndexes(): void {
    const { job, status } = this;
    const completions = completionsOf(job);
    const indexed = this.pods.flatMap((pod) => {
      const index = isTracked(pod) ? validIndex(job, pod) : undefined;
      return index === undefined ? [] : [{ pod, index }];
    });
    const indexesOf = (is: (pod: Pod) => boolean) =>
      Indexes.of(indexed.filter(({ pod }) => is(pod)).map(({ index }) => index));
    this.indexesBefore = Indexes.parse(status.completedIndexes ?? "", completions);
    this.succeededIndexes = this.indexesBefore.with(indexesOf((pod) => pod.status?.phase === "Succeeded"));
    this.#succeeded = this.succeededIndexes.size;
    if (hasLimitPerIndex(job)) {
      const before = Indexes.parse(status.failedIndexes ?? "", completions);
      this.failedIndexes = before.with(indexesOf((pod) => this.#hasIndexFailed(pod)));
      this.finished ??= this.#failedIndexesCondition(this.failedIndexes.size);
      this.#lastFailed = this.#findLastFailed(indexed);
    }
    const message = successMessage(job, this.succeededIndexes);
    if (message !== undefined)
      this.finished ??= this.condition("SuccessCriteriaMet", "SuccessPolicy", message);
  }

  #failedIndexesCondition(failed: number): JobCondition | undefined {
    const { maxFailedIndexes } = this.job.spec;
    if (maxFailedIndexes !== undefined && failed > maxFailedIndexes)
      return this.#failing(
        "MaxFailedIndexesExceeded",
        "Job has exceeded the specified maximal number of failed indexes",
      );
    const isOver = failed > 0 && failed + this.succeededIndexes.size >= completionsOf(this.job);
    return isOver ? this.#failing("FailedIndexes", "Job has failed indexes") : undefined;
  }

  #hasIndexFailed(pod: Pod): boolean {
    const { podFailurePolicy, backoffLimitPerIndex = 0 } = this.job.spec;
    if (!isPodFailed(this.job, pod)) return false;
    const { action, counts } = judgeFailure(podFailurePolicy, pod);
    return action === "FailIndex" || (counts && failuresBefore(pod) >= backoffLimitPerIndex);
  }

  #findLastFailed(indexed: readonly { pod: Pod; index: number }[]): ReadonlyMap<number, Pod> {
    const active = new Set(this.#own.active.map(completionIndex));
    const last = new Map<number, Pod>();
    for (const { pod, index } of indexed) {
      if (this.released.has(pod.metadata.uid ?? "") || !isPodFailed(this.job, pod)) continue;
      if (this.succeededIndexes.has(index) || this.failedIndexes?.has(index) || active.has(index)) continue;
      const known = last.get(index);
      const isLater =
        !known || (absoluteFailures(known) <= absoluteFailures(pod) && finishedAt(pod) >= finishedAt(known));
      if (isLater) last.set(index, pod);
    }
    return last;
  }

  #isComplete(): boolean {
    const { completions } = this.job.spec;
    const isEnough = completions === undefined ? this.#succeeded > 0 : this.#succeeded >= completions;
    return isEnough && this.#own.activeCount === 0;
  }

  #completed(): JobCondition {
    return this.condition(
      "SuccessCriteriaMet",
      "CompletionsReached",
      "Reached expected number of succeeded pods",
    );
  }

  #noteSuspension(): boolean {
    const isNow = isSuspended(this.job);
    const condition = isNow
      ? this.condition("Suspended", "JobSuspended", "Job suspended")
      : this.condition("Suspended", "JobResumed", "Job resumed", "False");
    if (!this.setCondition(condition)) return false;
    this.record("Normal", isNow ? "Suspended" : "Resumed", isNow ? "Job suspended" : "Job resumed");
    if (!isNow) this.status.startTime = this.#now();
    else if (this.environment.gates.enabled("MutableSchedulingDirectivesForSuspendedJobs"))
      delete this.status.startTime;
    return true;
  }

  /** Creates or deletes pods; resolves to the first failure. */
  async #manage(): Promise<unknown> {
    const { job } = this;
    const wanted = isSuspended(job) ? 0 : this.#wantedActive();
    const surplus = Math.max(0, this.#own.activeCount - wanted);
    const removed = podsToRemove(job, this.#own.active, surplus).slice(0, mostPods);
    if (removed.length > 0 || isSuspended(job)) {
      this.environment.expectations.expectDeletions(this.key, removed.map(objectKey));
      return (await this.#own.delete(removed, true)).error;
    }
    const leaving = replacesOnlyFailed(job) ? this.terminating : 0;
    const missing = wanted - leaving - this.#own.activeCount;
    return missing > 0 ? await this.#createPods(Math.min(missing, mostPods)) : undefined;
  }

  #wantedActive(): number {
    const { parallelism = 1, completions } = this.job.spec;
    // Without a number of completions, once one has succeeded no more are started.
    if (completions === undefined) return this.#succeeded > 0 ? this.#own.activeCount : parallelism;
    return Math.max(0, Math.min(completions - this.#succeeded, parallelism));
  }

  async #createPods(missing: number): Promise<unknown> {
    const { job, key } = this;
    const { clock, lookAgain } = this.environment;
    const { indexes, wait } = this.#nextIndexes(missing, clock.now());
    if (wait > 0) {
      lookAgain(key, Math.max(wait, batchPeriod));
      return undefined;
    }
    const templates = (indexes ?? Array.from({ length: missing }, () => undefined)).map((index) => ({
      template: jobTemplate(job, index, index === undefined ? undefined : this.#lastFailed.get(index)),
      generateName: index === undefined ? undefined : generateNameOf(job, index),
    }));
    return await this.#own.create(templates);
  }

  /** Which indexes get a pod now, or how long they all have to wait. */
  #nextIndexes(missing: number, now: number): { indexes?: readonly number[]; wait: number } {
    const { job } = this;
    const wait = hasLimitPerIndex(job) ? 0 : remainingTime(this.backoff, now);
    if (wait > 0 || !isIndexed(job)) return { wait };
    const isTaken = (pod: Pod) => isPodActive(pod) || (replacesOnlyFailed(job) && isPodTerminating(pod));
    const taken = this.pods.filter(isTaken).flatMap((pod) => completionIndex(pod) ?? []);
    let known = this.succeededIndexes.with(Indexes.of(taken));
    if (this.failedIndexes) known = known.with(this.failedIndexes);
    const candidates = known.missing(missing, completionsOf(job));
    const waits = candidates.map((index) => remainingTimeOfIndex(this.#lastFailed.get(index), now));
    const indexes = candidates.filter((_, nth) => waits[nth] === 0);
    return { indexes, wait: indexes.length > 0 || waits.length === 0 ? 0 : Math.min(...waits) };
  }
}
