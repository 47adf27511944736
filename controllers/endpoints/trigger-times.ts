import { podCondition } from "../../api/pod-conditions.ts";
import type { Pod } from "../controllees/pod-facts.ts";
import type { Service } from "./service-pods.ts";

export const triggerTimeAnnotation = "endpoints.kubernetes.io/last-change-trigger-time";

interface State {
  readonly service: string;
  readonly pods: ReadonlyMap<string, string>;
}

/**
 * Since when what changed has been so: the earliest of the times that are new since the Service was looked at last.
 * Source: k8s.io/endpointslice, util/trigger_time_tracker.go.
 */
export class TriggerTimes {
  readonly #states = new Map<string, State>();

  /** undefined: nothing that has a time is new. */
  next(
    key: string,
    { metadata: { creationTimestamp = "" } }: Service,
    pods: readonly Pod[],
  ): string | undefined {
    const state = this.#states.get(key);
    const times = new Map<string, string>();
    for (const { metadata, status } of pods) {
      const time = podCondition(status, "Ready")?.lastTransitionTime;
      if (time) times.set(metadata.name ?? "", time);
    }
    this.#states.set(key, { service: creationTimestamp, pods: times });
    if (!state) return creationTimestamp || undefined;
    const changed = [...times]
      .filter(([name, time]) => time > (state.pods.get(name) ?? ""))
      .map(([, time]) => time);
    if (creationTimestamp > state.service) changed.push(creationTimestamp);
    // Times of whole seconds in UTC sort as texts.
    return changed.sort()[0];
  }

  forget(key: string): void {
    this.#states.delete(key);
  }
}
