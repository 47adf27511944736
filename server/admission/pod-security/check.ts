import { compareBytes } from "../../../api/byte-order.ts";
import { allContainers, type Container, type PodSpec } from "../../../api/core-types.ts";
import type { ObjectMeta } from "../../../api/object.ts";

/** A pod, or the template of one. */
export interface CheckedPod {
  readonly metadata: ObjectMeta;
  readonly spec: PodSpec;
}

/** Why a pod is refused: shortly, and what exactly. */
export interface Violation {
  reason: string;
  detail: string;
}

export type CheckPod = (pod: CheckedPod) => Violation | undefined;

export interface Check {
  readonly id: string;
  /** How pods are checked from a minor version on, in rising order. */
  readonly versions: readonly (readonly [minor: number, check: CheckPod])[];
  /** The check of the baseline that is left out where this one runs. */
  readonly overrides?: string;
}

export const plural = (singular: string, count: number): string => (count === 1 ? singular : `${singular}s`);

export const quoted = (items: readonly string[]): string => items.map((item) => `"${item}"`).join(", ");

export const sorted = (items: Iterable<string>): string[] => [...new Set(items)].sort(compareBytes);

/** Names of the containers of which the test holds. */
export function containersThat({ spec }: CheckedPod, test: (container: Container) => boolean): string[] {
  const names: string[] = [];
  for (const container of allContainers(spec)) if (test(container)) names.push(container.name);
  return names;
}

/** `containers "a", "b"` */
export const containersText = (names: readonly string[]): string =>
  `${plural("container", names.length)} ${quoted(names)}`;

/** `pod and container "a"`: who set something. */
export function settersText(pod: boolean, containers: readonly string[]): string {
  const setters = [...(pod ? ["pod"] : []), ...(containers.length > 0 ? [containersText(containers)] : [])];
  return setters.join(" and ");
}

/** A check that Windows pods need not pass: what it asks for they cannot set. */
export const unlessWindows =
  (check: CheckPod): CheckPod =>
  (pod) =>
    pod.spec.os?.name === "windows" ? undefined : check(pod);

/** A check that pods in a user namespace of their own need not pass. */
export const unlessUserNamespace =
  (check: CheckPod): CheckPod =>
  (pod) =>
    pod.spec.hostUsers === false ? undefined : check(pod);
