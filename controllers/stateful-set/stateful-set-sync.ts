import { scaledIntOrPercent } from "../../api/int-or-string.ts";
import type { ControllerRevision } from "../controllees/history.ts";
import { templateOf } from "../controllees/history.ts";
import { podFromTemplate } from "../controllees/pod-control.ts";
import { isPodAvailable, isPodTerminal, type Pod, readySince } from "../controllees/pod-facts.ts";
import { slowStart } from "../controllees/slow-start.ts";
import type { StatefulPodControl } from "./stateful-pod-control.ts";
import {
  isInRange,
  isMonotonic,
  ordinalOf,
  podRevision,
  type StatefulSet,
  type StatefulSetStatus,
  startOrdinal,
  statefulSetKind,
  wantedReplicas,
  withIdentity,
  withRevision,
  withStorage,
} from "./stateful-sets.ts";

export interface Revisions {
  current: ControllerRevision;
  update: ControllerRevision;
  collisions: number;
}

export interface StatefulSetSyncOptions {
  control: StatefulPodControl;
  set: StatefulSet;
  /** The set's own pods. */
  pods: readonly Pod[];
  revisions: Revisions;
  /** Milliseconds of the epoch. */
  now: number;
  /** The feature MaxUnavailableStatefulSet: an update may take several pods at a time. */
  hasMaxUnavailable: boolean;
}

const isCreated = ({ status }: Pod): boolean => !!status?.phase;
const isGoing = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;
const isRunningAndReady = (pod: Pod): boolean =>
  pod.status?.phase === "Running" && readySince(pod) !== undefined;

/** What is done for a pod: "wait" ends the round where one waits for the other. */
type Step = "go on" | "wait";

/**
 * One round of a StatefulSet: pods that are missing are created, those too many deleted and those of another revision
 * replaced, each when those before it work, unless all may go at once.
 * Source: updateStatefulSet of pkg/controller/statefulset/stateful_set_control.go.
 */
export class StatefulSetSync {
  readonly #options: StatefulSetSyncOptions;
  readonly #isMonotonic: boolean;
  /** By their index, those that are to be created included. */
  readonly #replicas: readonly Pod[];
  /** Those beyond the range, highest first. */
  readonly #condemned: readonly Pod[];
  /** So many have been sent away to be replaced. */
  #replaced = 0;

