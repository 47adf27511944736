import { type Clock, timestampAt } from "../../api/clock.ts";
import { CronError, type CronSchedule } from "../../api/cron-schedule.ts";
import { goQuote } from "../../api/go-format.ts";
import type { KubeObject } from "../../api/object.ts";
import { isNamespaceTerminating, StatusError } from "../../api/status.ts";
import { timeZoneProblem } from "../../api/time-zones.ts";
import type { Client, ResourceReference } from "../../client/client.ts";
import type { EventRecorder } from "../../client/events.ts";
import { isControlledBy, referenceTo } from "../controllees/controller-ref.ts";
import { findCondition, isFinished, type Job, jobKind, jobsResource } from "../job/jobs.ts";
import {
  type CronJob,
  type CronJobStatus,
  cronJobKind,
  cronJobsResource,
  dueTime,
  jobFor,
  jobName,
  ScheduleError,
  scheduleOf,
  untilNext,
} from "./cron-jobs.ts";

export interface CronJobSyncOptions {
  client: Client;
  clock: Clock;
  recorder: EventRecorder;
  cronJob: CronJob;
  /** Those that say that they are its own. */
  jobs: readonly Job[];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const isNotFound = (error: unknown): boolean => error instanceof StatusError && error.code === 404;

/** One look at a CronJob. Source: syncCronJob and cleanupFinishedJobs of pkg/controller/cronjob/cronjob_controllerv2.go. */
export class CronJobSync {
  readonly #options: CronJobSyncOptions;
  readonly #now: number;
  #status: CronJobStatus;
  #hasChanged = false;

  constructor(options: CronJobSyncOptions) {
    this.#options = options;
    this.#now = options.clock.now();
    this.#status = { ...options.cronJob.status };
  }

  /** In how many milliseconds it has to be looked at again; undefined: when something changes. */
  async run(): Promise<number | undefined> {
    await this.#cleanUp();
    let failure: unknown;
    let after: number | undefined;
    try {
      after = await this.#act();
    } catch (error) {
      failure = error;
    }
    if (this.#hasChanged) await this.#write();
    if (failure !== undefined) throw failure;
    return after;
  }

  async #write(): Promise<void> {
    const { client, cronJob } = this.#options;
    const place = { ...cronJobsResource, namespace: cronJob.metadata.namespace ?? "" };
    await client.update(place, { ...cronJob, status: this.#status } as CronJob, { subresource: "status" });
  }

  get #place(): ResourceReference {
    return { ...jobsResource, namespace: this.#options.cronJob.metadata.namespace ?? "" };
  }

  #record(type: "Normal" | "Warning", reason: string, message: string): void {
    const about = referenceTo(this.#options.cronJob, cronJobKind);
    this.#options.recorder.record({ about, type, reason, message });
  }

  /** Deletes the oldest of those that have ended, beyond what is to be kept. */
  async #cleanUp(): Promise<void> {
    const { cronJob, jobs } = this.#options;
    const { successfulJobsHistoryLimit, failedJobsHistoryLimit } = cronJob.spec;
    const ended = (type: string) =>
      jobs.filter(({ status }) => findCondition(status, type)?.status === "True");
    const succeeded = ended("Complete");
    for (const [limit, all] of [
      [successfulJobsHistoryLimit, succeeded],
      [failedJobsHistoryLimit, ended("Failed").filter((job) => !succeeded.includes(job))],
    ] as const) {
      if (limit === undefined) continue;
      for (const job of all.toSorted(byStart).slice(0, Math.max(0, all.length - limit)))
        await this.#delete(job);
    }
  }

  /** Whether it is gone. */
  async #delete(job: KubeObject): Promise<boolean> {
    const { name = "", uid = "" } = job.metadata;
    try {
      await this.#options.client.delete(this.#place, name, { propagationPolicy: "Background" });
    } catch (error) {
      this.#record("Warning", "FailedDelete", `Deleted job: ${messageOf(error)}`);
      return false;
    }
    this.#removeActive(uid);
    this.#hasChanged = true;
    this.#record("Normal", "SuccessfulDelete", `Deleted job ${name}`);
    return true;
  }

