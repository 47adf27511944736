/** What controllers ask of pods. Source: pkg/controller/controller_utils.go, pkg/api/v1/pod/util.go. */
import type { Pod as PodObject } from "../../api/core-types.ts";
import type { KubeObject } from "../../api/object.ts";
import { podCondition } from "../../api/pod-conditions.ts";
import type { Informer, ObjectIndex } from "../../client/informer.ts";
import { controllerOf } from "./controller-ref.ts";

export type Pod = Omit<PodObject, "metadata"> & KubeObject;

export const podsResource = { group: "", version: "v1", resource: "pods" } as const;

export const isPodTerminal = ({ status }: Pod): boolean =>
  status?.phase === "Succeeded" || status?.phase === "Failed";

/** IsPodActive: it runs or will. */
export const isPodActive = (pod: Pod): boolean =>
  !isPodTerminal(pod) && pod.metadata.deletionTimestamp === undefined;

/** IsPodTerminating: it runs, but not for long. */
export const isPodTerminating = (pod: Pod): boolean =>
  !isPodTerminal(pod) && pod.metadata.deletionTimestamp !== undefined;

/** Since when it is ready, in milliseconds of the epoch; 0 when nobody says, undefined when it is not. */
export function readySince({ status }: Pod): number | undefined {
  const condition = podCondition(status, "Ready");
  if (condition?.status !== "True") return undefined;
  return condition.lastTransitionTime ? Date.parse(condition.lastTransitionTime) : 0;
}

/** IsPodAvailable: ready for so many seconds. */
export function isPodAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const since = readySince(pod);
  if (since === undefined) return false;
  return minReadySeconds === 0 || (since > 0 && since + minReadySeconds * 1000 <= now);
}

/** Milliseconds until the next of the pods has been ready for long enough (FindMinNextPodAvailabilityCheck). */
export function nextAvailabilityCheck(
  pods: readonly Pod[],
  minReadySeconds: number,
  now: number,
): number | undefined {
  let next: number | undefined;
  for (const pod of pods) {
    const since = readySince(pod);
    if (!since) continue;
    const left = since + minReadySeconds * 1000 - now;
    if (left > 0 && (next === undefined || left < next)) next = left;
  }
  return next;
}

/** Pods by the one who manages them, and orphans by their namespace (PodControllerIndexKey). */
const podController = (pod: Pod): string[] => {
  const owner = controllerOf(pod);
  return [owner ? owner.uid : `orphans of ${pod.metadata.namespace}`];
};

/** Finds the pods of a controller. */
export class ControlledPods {
  readonly #index: ObjectIndex<Pod>;

  constructor(pods: Informer<Pod>) {
    this.#index = pods.index(podController);
  }

  ownedBy({ metadata }: KubeObject): Iterable<Pod> {
    return this.#index.get(metadata.uid ?? "");
  }

  /** Pods of the namespace that nobody manages. */
  orphansIn(namespace: string | undefined): Iterable<Pod> {
    return this.#index.get(`orphans of ${namespace}`);
  }
}
