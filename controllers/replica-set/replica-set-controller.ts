import { isNamespaceTerminating, StatusError } from "../../api/status.ts";
import { EventRecorder } from "../../client/events.ts";
import type { Informer, ObjectIndex } from "../../client/informer.ts";
import { objectKey } from "../../client/known-objects.ts";
import { again, WorkQueue } from "../../client/work-queue.ts";
import { claim } from "../controllees/claim.ts";
import { controllerOf, isControlledBy } from "../controllees/controller-ref.ts";
import { inDeletionOrder } from "../controllees/deletion-order.ts";
import { Expectations } from "../controllees/expectations.ts";
import { Owners } from "../controllees/owners.ts";
import { PodControl } from "../controllees/pod-control.ts";
import {
  ControlledPods,
  isPodActive,
  isPodTerminating,
  nextAvailabilityCheck,
  type Pod,
  podsResource,
  readySince,
} from "../controllees/pod-facts.ts";
import { slowStart } from "../controllees/slow-start.ts";
import type { ControllerContext, MakeController } from "../controller.ts";
import { isStatusCurrent, type Observed, replicaSetStatus } from "./replica-set-status.ts";
import {
  desiredReplicas,
  type ReplicaSet,
  type ReplicaSetKind,
  replicaSets,
  replicationControllers,
} from "./replica-sets.ts";

/** So many pods are created or deleted before their events are waited for. */
const burst = 500;
const workers = 5;

export const makeReplicaSetController: MakeController = (context) => {
  new ReplicaSetController(replicaSets, context);
};

export const makeReplicationController: MakeController = (context) => {
  new ReplicaSetController(replicationControllers, context);
};

const ownerUidOf = (set: ReplicaSet): string[] => [controllerOf(set)?.uid ?? ""];

/** Keeps as many pods as each set wants. Source: pkg/controller/replicaset/replica_set.go. */
class ReplicaSetController {
  readonly #kind: ReplicaSetKind;
  readonly #context: ControllerContext;
  readonly #sets: Informer<ReplicaSet>;
  readonly #owners: Owners<ReplicaSet>;
  readonly #setsByOwner: ObjectIndex<ReplicaSet>;
  readonly #pods: ControlledPods;
  readonly #expectations: Expectations;
  readonly #podControl: PodControl;
  readonly #queue: WorkQueue;

