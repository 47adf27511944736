import { CronError } from "../../api/cron-schedule.ts";
import { LabelSelector } from "../../api/selectors.ts";
import { isNamespaceTerminating, StatusError } from "../../api/status.ts";
import { EventRecorder } from "../../client/events.ts";
import { objectKey } from "../../client/known-objects.ts";
import { again, WorkQueue } from "../../client/work-queue.ts";
import { controllerOf, referenceTo } from "../controllees/controller-ref.ts";
import { namespaceOf, Owners } from "../controllees/owners.ts";
import type { ControllerContext } from "../controller.ts";
import { type Job, jobsResource } from "../job/jobs.ts";
import { CronJobSync } from "./cron-job-sync.ts";
import { type CronJob, cronJobKind, cronJobsResource, scheduleOf, untilNext } from "./cron-jobs.ts";

const workers = 5;

/** Creates Jobs at the times of schedules. Source: pkg/controller/cronjob. */
export function makeCronJobController(context: ControllerContext): void {
  const { client, clock, random, signal, onError, informers, ready } = context;
  const recorder = new EventRecorder({ client, clock, random, signal, onError }, "cronjob-controller");
  const cronJobs = informers.of<CronJob>(cronJobsResource);
  const jobs = informers.of<Job>(jobsResource);
  const jobsByNamespace = jobs.index(namespaceOf);
  // It adopts no Jobs.
  const selectorOf = () => new LabelSelector([], true);
  const owners = new Owners({ kind: cronJobKind.kind, informer: cronJobs, selectorOf });

  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready, workers },
    async work(key) {
      const cronJob = cronJobs.objects.get(key);
      if (!cronJob) return undefined;
      const { namespace = "", name } = cronJob.metadata;
      const own = [...jobsByNamespace.get(namespace)].filter((job) => controllerOf(job)?.name === name);
      try {
        const after = await new CronJobSync({ client, clock, recorder, cronJob, jobs: own }).run();
        if (after !== undefined) queue.addAfter(key, after);
        return undefined;
      } catch (error) {
        const isExpected = error instanceof StatusError && (error.code === 409 || error.code === 404);
        if (isExpected || isNamespaceTerminating(error)) return again;
        throw error;
      }
    },
  });

  /** A new schedule counts from its next time on. */
  const scheduleChanged = (cronJob: CronJob): void => {
    try {
      queue.addAfter(objectKey(cronJob), untilNext(cronJob, clock.now(), scheduleOf(cronJob)));
    } catch (error) {
      if (!(error instanceof CronError)) throw error;
      const message = `unparseable schedule for cronjob: ${cronJob.spec.schedule}`;
      const about = referenceTo(cronJob, cronJobKind);
      recorder.record({ about, type: "Warning", reason: "UnParseableCronJobSchedule", message });
    }
  };

  cronJobs.onChange((now, before) => {
    const [is, was] = [now as CronJob | undefined, before as CronJob | undefined];
    const isOther =
      is && was && (is.spec.schedule !== was.spec.schedule || is.spec.timeZone !== was.spec.timeZone);
    if (isOther) scheduleChanged(is);
    else queue.add(objectKey((now ?? before)!));
  });
  jobs.onChange((now, before) => {
    for (const cronJob of owners.affectedBy(now, before)) queue.add(objectKey(cronJob));
  });
}
