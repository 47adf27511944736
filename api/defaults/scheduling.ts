/** Defaults of scheduling.k8s.io. Sources: pkg/apis/scheduling/{v1,v1alpha2}. */
import type { ObjectOf } from "../object-of.ts";
import type { DefaultsTable } from "./table.ts";

function defaultPriorityClass(priority: ObjectOf<"io.k8s.api.scheduling.v1.PriorityClass">): void {
  priority.preemptionPolicy ??= "PreemptLowerPriority";
}

function defaultPodGroup({ spec }: ObjectOf<"io.k8s.api.scheduling.v1alpha2.PodGroup">): void {
  spec.disruptionMode ??= "Pod";
}

export const schedulingDefaults: DefaultsTable = {
  "scheduling.k8s.io/v1": { PriorityClass: defaultPriorityClass },
  "scheduling.k8s.io/v1alpha2": { PodGroup: defaultPodGroup },
};
