import { labelSelectorOf } from "../../api/selectors.ts";
import { semanticEqual } from "../../api/semantic-equal.ts";
import { StatusError } from "../../api/status.ts";
import { EventRecorder } from "../../client/events.ts";
import type { Informer } from "../../client/informer.ts";
import { objectKey } from "../../client/known-objects.ts";
import { again, WorkQueue } from "../../client/work-queue.ts";
import { claim } from "../controllees/claim.ts";
import { Expectations } from "../controllees/expectations.ts";
import { type ControllerRevision, History, revisionsResource } from "../controllees/history.ts";
import { Owners } from "../controllees/owners.ts";
import { PodControl } from "../controllees/pod-control.ts";
import { ControlledPods, type Pod, podsResource, readySince } from "../controllees/pod-facts.ts";
import type { ControllerContext, MakeController } from "../controller.ts";
import { cleanUpHistory, constructHistory } from "./daemon-set-history.ts";
import { type DaemonSetEnvironment, DaemonSetSync } from "./daemon-set-sync.ts";
import {
  type DaemonSet,
  type DaemonSetStatus,
  daemonSetKind,
  daemonSetsResource,
  type Node,
  nodesResource,
  placementOn,
} from "./daemon-sets.ts";
import { FailedPodsBackoff } from "./failed-pods-backoff.ts";

const workers = 2;

export const makeDaemonSetController: MakeController = (context) => {
  new DaemonSetController(context);
};

const selectorOf = ({ spec }: DaemonSet) => labelSelectorOf(spec.selector);

/** Keeps a pod on each node that is to have one. Source: pkg/controller/daemon. */
class DaemonSetController {
  readonly #context: ControllerContext;
  readonly #sets: Informer<DaemonSet>;
  readonly #nodes: Informer<Node>;
  readonly #owners: Owners<DaemonSet>;
  readonly #pods: ControlledPods;
  readonly #history: History;
  readonly #environment: DaemonSetEnvironment;
  readonly #queue: WorkQueue;