  constructor(kind: ReplicaSetKind, context: ControllerContext) {
    const { client, clock, random, signal, onError, informers, ready } = context;
    this.#kind = kind;
    this.#context = context;
    this.#sets = informers.of<ReplicaSet>(kind.resource);
    const { selectorOf } = kind;
    this.#owners = new Owners({ kind: kind.kind.kind, informer: this.#sets, selectorOf });
    this.#setsByOwner = this.#sets.index(ownerUidOf);
    const pods = informers.of<Pod>(podsResource);
    this.#pods = new ControlledPods(pods);
    this.#expectations = new Expectations(clock);
    const recorder = new EventRecorder({ client, clock, random, signal, onError }, kind.component);
    this.#podControl = new PodControl({ client, recorder, kind: kind.kind });
    const work = (key: string) => this.#sync(key);
    this.#queue = new WorkQueue({ clock, signal, onError, ready, workers, work });
    this.#sets.onChange((now, before) => {
      const key = objectKey((now ?? before)!);
      if (now?.metadata.uid !== before?.metadata.uid) this.#expectations.forget(key);
      this.#queue.add(key);
    });
    pods.onChange((now, before) => this.#podChanged(now as Pod | undefined, before as Pod | undefined));
  }

  #podChanged(now: Pod | undefined, before: Pod | undefined): void {
    this.#observe(now, before);
    for (const set of this.#owners.affectedBy(now, before)) this.#queue.add(objectKey(set));
    const set = now && before && this.#owners.of(now);
    const { minReadySeconds = 0 } = set?.spec ?? {};
    if (!set || minReadySeconds === 0) return;
    const isNewlyReady = readySince(before) === undefined && readySince(now) !== undefined;
    if (isNewlyReady) this.#queue.addAfter(objectKey(set), minReadySeconds * 1000);
  }

  /** A pod counts as gone when it is to be deleted, whenever its node lets it go. */
  #observe(now: Pod | undefined, before: Pod | undefined): void {
    const isSame = now?.metadata.uid === before?.metadata.uid;
    const isGoing = now?.metadata.deletionTimestamp !== undefined;
    for (const pod of [isSame ? undefined : before, isGoing ? now : undefined]) {
      const set = pod && this.#owners.of(pod);
      if (set) this.#expectations.deletionObserved(objectKey(set), objectKey(pod));
    }
    const set = now && !isSame && !isGoing ? this.#owners.of(now) : undefined;
    if (set) this.#expectations.creationObserved(objectKey(set));
  }

  async #sync(key: string): Promise<unknown> {
    const set = this.#sets.objects.get(key);
    if (!set) {
      this.#expectations.forget(key);
      return undefined;
    }
    const isSatisfied = this.#expectations.isSatisfied(key);
    const { clock, gates } = this.#context;
    const pods = [...this.#pods.ownedBy(set), ...this.#pods.orphansIn(set.metadata.namespace)];
    const active = await this.#claim(set, pods.filter(isPodActive));
    const selector = this.#kind.selectorOf(set);
    const isCounted = (pod: Pod) =>
      isPodTerminating(pod) && isControlledBy(pod, set) && selector.matches(pod.metadata.labels);
    const counts = this.#kind.countsTerminating && gates.enabled("DeploymentReplicaSetTerminatingReplicas");
    const terminating = counts ? pods.filter(isCounted) : undefined;
    const isToManage = isSatisfied && set.metadata.deletionTimestamp === undefined;
    const failure = isToManage ? await this.#manage(key, set, active) : undefined;
    const observed = { active, terminating, failure, now: clock.now() };
    const written = await this.#writeStatus(set, observed);
    if (!written) return again;
    if (failure) throw failure;
    this.#checkAvailabilityLater(key, written, observed);
    return undefined;
  }

  #claim(set: ReplicaSet, pods: readonly Pod[]): Promise<Pod[]> {
    const { client } = this.#context;
    const { namespace = "", name = "" } = set.metadata;
    const { kind, resource, selectorOf } = this.#kind;
    return claim(pods, {
      ...{ client, kind, controller: set, selector: selectorOf(set), resource: podsResource },
      fresh: () => client.get({ ...resource, namespace }, name),
    });
  }

  /** Creates what is missing or deletes what is too much; resolves to the first failure. */
  async #manage(key: string, set: ReplicaSet, active: readonly Pod[]): Promise<Error | undefined> {
    const missing = desiredReplicas(set) - active.length;
    if (missing > 0) return await this.#create(key, set, Math.min(missing, burst));
    if (missing < 0) return await this.#delete(key, set, active, Math.min(-missing, burst));
    return undefined;
  }

  async #create(key: string, set: ReplicaSet, count: number): Promise<Error | undefined> {
    this.#expectations.expectCreations(key, count);
    const { succeeded, error } = await slowStart(count, async () => {
      try {
        await this.#podControl.create(set, set.spec.template);
      } catch (error) {
        // Nothing will be created there any more.
        if (!isNamespaceTerminating(error)) throw error;
      }
    });
    for (let skipped = succeeded; skipped < count; skipped++) this.#expectations.creationObserved(key);
    return error as Error | undefined;
  }

  async #delete(
    key: string,
    set: ReplicaSet,
    active: readonly Pod[],
    count: number,
  ): Promise<Error | undefined> {
    const chosen = this.#choose(set, active, count);
    this.#expectations.expectDeletions(key, chosen.map(objectKey));
    const results = await Promise.allSettled(
      chosen.map(async (pod) => {
        try {
          await this.#podControl.delete(set, pod.metadata.name ?? "");
        } catch (error) {
          this.#expectations.deletionObserved(key, objectKey(pod));
          if (!(error instanceof StatusError) || error.code !== 404) throw error;
        }
      }),
    );
    const failed = results.find((result): result is PromiseRejectedResult => result.status === "rejected");
    return failed?.reason as Error | undefined;
  }

  #choose(set: ReplicaSet, active: readonly Pod[], count: number): readonly Pod[] {
    if (count >= active.length) return active;
    const { clock, gates } = this.#context;
    const onNode = new Map<string, number>();
    for (const pod of this.#related(set)) {
      const node = pod.spec?.nodeName ?? "";
      onNode.set(node, (onNode.get(node) ?? 0) + 1);
    }
    const rank = (pod: Pod) => onNode.get(pod.spec?.nodeName ?? "") ?? 0;
    return inDeletionOrder(active, { gates, now: clock.now(), rank }).slice(0, count);
  }

  /** Active pods of all sets that have the same owner as this one. */
  *#related(set: ReplicaSet): Generator<Pod> {
    const owner = controllerOf(set);
    if (!owner) return;
    for (const sibling of this.#setsByOwner.get(owner.uid)) {
      for (const pod of this.#pods.ownedBy(sibling)) if (isPodActive(pod)) yield pod;
    }
  }

  /** The set as it is then; undefined: somebody else was faster. */
  async #writeStatus(set: ReplicaSet, observed: Observed): Promise<ReplicaSet | undefined> {
    const { client, clock } = this.#context;
    const status = replicaSetStatus(set, observed, clock);
    if (isStatusCurrent(set, status)) return set;
    const place = { ...this.#kind.resource, namespace: set.metadata.namespace ?? "" };
    try {
      const object = { ...set, status } as ReplicaSet;
      const written = (await client.update(place, object, { subresource: "status" })) as ReplicaSet;
      this.#sets.objects.remember(written);
      return written;
    } catch (error) {
      if (error instanceof StatusError && (error.code === 409 || error.code === 404)) return undefined;
      throw error;
    }
  }

  #checkAvailabilityLater(key: string, { spec, status }: ReplicaSet, { active, now }: Observed): void {
    const { minReadySeconds = 0 } = spec;
    if (minReadySeconds === 0 || (status?.readyReplicas ?? 0) === (status?.availableReplicas ?? 0)) return;
    const next = nextAvailabilityCheck(active, minReadySeconds, now);
    this.#queue.addAfter(key, next ?? minReadySeconds * 1000);
  }
}
