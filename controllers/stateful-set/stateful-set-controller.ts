import type { KubeObject } from "../../api/object.ts";
import { labelSelectorOf } from "../../api/selectors.ts";
import { StatusError } from "../../api/status.ts";
import { EventRecorder } from "../../client/events.ts";
import type { Informer } from "../../client/informer.ts";
import { objectKey } from "../../client/known-objects.ts";
import { again, WorkQueue } from "../../client/work-queue.ts";
import { claim } from "../controllees/claim.ts";
import {
  type ControllerRevision,
  History,
  isSameRevision,
  revisionsResource,
} from "../controllees/history.ts";
import { Owners } from "../controllees/owners.ts";
import {
  ControlledPods,
  nextAvailabilityCheck,
  type Pod,
  podsResource,
  readySince,
} from "../controllees/pod-facts.ts";
import type { ControllerContext, MakeController } from "../controller.ts";
import { StatefulPodControl } from "./stateful-pod-control.ts";
import { type Revisions, StatefulSetSync } from "./stateful-set-sync.ts";
import {
  type Claim,
  claimsResource,
  parentAndOrdinal,
  podRevision,
  type StatefulSet,
  type StatefulSetStatus,
  statefulSetKind,
  statefulSetsResource,
} from "./stateful-sets.ts";

const workers = 5;
const defaultHistoryLimit = 10;

export const makeStatefulSetController: MakeController = (context) => {
  new StatefulSetController(context);
};

const selectorOf = ({ spec }: StatefulSet) => labelSelectorOf(spec.selector);

/** Keeps pods that have names, numbers and claims of their own. Source: pkg/controller/statefulset. */
class StatefulSetController {
  readonly #context: ControllerContext;
  readonly #sets: Informer<StatefulSet>;
  readonly #owners: Owners<StatefulSet>;
  readonly #pods: ControlledPods;
  readonly #history: History;
  readonly #control: StatefulPodControl;
  readonly #queue: WorkQueue;

  constructor(context: ControllerContext) {
    const { client, clock, random, signal, onError, informers, ready } = context;
    this.#context = context;
    this.#sets = informers.of<StatefulSet>(statefulSetsResource);
    this.#owners = new Owners({ kind: statefulSetKind.kind, informer: this.#sets, selectorOf });
    const pods = informers.of<Pod>(podsResource);
    this.#pods = new ControlledPods(pods);
    const revisions = informers.of<ControllerRevision>(revisionsResource);
    this.#history = new History({ client, informer: revisions, kind: statefulSetKind });
    const recorder = new EventRecorder({ client, clock, random, signal, onError }, "statefulset-controller");
    const claims = informers.of<Claim>(claimsResource).objects;
    this.#control = new StatefulPodControl({ client, recorder, claims });
    const work = (key: string) => this.#attempt(key);
    this.#queue = new WorkQueue({ clock, signal, onError, ready, workers, work });
    this.#sets.onChange((now, before) => this.#queue.add(objectKey((now ?? before)!)));
    pods.onChange((now, before) => this.#podChanged(now as Pod | undefined, before as Pod | undefined));
  }

  #podChanged(now: Pod | undefined, before: Pod | undefined): void {
    for (const set of this.#owners.affectedBy(now, before)) this.#queue.add(objectKey(set));
    const set = now && before && this.#owners.of(now);
    const { minReadySeconds = 0 } = set?.spec ?? {};
    if (!set || minReadySeconds === 0) return;
    const isNewlyReady = readySince(before) === undefined && readySince(now) !== undefined;
    if (isNewlyReady) this.#queue.addAfter(objectKey(set), minReadySeconds * 1000);
  }

  async #attempt(key: string): Promise<unknown> {
    const set = this.#sets.objects.get(key);
    if (!set) return undefined;
    try {
      await this.#sync(key, set);
      return undefined;
    } catch (error) {
      // Somebody else has written meanwhile, or what was written is not seen yet.
      if (error instanceof StatusError && (error.code === 409 || error.code === 404)) return again;
      throw error;
    }
  }

