import type { Clock } from "../../api/clock.ts";
import type { FeatureGates } from "../../api/feature-gates.ts";
import { isNamespaceTerminating, StatusError } from "../../api/status.ts";
import type { EventRecorder } from "../../client/events.ts";
import { objectKey } from "../../client/known-objects.ts";
import { referenceTo } from "../controllees/controller-ref.ts";
import type { Expectations } from "../controllees/expectations.ts";
import type { PodControl } from "../controllees/pod-control.ts";
import { isPodAvailable, isPodTerminal, type Pod, readySince } from "../controllees/pod-facts.ts";
import { slowStart } from "../controllees/slow-start.ts";
import {
  allowsSurge,
  type DaemonSet,
  type DaemonSetStatus,
  daemonSetKind,
  isUpdated,
  type Node,
  placementOn,
  targetNode,
  templateFor,
  updateLimits,
} from "./daemon-sets.ts";
import type { FailedPodsBackoff } from "./failed-pods-backoff.ts";

/** What all DaemonSets share. */
export interface DaemonSetEnvironment {
  clock: Clock;
  gates: FeatureGates;
  recorder: EventRecorder;
  podControl: PodControl;
  expectations: Expectations;
  backoff: FailedPodsBackoff;
  lookAgain(key: string, after: number): void;
}

/** So many pods are created or deleted before their events are waited for. */
const burst = 250;

const isGoing = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;
const createdAt = ({ metadata }: Pod): string => metadata.creationTimestamp ?? "";

/** Pods that are on their node first, then older ones. */
const byAge = (a: Pod, b: Pod): number =>
  Number(!!b.spec?.nodeName) - Number(!!a.spec?.nodeName) ||
  compareText(createdAt(a), createdAt(b)) ||
  compareText(a.metadata.name ?? "", b.metadata.name ?? "");
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** One look at a DaemonSet. Source: manage, rollingUpdate and updateDaemonSetStatus of pkg/controller/daemon. */
export class DaemonSetSync {
  readonly #environment: DaemonSetEnvironment;
  readonly #set: DaemonSet;
  readonly #key: string;
  readonly #hash: string;
  readonly #nodes: ReadonlyMap<string, { runs: boolean; stays: boolean }>;
  readonly #now: number;
  #podsByNode: ReadonlyMap<string, readonly Pod[]> = new Map();

  constructor(environment: DaemonSetEnvironment, set: DaemonSet, nodes: Iterable<Node>, hash: string) {
    this.#environment = environment;
    this.#set = set;
    this.#key = objectKey(set);
    this.#hash = hash;
    this.#now = environment.clock.now();
    const placements = [...nodes].map(
      (node) => [node.metadata.name ?? "", placementOn(set, node, environment.gates)] as const,
    );
    this.#nodes = new Map(placements);
  }

  /** Takes over what pods there are now. */
  see(pods: readonly Pod[]): void {
    const byNode = new Map<string, Pod[]>();
    for (const pod of pods) {
      const node = targetNode(pod);
      if (node === undefined || (isPodTerminal(pod) && isGoing(pod))) continue;
      byNode.set(node, [...(byNode.get(node) ?? []), pod]);
    }
    this.#podsByNode = byNode;
  }