  constructor(context: ControllerContext) {
    const { client, clock, random, signal, onError, informers, ready, gates } = context;
    this.#context = context;
    this.#sets = informers.of<DaemonSet>(daemonSetsResource);
    this.#nodes = informers.of<Node>(nodesResource);
    this.#owners = new Owners({ kind: daemonSetKind.kind, informer: this.#sets, selectorOf });
    const pods = informers.of<Pod>(podsResource);
    this.#pods = new ControlledPods(pods);
    const revisions = informers.of<ControllerRevision>(revisionsResource);
    this.#history = new History({ client, informer: revisions, kind: daemonSetKind });
    const recorder = new EventRecorder({ client, clock, random, signal, onError }, "daemonset-controller");
    this.#environment = {
      ...{ clock, gates, recorder },
      podControl: new PodControl({ client, recorder, kind: daemonSetKind }),
      expectations: new Expectations(clock),
      backoff: new FailedPodsBackoff(clock),
      lookAgain: (key, after) => this.#queue.addAfter(key, after),
    };
    const work = (key: string) => this.#attempt(key);
    this.#queue = new WorkQueue({ clock, signal, onError, ready, workers, work });
    this.#sets.onChange((now, before) => {
      const key = objectKey((now ?? before)!);
      if (now?.metadata.uid !== before?.metadata.uid) this.#environment.expectations.forget(key);
      this.#queue.add(key);
    });
    for (const informer of [revisions, pods] as const)
      informer.onChange((now, before) => {
        for (const set of this.#owners.affectedBy(now, before)) this.#queue.add(objectKey(set));
      });
    pods.onChange((now, before) => this.#podChanged(now as Pod | undefined, before as Pod | undefined));
    this.#nodes.onChange((now, before) =>
      this.#nodeChanged(now as Node | undefined, before as Node | undefined),
    );
  }

  #podChanged(now: Pod | undefined, before: Pod | undefined): void {
    const { expectations } = this.#environment;
    const pod = (now ?? before)!;
    const set = this.#owners.of(pod);
    if (!set) return;
    const key = objectKey(set);
    const isGoing = !now || now.metadata.deletionTimestamp !== undefined;
    if (isGoing) expectations.deletionObserved(key, objectKey(pod));
    else if (!before) expectations.creationObserved(key);
    const { minReadySeconds = 0 } = set.spec;
    const isNewlyReady = now && before && readySince(before) === undefined && readySince(now) !== undefined;
    // A second more than that, as times are whole seconds.
    if (isNewlyReady && minReadySeconds > 0) this.#queue.addAfter(key, (minReadySeconds + 1) * 1000);
  }

  /** Sets that are to have a pod there and have none, or the other way round. Source: syncNodeUpdate. */
  #nodeChanged(now: Node | undefined, before: Node | undefined): void {
    if (!now) return;
    const isSame = (a: unknown, b: unknown) => semanticEqual(a, b);
    if (
      before &&
      isSame(now.metadata.labels, before.metadata.labels) &&
      isSame(now.spec?.taints, before.spec?.taints)
    )
      return;
    for (const set of this.#sets.objects.values()) {
      const { runs, stays } = placementOn(set, now, this.#context.gates);
      const isThere = [...this.#pods.ownedBy(set)].some(({ spec }) => spec?.nodeName === now.metadata.name);
      const isMisplaced = isThere && (set.status?.numberMisscheduled ?? 0) > 0;
      if ((runs && !isThere) || (!stays && isThere) || isMisplaced) this.#queue.add(objectKey(set));
    }
  }

  async #attempt(key: string): Promise<unknown> {
    const set = this.#sets.objects.get(key);
    if (!set) {
      this.#environment.expectations.forget(key);
      return undefined;
    }
    if (set.metadata.deletionTimestamp !== undefined) return undefined;
    try {
      await this.#sync(key, set);
      return undefined;
    } catch (error) {
      if (error instanceof StatusError && (error.code === 409 || error.code === 404)) return again;
      throw error;
    }
  }

  async #sync(key: string, set: DaemonSet): Promise<void> {
    const { client } = this.#context;
    const { expectations } = this.#environment;
    const { namespace = "", name = "" } = set.metadata;
    const fresh = () => client.get({ ...daemonSetsResource, namespace }, name);
    const selector = selectorOf(set);
    await this.#history.adopt(set, selector, fresh);
    const candidates = [...this.#pods.ownedBy(set), ...this.#pods.orphansIn(namespace)];
    const claimed = { client, controller: set, kind: daemonSetKind, resource: podsResource, selector, fresh };
    const pods = await claim(candidates, claimed);
    const { hash, old } = await constructHistory({ client, history: this.#history, set, selector, pods });
    const sync = new DaemonSetSync(this.#environment, set, this.#nodes.objects.values(), hash);
    const own = () =>
      [...this.#pods.ownedBy(set)].filter(({ metadata }) => selector.matches(metadata.labels));
    sync.see(own());
    const isSatisfied = expectations.isSatisfied(key);
    let failure: unknown;
    try {
      if (isSatisfied) {
        await sync.manage();
        sync.see(own());
        const isRolling = set.spec.updateStrategy?.type === "RollingUpdate";
        if (isRolling && expectations.isSatisfied(key)) await sync.rollOut();
        await cleanUpHistory({ history: this.#history, set, pods: own() }, old);
      }
    } catch (error) {
      failure = error;
    }
    sync.see(own());
    await this.#writeStatus(key, set, sync.status(isSatisfied));
    if (failure !== undefined) throw failure;
  }

  async #writeStatus(key: string, set: DaemonSet, status: DaemonSetStatus): Promise<void> {
    const { client } = this.#context;
    const { minReadySeconds = 0 } = set.spec;
    if (minReadySeconds > 0 && status.numberReady !== status.numberAvailable)
      this.#queue.addAfter(key, minReadySeconds * 1000);
    if (!hasNews(set, status)) return;
    const place = { ...daemonSetsResource, namespace: set.metadata.namespace ?? "" };
    const written = await client.update(place, { ...set, status } as DaemonSet, { subresource: "status" });
    this.#sets.objects.remember(written);
  }
}

/** Another number, or a generation that has not been observed. Source: storeDaemonSetStatus. */
function hasNews({ metadata, status: before }: DaemonSet, now: DaemonSetStatus): boolean {
  const counts = [
    ...(["desiredNumberScheduled", "currentNumberScheduled", "numberMisscheduled", "numberReady"] as const),
    ...(["updatedNumberScheduled", "numberAvailable", "numberUnavailable"] as const),
  ];
  const isObserved = (before?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return !isObserved || counts.some((count) => (now[count] ?? 0) !== (before?.[count] ?? 0));
}