  async #sync(key: string, set: StatefulSet): Promise<void> {
    const { client, clock, gates } = this.#context;
    const { namespace = "", name = "" } = set.metadata;
    const fresh = () => client.get({ ...statefulSetsResource, namespace }, name);
    const selector = selectorOf(set);
    await this.#history.adopt(set, selector, fresh);
    const pods = await this.#claim(set, fresh);
    const known = this.#history.list(set, selector);
    const revisions = await this.#findRevisions(set, known);
    const now = clock.now();
    const sync = new StatefulSetSync({
      ...{ control: this.#control, set, pods, revisions, now },
      hasMaxUnavailable: gates.enabled("MaxUnavailableStatefulSet"),
    });
    const { status, failure } = await sync.run();
    await this.#writeStatus(set, status);
    await this.#truncateHistory(set, pods, known, revisions);
    if (failure !== undefined) throw failure;
    const { minReadySeconds = 0 } = set.spec;
    if (minReadySeconds > 0 && status.readyReplicas !== status.availableReplicas) {
      const next = nextAvailabilityCheck(pods, minReadySeconds, now);
      this.#queue.addAfter(key, next ?? minReadySeconds * 1000);
    }
  }

  /** Pods count as its own only if they are called so. */
  #claim(set: StatefulSet, fresh: () => Promise<KubeObject>): Promise<Pod[]> {
    const { client } = this.#context;
    const pods = [...this.#pods.ownedBy(set), ...this.#pods.orphansIn(set.metadata.namespace)];
    return claim(pods, {
      ...{ client, controller: set, kind: statefulSetKind, resource: podsResource, fresh },
      selector: selectorOf(set),
      accepts: (pod) => parentAndOrdinal(pod).parent === set.metadata.name,
    });
  }

  /** The revision that pods are brought to, and the one they come from. Source: getStatefulSetRevisions. */
  async #findRevisions(set: StatefulSet, known: readonly ControllerRevision[]): Promise<Revisions> {
    const latest = known.at(-1);
    const number = (latest?.revision ?? 0) + 1;
    const collisions = set.status?.collisionCount ?? 0;
    const wanted = this.#history.make(set, set.spec.template, number, collisions);
    const equal = known.findLast((revision) => isSameRevision(revision, wanted));
    let found = { revision: equal ?? wanted, collisions };
    if (!equal) found = await this.#history.create(set, wanted, collisions);
    else if (equal !== latest) found.revision = await this.#history.renumber(equal, number);
    const current = known.find(({ metadata }) => metadata.name === set.status?.currentRevision);
    return { current: current ?? found.revision, update: found.revision, collisions: found.collisions };
  }

  async #writeStatus(set: StatefulSet, status: StatefulSetStatus): Promise<void> {
    if (!isInconsistent(set.status, status)) return;
    const place = { ...statefulSetsResource, namespace: set.metadata.namespace ?? "" };
    const object = { ...set, status };
    this.#sets.objects.remember(
      await this.#context.client.update(place, object as StatefulSet, { subresource: "status" }),
    );
  }

  /** Deletes the oldest of the revisions that nothing is of any more. */
  async #truncateHistory(
    set: StatefulSet,
    pods: readonly Pod[],
    known: readonly ControllerRevision[],
    { current, update }: Revisions,
  ): Promise<void> {
    const live = new Set([current.metadata.name, update.metadata.name, ...pods.map(podRevision)]);
    const dead = known.filter(({ metadata }) => !live.has(metadata.name));
    const limit = set.spec.revisionHistoryLimit ?? defaultHistoryLimit;
    if (limit < 0) return;
    for (const revision of dead.slice(0, Math.max(0, dead.length - limit)))
      await this.#history.delete(revision);
  }
}

/** Something that the status tells has changed (inconsistentStatus). */
function isInconsistent(before: StatefulSetStatus | undefined, now: StatefulSetStatus): boolean {
  const counts = [
    "replicas",
    "currentReplicas",
    "readyReplicas",
    "updatedReplicas",
    "availableReplicas",
  ] as const;
  return (
    (now.observedGeneration ?? 0) > (before?.observedGeneration ?? 0) ||
    counts.some((count) => (now[count] ?? 0) !== (before?.[count] ?? 0)) ||
    now.currentRevision !== before?.currentRevision ||
    now.updateRevision !== before?.updateRevision
  );
}
