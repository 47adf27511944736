import { StatusError } from "../../api/status.ts";
import { objectKey } from "../../client/known-objects.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { findCondition, type Job, jobsResource } from "../job/jobs.ts";
import { tolerateRace } from "../tolerate-race.ts";

const workers = 5;

/** When the Job is to go, in milliseconds of the epoch; undefined: not by itself. */
function expiryOf({ metadata, spec, status }: Job): number | undefined {
  const { ttlSecondsAfterFinished } = spec;
  if (ttlSecondsAfterFinished === undefined || metadata.deletionTimestamp !== undefined) return undefined;
  const end = ["Complete", "Failed"]
    .map((type) => findCondition(status, type))
    .find((condition) => condition?.status === "True");
  if (end?.lastTransitionTime === undefined) return undefined;
  return Date.parse(end.lastTransitionTime) + ttlSecondsAfterFinished * 1000;
}

/** Deletes Jobs some time after their end. Source: pkg/controller/ttlafterfinished. */
export function makeTtlAfterFinishedController(context: ControllerContext): void {
  const { client, clock, signal, onError, informers, ready } = context;
  const jobs = informers.of<Job>(jobsResource);

  /** Whether it is time; if not yet, the Job comes again then. */
  const isExpired = (key: string, job: Job | undefined): job is Job => {
    const expiry = job && expiryOf(job);
    if (expiry === undefined) return false;
    const left = expiry - clock.now();
    if (left > 0) queue.addAfter(key, left);
    return left <= 0;
  };

  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready, workers },
    async work(key) {
      const known = jobs.objects.get(key);
      if (!isExpired(key, known)) return;
      const { namespace = "", name = "" } = known.metadata;
      const place = { ...jobsResource, namespace };
      // Somebody may have given it more time.
      const fresh = (await client.get(place, name).catch(nothingThere)) as Job | undefined;
      if (!isExpired(key, fresh)) return;
      const { uid = "" } = fresh.metadata;
      await tolerateRace(
        client.delete(place, name, { propagationPolicy: "Foreground", preconditions: { uid } }),
      );
    },
  });
  jobs.onChange((now) => {
    if (now && expiryOf(now as Job) !== undefined) queue.add(objectKey(now));
  });
}

function nothingThere(error: unknown): undefined {
  if (!(error instanceof StatusError) || error.code !== 404) throw error;
}
