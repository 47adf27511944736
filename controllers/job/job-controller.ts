import type { KubeObject } from "../../api/object.ts";
import { labelSelectorOf } from "../../api/selectors.ts";
import { StatusError } from "../../api/status.ts";
import { EventRecorder } from "../../client/events.ts";
import type { Informer, ObjectIndex } from "../../client/informer.ts";
import { objectKey } from "../../client/known-objects.ts";
import { again, WorkQueue } from "../../client/work-queue.ts";
import { claim } from "../controllees/claim.ts";
import { controllerOf } from "../controllees/controller-ref.ts";
import { Expectations } from "../controllees/expectations.ts";
import { namespaceOf, Owners } from "../controllees/owners.ts";
import { PodControl } from "../controllees/pod-control.ts";
import { ControlledPods, type Pod, podsResource } from "../controllees/pod-facts.ts";
import type { ControllerContext, MakeController } from "../controller.ts";
import { tolerateRace } from "../tolerate-race.ts";
import { type JobEnvironment, JobSync } from "./job-sync.ts";
import {
  isFinished,
  isManagedElsewhere,
  isTracked,
  type Job,
  jobKind,
  jobsResource,
  trackingFinalizer,
} from "./jobs.ts";
import { RemovedFinalizers } from "./removed-finalizers.ts";

const workers = 5;
/** Changes within so many milliseconds are looked at together. */
const batchPeriod = 1000;

export const makeJobController: MakeController = (context) => {
  new JobController(context);
};

const selectorOf = ({ spec }: Job) => labelSelectorOf(spec.selector);

/** Runs pods until enough of them have succeeded. Source: pkg/controller/job. */
class JobController {
  readonly #context: ControllerContext;
  readonly #jobs: Informer<Job>;
  readonly #owners: Owners<Job>;
  readonly #allPods: Informer<Pod>;
  readonly #podsByNamespace: ObjectIndex<Pod>;
  readonly #pods: ControlledPods;
  readonly #environment: JobEnvironment;
  readonly #queue: WorkQueue;
  /** Pods by their key: they may have the finalizer of a Job that is gone. */
  readonly #orphans: WorkQueue;

  constructor(context: ControllerContext) {
    const { client, clock, random, signal, onError, informers, ready, gates } = context;
    this.#context = context;
    this.#jobs = informers.of<Job>(jobsResource);
    this.#owners = new Owners({ kind: jobKind.kind, informer: this.#jobs, selectorOf });
    this.#allPods = informers.of<Pod>(podsResource);
    this.#podsByNamespace = this.#allPods.index(namespaceOf);
    this.#pods = new ControlledPods(this.#allPods);
    const recorder = new EventRecorder({ client, clock, random, signal, onError }, "job-controller");
    this.#environment = {
      ...{ client, clock, gates, recorder },
      podControl: new PodControl({ client, recorder, kind: jobKind }),
      expectations: new Expectations(clock),
      removedFinalizers: new RemovedFinalizers(client),
      backoffs: new Map(),
      finished: new Set(),
      lookAgain: (key, after) => this.#queue.addAfter(key, after),
    };
    const shared = { clock, signal, onError, ready, workers };
    this.#queue = new WorkQueue({ ...shared, work: (key) => this.#attempt(key) });
    this.#orphans = new WorkQueue({ ...shared, work: (key) => this.#releaseOrphan(key) });
    this.#jobs.onChange((now, before) => this.#jobChanged(now as Job | undefined, before as Job | undefined));
    this.#allPods.onChange((now, before) =>
      this.#podChanged(now as Pod | undefined, before as Pod | undefined),
    );
  }

  #jobChanged(now: Job | undefined, before: Job | undefined): void {
    if (now && isFinished(now)) {
      this.#environment.finished.delete(now.metadata.uid ?? "");
      this.#environment.backoffs.delete(objectKey(now));
      this.#checkPodsOf(now);
      return;
    }
    if (!now) this.#forget(before!);
    const key = objectKey((now ?? before)!);
    if (before && now?.metadata.generation === before.metadata.generation)
      this.#queue.addAfter(key, batchPeriod);
    else this.#queue.add(key);
  }

  #forget(job: Job): void {
    const { backoffs, expectations, finished, removedFinalizers } = this.#environment;
    const key = objectKey(job);
    finished.delete(job.metadata.uid ?? "");
    backoffs.delete(key);
    expectations.forget(key);
    removedFinalizers.forget(key);
    this.#checkPodsOf(job);
  }

  /** They may have finalizers that nobody needs any more. */
  #checkPodsOf(job: Job): void {
    const selector = selectorOf(job);
    for (const pod of this.#podsByNamespace.get(job.metadata.namespace ?? ""))
      if (isTracked(pod) && selector.matches(pod.metadata.labels)) this.#orphans.add(objectKey(pod));
  }

  #podChanged(now: Pod | undefined, before: Pod | undefined): void {
    this.#observe(now, before);
    for (const job of this.#owners.affectedBy(now, before)) this.#queue.addAfter(objectKey(job), batchPeriod);
    if (!now || !isTracked(now)) return;
    const job = this.#owners.of(now);
    const isLeaving = now.metadata.deletionTimestamp !== undefined;
    if (!controllerOf(now) || (isLeaving && (!job || isFinished(job)))) this.#orphans.add(objectKey(now));
  }

  #observe(now: Pod | undefined, before: Pod | undefined): void {
    const { expectations, removedFinalizers } = this.#environment;
    const pod = (now ?? before)!;
    const owner = this.#owners.of(pod) ?? (before && this.#owners.of(before));
    if (!owner) return;
    const key = objectKey(owner);
    const isGoing = !now || now.metadata.deletionTimestamp !== undefined;
    if (isGoing) expectations.deletionObserved(key, objectKey(pod));
    else if (!before) expectations.creationObserved(key);
    if (!now || !isTracked(now)) removedFinalizers.observed(key, pod.metadata.uid ?? "");
  }

  async #releaseOrphan(key: string): Promise<void> {
    const pod = this.#allPods.objects.get(key);
    if (!pod) return;
    const owner = controllerOf(pod);
    if (owner && (owner.kind !== jobKind.kind || owner.apiVersion !== "batch/v1")) return;
    const job = this.#owners.of(pod);
    if (job && (isManagedElsewhere(job) || !isFinished(job))) return;
    await tolerateRace(this.#environment.removedFinalizers.remove(pod));
  }

  async #attempt(key: string): Promise<unknown> {
    const job = this.#jobs.objects.get(key);
    if (!job || isManagedElsewhere(job) || isFinished(job)) return undefined;
    // Its end has been written and is only not seen yet.
    if (this.#environment.finished.has(job.metadata.uid ?? "")) return undefined;
    try {
      const sync = new JobSync(this.#environment, job, await this.#claim(job));
      await sync.run();
      this.#jobs.objects.remember(sync.job);
      return undefined;
    } catch (error) {
      if (error instanceof StatusError && (error.code === 409 || error.code === 404)) return again;
      throw error;
    }
  }

  #claim(job: Job): Promise<Pod[]> {
    const { client } = this.#context;
    const { namespace = "", name = "" } = job.metadata;
    const pods = [...this.#pods.ownedBy(job), ...this.#pods.orphansIn(namespace)];
    return claim(pods, {
      ...{ client, controller: job as KubeObject, kind: jobKind, resource: podsResource },
      selector: selectorOf(job),
      finalizer: trackingFinalizer,
      fresh: () => client.get({ ...jobsResource, namespace }, name),
    });
  }
}
