/** Conditions in a pod's status. Source: k8s.io/kubernetes/pkg/api/pod/util.go. */
import type { Pod, PodCondition, PodStatus } from "./core-types.ts";

/** GetPodCondition. */
export function podCondition(status: PodStatus | undefined, type: string): PodCondition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

export function isPodReady({ status }: Pick<Pod, "status">): boolean {
  return podCondition(status, "Ready")?.status === "True";
}

/** UpdatePodCondition: adds or replaces; now (a timestamp) counts where the status changes. */
export function setPodCondition(status: PodStatus, condition: PodCondition, now: string): void {
  const conditions = status.conditions ?? [];
  const index = conditions.findIndex(({ type }) => type === condition.type);
  const old = conditions[index];
  const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : now;
  // Go writes a time that is not set as null here.
  const updated = { lastProbeTime: null, ...condition, lastTransitionTime } as PodCondition;
  status.conditions = index < 0 ? [...conditions, updated] : conditions.with(index, updated);
}