  /** Creates pods where they are missing, and deletes those that are too many or have ended. */
  async manage(): Promise<void> {
    const needing: string[] = [];
    const surplus: Pod[] = [];
    for (const [node, placement] of this.#nodes) {
      const pods = this.#podsByNode.get(node);
      if (placement.runs && !pods) needing.push(node);
      else if (placement.stays) this.#judge(node, pods ?? [], placement.runs, needing, surplus);
      else surplus.push(...(pods ?? []).filter((pod) => !isGoing(pod)));
    }
    for (const [node, pods] of this.#podsByNode)
      if (!this.#nodes.has(node)) surplus.push(...pods.filter(({ spec }) => !spec?.nodeName));
    await this.#write(surplus, needing);
  }

  /** Which of a node's pods have to go, and whether it needs another. */
  #judge(node: string, pods: readonly Pod[], runs: boolean, needing: string[], surplus: Pod[]): void {
    const running = pods.filter((pod) => !isGoing(pod) && !this.#isEnded(node, pod, surplus)).sort(byAge);
    if (!allowsSurge(this.#set)) {
      surplus.push(...running.slice(1));
      return;
    }
    if (running.length <= 1) {
      if (running.length === 0 && runs) needing.push(node);
      return;
    }
    const fresh = running.filter((pod) => this.#hasHash(pod));
    const old = running.filter((pod) => !this.#hasHash(pod));
    surplus.push(...fresh.slice(1), ...old.slice(1));
    const [oldestFresh, oldestOld] = [fresh[0], old[0]];
    if (!oldestFresh || !oldestOld) return;
    if (readySince(oldestOld) === undefined || this.#isAvailable(oldestFresh)) surplus.push(oldestOld);
  }

  #hasHash({ metadata }: Pod): boolean {
    return metadata.labels?.["controller-revision-hash"] === this.#hash;
  }

  /** Says so of a pod that has ended, and lets it go unless others failed there just now. */
  #isEnded(node: string, pod: Pod, surplus: Pod[]): boolean {
    const { backoff, lookAgain, recorder } = this.#environment;
    const phase = pod.status?.phase;
    if (phase !== "Failed" && phase !== "Succeeded") return false;
    const about = referenceTo(this.#set, daemonSetKind);
    const subject = `daemon pod ${objectKey(pod)} on node ${node}, will try to`;
    if (phase === "Succeeded") {
      const message = `Found succeeded ${subject} delete it`;
      recorder.record({ about, type: "Normal", reason: "SucceededDaemonPod", message });
      surplus.push(pod);
      return true;
    }
    const { uid } = this.#set.metadata;
    const key = `${uid}/${this.#set.status?.observedGeneration ?? 0}/${node}`;
    const wait = backoff.remaining(key);
    if (wait > 0) {
      lookAgain(this.#key, wait);
      return true;
    }
    backoff.next(key);
    recorder.record({
      ...{ about, type: "Warning", reason: "FailedDaemonPod" },
      message: `Found failed ${subject} kill it`,
    });
    surplus.push(pod);
    return true;
  }

  /** Replaces pods of other templates, within the limits. */
  async rollOut(): Promise<void> {
    const wanted = [...this.#nodes].filter(([, { runs }]) => runs).map(([node]) => node);
    const { surge, unavailable } = updateLimits(this.#set, wanted.length);
    const nodes = new Set([...this.#podsByNode.keys(), ...wanted]);
    const pairs = [...nodes].map((node) => ({ node, ...this.#generationsOn(node) }));
    if (surge === 0) await this.#replace(pairs, unavailable);
    else await this.#surge(pairs, surge, wanted.length);
  }

  /** The pod of the current template and that of another; isClear: there are no more. */
  #generationsOn(node: string): { fresh: Pod | undefined; old: Pod | undefined; isClear: boolean } {
    const pods = (this.#podsByNode.get(node) ?? []).filter((pod) => !isGoing(pod));
    const fresh = pods.filter((pod) => isUpdated(this.#set, pod, this.#hash));
    const old = pods.filter((pod) => !fresh.includes(pod));
    return { fresh: fresh[0], old: old[0], isClear: fresh.length <= 1 && old.length <= 1 };
  }

  /** Old pods go first: those that do not work in any case, others as long as enough are available. */
  async #replace(pairs: readonly Generations[], most: number): Promise<void> {
    const broken: Pod[] = [];
    const candidates: Pod[] = [];
    let missing = 0;
    for (const { fresh, old, isClear } of pairs) {
      if (!isClear || !fresh === !old) missing++;
      else if (fresh) missing += Number(!this.#isAvailable(fresh));
      else if (old && !this.#isAvailable(old)) {
        broken.push(old);
        missing++;
      } else if (old && missing < most) candidates.push(old);
    }
    await this.#write([...broken, ...candidates.slice(0, Math.max(0, most - missing))], []);
  }

  /** New pods come first, and old ones go when these work. */
  async #surge(pairs: readonly Generations[], most: number, wanted: number): Promise<void> {
    const gone: Pod[] = [];
    const unwanted: Pod[] = [];
    const allowed: string[] = [];
    const candidates: string[] = [];
    let surging = 0;
    let available = 0;
    for (const { node, fresh, old, isClear } of pairs) {
      if (!isClear) {
        surging++;
        continue;
      }
      const present = old ?? fresh;
      if (present && this.#isAvailable(present)) available++;
      if (!old) continue;
      const runs = this.#nodes.get(node)?.runs ?? false;
      if (fresh) {
        if (this.#isAvailable(fresh)) gone.push(old);
        else surging++;
      } else if (!this.#isAvailable(old)) {
        if (runs) allowed.push(node);
        else gone.push(old);
      } else if (!runs) unwanted.push(old);
      else if (surging < most) candidates.push(node);
    }
    gone.push(...unwanted.slice(0, Math.max(0, available - wanted)));
    await this.#write(gone, [...allowed, ...candidates.slice(0, Math.max(0, most - surging))]);
  }

  #isAvailable(pod: Pod): boolean {
    return isPodAvailable(pod, this.#set.spec.minReadySeconds ?? 0, this.#now);
  }

  /** Deletes and creates pods; throws the first failure. */
  async #write(surplus: readonly Pod[], needing: readonly string[]): Promise<void> {
    const { expectations, podControl } = this.#environment;
    const removed = surplus.slice(0, burst);
    const nodes = needing.slice(0, burst);
    expectations.expect(this.#key, nodes.length, removed.map(objectKey));
    const { succeeded, error } = await slowStart(nodes.length, async (index) => {
      try {
        await podControl.create(this.#set, templateFor(this.#set, this.#hash, nodes[index]!));
      } catch (failure) {
        if (!isNamespaceTerminating(failure)) throw failure;
      }
    });
    for (let skipped = succeeded; skipped < nodes.length; skipped++) expectations.creationObserved(this.#key);
    const results = await Promise.allSettled(removed.map((pod) => this.#delete(pod)));
    if (error !== undefined) throw error;
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  async #delete(pod: Pod): Promise<void> {
    const { expectations, podControl } = this.#environment;
    try {
      await podControl.delete(this.#set, pod.metadata.name ?? "");
    } catch (error) {
      expectations.deletionObserved(this.#key, objectKey(pod));
      if (!(error instanceof StatusError) || error.code !== 404) throw error;
    }
  }

  /** isObserved: what there is to do for this generation has been done. */
  status(isObserved: boolean): DaemonSetStatus {
    const { status = {}, metadata } = this.#set;
    const { collisionCount, conditions, observedGeneration = 0 } = status as Partial<DaemonSetStatus>;
    const counts = { wanted: 0, current: 0, misplaced: 0, ready: 0, updated: 0, available: 0 };
    for (const [node, { runs }] of this.#nodes) {
      const pod = this.#podsByNode.get(node)?.toSorted(byAge)[0];
      if (!runs) counts.misplaced += Number(pod !== undefined);
      if (!runs) continue;
      counts.wanted++;
      if (!pod) continue;
      counts.current++;
      counts.ready += Number(readySince(pod) !== undefined);
      counts.available += Number(this.#isAvailable(pod));
      counts.updated += Number(isUpdated(this.#set, pod, this.#hash));
    }
    return {
      currentNumberScheduled: counts.current,
      numberMisscheduled: counts.misplaced,
      desiredNumberScheduled: counts.wanted,
      numberReady: counts.ready,
      observedGeneration: isObserved ? (metadata.generation ?? 0) : observedGeneration,
      updatedNumberScheduled: counts.updated,
      numberAvailable: counts.available,
      numberUnavailable: counts.wanted - counts.available,
      ...(collisionCount === undefined ? {} : { collisionCount }),
      ...(conditions === undefined ? {} : { conditions }),
    };
  }
}

interface Generations {
  node: string;
  fresh: Pod | undefined;
  old: Pod | undefined;
  isClear: boolean;
}