  constructor(options: StatefulSetSyncOptions) {
    this.#options = options;
    const { set, pods } = options;
    this.#isMonotonic = isMonotonic(set);
    const numbered = new Map(pods.filter((pod) => isInRange(pod, set)).map((pod) => [ordinalOf(pod), pod]));
    const start = startOrdinal(set);
    this.#replicas = Array.from(
      { length: wantedReplicas(set) },
      (_, index) => numbered.get(start + index) ?? this.#newPod(start + index),
    );
    this.#condemned = pods
      .filter((pod) => ordinalOf(pod) >= 0 && !isInRange(pod, set))
      .sort((a, b) => ordinalOf(b) - ordinalOf(a));
  }

  /** What the status is then, and what failed, if anything did. */
  async run(): Promise<{ status: StatefulSetStatus; failure?: unknown }> {
    try {
      if (this.#options.set.metadata.deletionTimestamp === undefined) await this.#act();
      return { status: this.#status() };
    } catch (failure) {
      return { status: this.#status(), failure };
    }
  }

  async #act(): Promise<void> {
    const { control, set } = this.#options;
    const firstUnavailable = [...this.#replicas, ...this.#condemned.toReversed()].find((pod) =>
      this.#isUnavailable(pod),
    );
    if (await this.#forAll(this.#replicas, (pod) => this.#processReplica(pod))) return;
    const mendOwners = async (pod: Pod): Promise<Step> => {
      await control.mendOwners(set, pod);
      return "go on";
    };
    if (await this.#forAll(this.#condemned, mendOwners)) return;
    if (await this.#forAll(this.#condemned, (pod) => this.#processCondemned(pod, firstUnavailable))) return;
    if (set.spec.updateStrategy?.type === "OnDelete") return;
    if (this.#options.hasMaxUnavailable) await this.#replaceSeveral();
    else await this.#replaceOne();
  }

  /** One after the other or, if none waits for another, all at once; whether the round is over. */
  async #forAll(pods: readonly Pod[], process: (pod: Pod) => Promise<Step>): Promise<boolean> {
    if (this.#isMonotonic) {
      for (const pod of pods) if ((await process(pod)) === "wait") return true;
      return false;
    }
    const { error } = await slowStart(pods.length, async (index) => {
      await process(pods[index]!);
    });
    if (error !== undefined) throw error;
    return false;
  }

  async #processReplica(pod: Pod): Promise<Step> {
    const { control, set } = this.#options;
    if (isPodTerminal(pod)) {
      // It comes again when this one is gone.
      if (!isGoing(pod)) await control.delete(set, pod);
      return "wait";
    }
    if (!isCreated(pod)) {
      if (control.isBlocked(set, pod)) return "wait";
      await control.create(set, pod);
      if (this.#isMonotonic) return "wait";
    }
    if (pod.status?.phase === "Pending") await control.completeClaims(set, pod);
    if (this.#isMonotonic && (isGoing(pod) || !isRunningAndReady(pod) || !this.#isAvailable(pod)))
      return "wait";
    if (isCreated(pod)) await control.mend(set, pod);
    return "go on";
  }

  async #processCondemned(pod: Pod, firstUnavailable: Pod | undefined): Promise<Step> {
    const { control, set } = this.#options;
    if (isGoing(pod)) return this.#isMonotonic ? "wait" : "go on";
    const isWorking = isRunningAndReady(pod) && this.#isAvailable(pod);
    // What does not work may go out of turn only if it is the first such.
    if (this.#isMonotonic && !isWorking && pod !== firstUnavailable) return "wait";
    await control.delete(set, pod);
    return "wait";
  }

  /** The highest pod of another revision, when those above it work. */
  async #replaceOne(): Promise<void> {
    const { control, set, revisions } = this.#options;
    for (const pod of this.#replicas.slice(this.#partition).reverse()) {
      if (podRevision(pod) !== revisions.update.metadata.name && !isGoing(pod)) {
        await control.delete(set, pod);
        this.#replaced++;
        return;
      }
      if (this.#isUnavailable(pod)) return;
    }
  }

  /** As many as may be unavailable, from the highest. Source: updateStatefulSetAfterInvariantEstablished. */
  async #replaceSeveral(): Promise<void> {
    const { control, set, revisions } = this.#options;
    const { maxUnavailable = 1 } = set.spec.updateStrategy?.rollingUpdate ?? {};
    const most = Math.max(1, scaledIntOrPercent(maxUnavailable, wantedReplicas(set), false));
    let left = most - this.#replicas.filter((pod) => this.#isUnavailable(pod)).length;
    for (const pod of this.#replicas.slice(this.#partition).reverse()) {
      if (left <= 0) return;
      if (podRevision(pod) === revisions.update.metadata.name || isGoing(pod)) continue;
      await control.delete(set, pod);
      this.#replaced++;
      left--;
    }
  }

  get #partition(): number {
    return this.#options.set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  }

  #isAvailable(pod: Pod): boolean {
    const { set, now } = this.#options;
    return isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now);
  }

  #isUnavailable(pod: Pod): boolean {
    return !this.#isAvailable(pod) || isGoing(pod);
  }

  /** Of the current revision where an update has not come yet. Source: newVersionedStatefulSetPod. */
  #newPod(ordinal: number): Pod {
    const { set, revisions } = this.#options;
    const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
    const updated =
      rollingUpdate === undefined
        ? type === "RollingUpdate"
          ? (set.status?.currentReplicas ?? 0)
          : 0
        : (rollingUpdate.partition ?? 0);
    const revision = ordinal < startOrdinal(set) + updated ? revisions.current : revisions.update;
    const bare = podFromTemplate(set, statefulSetKind, templateOf(revision));
    const pod = withStorage(set, withIdentity(set, bare, ordinal), ordinal);
    const { name = "" } = pod.metadata;
    const { serviceName } = set.spec;
    const spec = { ...pod.spec!, hostname: name, ...(serviceName ? { subdomain: serviceName } : {}) };
    return withRevision({ ...pod, spec }, revision.metadata.name ?? "");
  }

  #status(): StatefulSetStatus {
    const { set, revisions } = this.#options;
    const { current, update, collisions } = revisions;
    const pods = [...this.#replicas, ...this.#condemned].filter(isCreated);
    const count = (is: (pod: Pod) => boolean) => pods.filter(is).length;
    const isOf = (revision: ControllerRevision) => (pod: Pod) =>
      !isGoing(pod) && podRevision(pod) === revision.metadata.name;
    const status = {
      observedGeneration: set.metadata.generation ?? 0,
      replicas: pods.length,
      readyReplicas: count(isRunningAndReady),
      availableReplicas: count((pod) => isRunningAndReady(pod) && this.#isAvailable(pod)),
      currentReplicas: count(isOf(current)) - this.#replaced,
      updatedReplicas: count(isOf(update)),
      currentRevision: current.metadata.name ?? "",
      updateRevision: update.metadata.name ?? "",
      collisionCount: collisions,
    };
    return this.#isUpdated(status)
      ? { ...status, currentReplicas: status.updatedReplicas, currentRevision: status.updateRevision }
      : status;
  }

  /** Nothing is left of what was current before (completeRollingUpdate). */
  #isUpdated(status: StatefulSetStatus): boolean {
    const { set } = this.#options;
    const wanted = wantedReplicas(set);
    const counts = [status.updatedReplicas, status.readyReplicas, status.replicas];
    return set.spec.updateStrategy?.type === "RollingUpdate" && counts.every((count) => count === wanted);
  }
}
