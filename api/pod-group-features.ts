import type { FeatureGates } from "./feature-gates.ts";
import type { Schemas } from "./types.ts";

type Fields = Pick<
  Schemas["io.k8s.api.scheduling.v1alpha2.PodGroupSpec"],
  "schedulingConstraints" | "resourceClaims" | "disruptionMode" | "priorityClassName" | "priority"
>;

const gateOf = {
  schedulingConstraints: "TopologyAwareWorkloadScheduling",
  resourceClaims: "DRAWorkloadResourceClaims",
  disruptionMode: "WorkloadAwarePreemption",
  priorityClassName: "WorkloadAwarePreemption",
  priority: "WorkloadAwarePreemption",
} as const satisfies Record<keyof Fields, string>;

/**
 * Of a PodGroup's spec or a Workload's template of one: drops the fields of features that are off, unless the old one
 * has them. Source: dropDisabledPodGroupFields of pkg/registry/scheduling/podgroup/strategy.go.
 */
export function dropDisabledPodGroupFields(
  fields: Fields,
  old: Fields | undefined,
  gates: FeatureGates,
): void {
  for (const [field, gate] of Object.entries(gateOf) as [keyof Fields, string][]) {
    if (!gates.enabled(gate) && (old?.[field] ?? undefined) === undefined) delete fields[field];
  }
}