  #removeActive(uid: string): void {
    const active = this.#active.filter((reference) => reference.uid !== uid);
    const { active: _, ...status } = this.#status;
    this.#status = active.length > 0 ? { ...status, active } : status;
  }

  get #active(): NonNullable<CronJobStatus["active"]> {
    return this.#status.active ?? [];
  }

  async #act(): Promise<number | undefined> {
    const { cronJob } = this.#options;
    for (const job of this.#options.jobs) await this.#note(job);
    await this.#forgetMissing();
    const { deletionTimestamp } = cronJob.metadata;
    if (deletionTimestamp !== undefined) return undefined;
    const { timeZone, suspend } = cronJob.spec;
    const problem = timeZone === undefined ? undefined : timeZoneProblem(timeZone);
    if (problem !== undefined) {
      this.#record("Warning", "UnknownTimeZone", `invalid timeZone: ${goQuote(timeZone!)}: ${problem}`);
      return undefined;
    }
    if (suspend) return undefined;
    const schedule = this.#schedule();
    return schedule && (await this.#start(schedule));
  }

  /** Takes over what a Job of its own has come to. */
  async #note(job: Job): Promise<void> {
    const { name, uid = "" } = job.metadata;
    const isActive = this.#active.some((reference) => reference.uid === uid);
    if (!isFinished(job)) {
      if (!isActive && !(await this.#isKnownByNow(uid)))
        this.#record(
          "Warning",
          "UnexpectedJob",
          `Saw a job that the controller did not create or forgot: ${name}`,
        );
      return;
    }
    const hasSucceeded = findCondition(job.status, "Complete")?.status === "True";
    if (isActive) {
      this.#removeActive(uid);
      this.#hasChanged = true;
      const condition = hasSucceeded ? "Complete" : "Failed";
      this.#record("Normal", "SawCompletedJob", `Saw completed job: ${name}, condition: ${condition}`);
    }
    const { completionTime } = job.status ?? {};
    const { lastSuccessfulTime } = this.#status;
    const isLater = lastSuccessfulTime === undefined || (completionTime ?? "") > lastSuccessfulTime;
    if (hasSucceeded && completionTime !== undefined && isLater) {
      this.#status = { ...this.#status, lastSuccessfulTime: completionTime };
      this.#hasChanged = true;
    }
  }

  /** What is known here may be older than the Job. */
  async #isKnownByNow(uid: string): Promise<boolean> {
    const { client, cronJob } = this.#options;
    const { namespace = "", name = "" } = cronJob.metadata;
    const fresh = (await client.get({ ...cronJobsResource, namespace }, name)) as CronJob;
    const reference = fresh.status?.active?.find((one) => one.uid === uid);
    if (!reference) return false;
    this.#status = { ...this.#status, active: [...this.#active, reference] };
    return true;
  }

  async #forgetMissing(): Promise<void> {
    const known = new Set(this.#options.jobs.map(({ metadata }) => metadata.uid));
    for (const { uid = "", name = "" } of this.#active) {
      if (known.has(uid)) continue;
      try {
        await this.#options.client.get(this.#place, name);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        this.#record("Normal", "MissingJob", `Active job went missing: ${name}`);
        this.#removeActive(uid);
        this.#hasChanged = true;
      }
    }
  }

  #schedule(): CronSchedule | undefined {
    const { cronJob } = this.#options;
    const { schedule } = cronJob.spec;
    if (schedule.includes("TZ")) {
      const message = `CRON_TZ or TZ used in schedule ${goQuote(schedule)} is not officially supported, see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details`;
      this.#record("Warning", "UnsupportedSchedule", message);
    }
    try {
      return scheduleOf(cronJob);
    } catch (error) {
      if (!(error instanceof CronError)) throw error;
      const message = `unparseable schedule: ${goQuote(schedule)} : ${error.message}`;
      this.#record("Warning", "UnparseableSchedule", message);
      return undefined;
    }
  }

  async #start(schedule: CronSchedule): Promise<number | undefined> {
    const { cronJob } = this.#options;
    let due: ReturnType<typeof dueTime>;
    try {
      due = dueTime(cronJob, this.#now, schedule);
    } catch (error) {
      if (!(error instanceof ScheduleError)) throw error;
      this.#record(
        "Warning",
        "InvalidSchedule",
        `invalid schedule: ${cronJob.spec.schedule} : ${error.message}`,
      );
      return undefined;
    }
    if (due.isManyMissed) {
      const advice = "Set or decrease .spec.startingDeadlineSeconds or check clock skew";
      this.#record("Warning", "TooManyMissedTimes", `too many missed start times. ${advice}`);
    }
    const next = () => untilNext({ ...cronJob, status: this.#status }, this.#now, schedule);
    if (due.time === undefined || !this.#isToStart(due.time)) return next();
    await this.#replaceActive();
    const job = await this.#create(due.time);
    if (!job) return undefined;
    const reference = referenceTo(job, jobKind);
    this.#status = {
      ...this.#status,
      active: [...this.#active, reference],
      lastScheduleTime: timestampAt(due.time),
    };
    this.#hasChanged = true;
    return next();
  }

  #isToStart(time: number): boolean {
    const { cronJob } = this.#options;
    const { startingDeadlineSeconds, concurrencyPolicy } = cronJob.spec;
    if (startingDeadlineSeconds !== undefined && time + startingDeadlineSeconds * 1000 < this.#now) {
      const when = new Date(time).toUTCString().replace("GMT", "+0000");
      this.#record("Warning", "MissSchedule", `Missed scheduled time to start a job: ${when}`);
      return false;
    }
    const name = jobName(cronJob, time);
    const isStarted = this.#active.some((reference) => reference.name === name);
    if (isStarted || this.#status.lastScheduleTime === timestampAt(time)) return false;
    if (concurrencyPolicy !== "Forbid" || this.#active.length === 0) return true;
    const why = "prior execution is running and concurrency policy is Forbid";
    this.#record("Normal", "JobAlreadyActive", `Not starting job because ${why}`);
    return false;
  }

  async #replaceActive(): Promise<void> {
    const { client, cronJob } = this.#options;
    if (cronJob.spec.concurrencyPolicy !== "Replace") return;
    for (const { name = "" } of this.#active) {
      let job: KubeObject;
      try {
        job = await client.get(this.#place, name);
      } catch (error) {
        this.#record("Warning", "FailedGet", `Get job: ${messageOf(error)}`);
        throw error;
      }
      if (!(await this.#delete(job)))
        throw new Error(`could not replace job ${job.metadata.namespace}/${name}`);
    }
  }

  /** undefined: it was there already, and everything is known of it or it is somebody else's. */
  async #create(time: number): Promise<KubeObject | undefined> {
    const { client, cronJob } = this.#options;
    const wanted = jobFor(cronJob, time);
    try {
      const job = await client.create(this.#place, wanted);
      this.#record("Normal", "SuccessfulCreate", `Created job ${job.metadata.name}`);
      return job;
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== "AlreadyExists") {
        if (!isNamespaceTerminating(error))
          this.#record("Warning", "FailedCreate", `Error creating job: ${messageOf(error)}`);
        throw error;
      }
      const job = await client.get(this.#place, wanted.metadata.name ?? "");
      const isKnown = this.#active.some(({ uid }) => uid === job.metadata.uid);
      return isControlledBy(job, cronJob) && !isKnown ? job : undefined;
    }
  }
}

/** Those that have not started come last. */
function byStart(a: Job, b: Job): number {
  const [first, second] = [a.status?.startTime, b.status?.startTime];
  if (first === second) return (a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1;
  if (first === undefined || second === undefined) return first === undefined ? 1 : -1;
  return first < second ? -1 : 1;
}
