import { type CronSchedule, parseCronSchedule } from "../../api/cron-schedule.ts";
import type { KubeObject } from "../../api/object.ts";
import { timeZoneProblem } from "../../api/time-zones.ts";
import type { Schemas } from "../../api/types.ts";
import { rfc3339In } from "../../api/zoned-time.ts";
import { controllerRefTo } from "../controllees/controller-ref.ts";
import type { Job } from "../job/jobs.ts";

export type CronJobStatus = Schemas["io.k8s.api.batch.v1.CronJobStatus"];

export interface CronJob extends KubeObject {
  spec: Schemas["io.k8s.api.batch.v1.CronJobSpec"];
  status?: CronJobStatus;
}

export const cronJobKind = { group: "batch", version: "v1", kind: "CronJob" } as const;
export const cronJobsResource = { group: "batch", version: "v1", resource: "cronjobs" } as const;
const timestampAnnotation = "batch.kubernetes.io/cronjob-scheduled-timestamp";

/** @throws CronError */
export function scheduleOf({ spec }: CronJob): CronSchedule {
  const isKnown = spec.timeZone !== undefined && timeZoneProblem(spec.timeZone) === undefined;
  return parseCronSchedule(spec.schedule, isKnown ? spec.timeZone : undefined);
}

export const jobName = ({ metadata }: CronJob, scheduled: number): string =>
  `${metadata.name}-${Math.floor(scheduled / 60_000)}`;

/** getJobFromTemplate2. */
export function jobFor(cronJob: CronJob, scheduled: number): Job {
  const { jobTemplate, timeZone = "" } = cronJob.spec;
  const { labels = {}, annotations = {} } = jobTemplate.metadata ?? {};
  return {
    ...{ kind: "Job", apiVersion: "batch/v1" },
    metadata: {
      name: jobName(cronJob, scheduled),
      labels,
      annotations: { ...annotations, [timestampAnnotation]: rfc3339In(timeZone, scheduled) },
      ownerReferences: [controllerRefTo(cronJob, cronJobKind)],
    },
    spec: jobTemplate.spec as Job["spec"],
  };
}

export class ScheduleError extends Error {
  override readonly name = "ScheduleError";
}

interface MostRecent {
  /** What schedules count from. */
  earliest: number;
  /** The last time that has come since. */
  time?: number;
  missed: "none" | "few" | "many";
}

/** More than so many are too many. */
const tooMany = 100;
/** Milliseconds by which one looks later, for clocks that do not agree. */
const delta = 100;

/**
 * Source: mostRecentScheduleTime of pkg/controller/cronjob/utils.go, whose estimate of how many were missed shows in events.
 * @throws ScheduleError when times are less than a second apart, or never come
 */
function mostRecent(cronJob: CronJob, now: number, schedule: CronSchedule, hasDeadline: boolean): MostRecent {
  const { creationTimestamp = "" } = cronJob.metadata;
  let earliest = Date.parse(cronJob.status?.lastScheduleTime ?? creationTimestamp);
  const { startingDeadlineSeconds } = cronJob.spec;
  if (hasDeadline && startingDeadlineSeconds !== undefined)
    earliest = Math.max(earliest, now - startingDeadlineSeconds * 1000);
  const first = schedule.next(earliest);
  const second = first === undefined ? undefined : schedule.next(first);
  const seconds = first === undefined || second === undefined ? 0 : Math.round((second - first) / 1000);
  if (first !== undefined && now < first) return { earliest, missed: "none" };
  if (first !== undefined && second !== undefined && now < second)
    return { earliest, time: first, missed: "none" };
  if (first === undefined || seconds < 1)
    throw new ScheduleError("time difference between two schedules is less than 1 second");
  const count = Math.trunc(Math.trunc((now - first) / 1000) / seconds) + 1;
  const missed = count > tooMany ? "many" : count > 0 ? "few" : "none";
  let time: number | undefined;
  let next = schedule.next(first + (count - 2) * seconds * 1000);
  for (; next !== undefined && next <= now; next = schedule.next(next)) time = next;
  return { earliest, missed, ...(time === undefined ? {} : { time }) };
}

/** Milliseconds until the CronJob has to be looked at again (nextScheduleTimeDuration). */
export function untilNext(cronJob: CronJob, now: number, schedule: CronSchedule): number {
  const from = (): number => {
    try {
      const { earliest, time, missed } = mostRecent(cronJob, now, schedule, false);
      return time ?? (missed === "none" ? earliest : now);
    } catch (error) {
      if (error instanceof ScheduleError) return now;
      throw error;
    }
  };
  const next = schedule.next(from());
  return next === undefined ? 0 : next + delta - now;
}

/** The last time that has come and is not too long ago; whether many were missed. @throws ScheduleError */
export function dueTime(
  cronJob: CronJob,
  now: number,
  schedule: CronSchedule,
): { time?: number; isManyMissed: boolean } {
  const { time, missed } = mostRecent(cronJob, now, schedule, true);
  return time === undefined ? { isManyMissed: false } : { time, isManyMissed: missed === "many" };
}
