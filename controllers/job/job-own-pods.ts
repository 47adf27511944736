import type { PodTemplateSpec } from "../../api/core-types.ts";
import { isNamespaceTerminating, StatusError } from "../../api/status.ts";
import { objectKey } from "../../client/known-objects.ts";
import { isPodActive, isPodTerminating, type Pod, readySince } from "../controllees/pod-facts.ts";
import { slowStart } from "../controllees/slow-start.ts";
import type { JobEnvironment } from "./job-sync.ts";
import type { Job } from "./jobs.ts";

interface NewPod {
  template: PodTemplateSpec;
  /** undefined: the Job's name. */
  generateName: string | undefined;
}

/** The pods that a Job has, and how many there are while some are created and deleted. */
export class JobPods {
  readonly active: readonly Pod[];
  activeCount: number;
  readyCount: number;
  terminating: number;
  readonly #environment: JobEnvironment;
  readonly #job: Job;

  constructor(environment: JobEnvironment, job: Job, pods: readonly Pod[]) {
    this.#environment = environment;
    this.#job = job;
    this.active = pods.filter(isPodActive);
    this.activeCount = this.active.length;
    this.readyCount = this.active.filter((pod) => readySince(pod) !== undefined).length;
    this.terminating = pods.filter(isPodTerminating).length;
  }

  /** The first failure, after which no more were created. */
  async create(pods: readonly NewPod[]): Promise<unknown> {
    const { expectations, podControl } = this.#environment;
    const key = objectKey(this.#job);
    expectations.expectCreations(key, pods.length);
    const { succeeded, error } = await slowStart(pods.length, async (nth) => {
      const { template, generateName } = pods[nth]!;
      try {
        await podControl.create(this.#job, template, generateName);
      } catch (failure) {
        if (!isNamespaceTerminating(failure)) throw failure;
      }
      this.activeCount++;
    });
    for (let skipped = succeeded; skipped < pods.length; skipped++) expectations.creationObserved(key);
    return error;
  }

  /** How many are gone, and the first failure. isReleased: they do not count, and lose their finalizer first. */
  async delete(pods: readonly Pod[], isReleased: boolean): Promise<{ count: number; error?: unknown }> {
    const { expectations, podControl, removedFinalizers } = this.#environment;
    let count = 0;
    const results = await Promise.allSettled(
      pods.map(async (pod) => {
        try {
          if (isReleased) await removedFinalizers.remove(pod);
          await podControl.delete(this.#job, pod.metadata.name ?? "");
        } catch (error) {
          expectations.deletionObserved(objectKey(this.#job), objectKey(pod));
          if (!(error instanceof StatusError) || error.code !== 404) throw error;
        }
        count++;
        if (readySince(pod) !== undefined) this.readyCount--;
      }),
    );
    this.activeCount -= count;
    this.terminating += count;
    const failed = results.find((result): result is PromiseRejectedResult => result.status === "rejected");
    return failed ? { count, error: failed.reason } : { count };
  }
}
