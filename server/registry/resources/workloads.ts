import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { dropDisabledPodGroupFields } from "../../../api/pod-group-features.ts";
import { validateWorkload, validateWorkloadUpdate } from "../../../api/validation/scheduling/workload.ts";
import { defineResource } from "../strategy.ts";

type Workload = ObjectOf<"io.k8s.api.scheduling.v1alpha2.Workload">;

/** Source: pkg/registry/scheduling/workload. */
export const workloads = defineResource<Workload>({
  group: "scheduling.k8s.io",
  resource: "workloads",
  strategy: {
    prepareForCreate(workload, { gates }) {
      dropDisabledFields(workload, undefined, gates);
    },
    validate: (workload, { gates }) => validateWorkload(workload, gates),
    prepareForUpdate(workload, old, { gates }) {
      dropDisabledFields(workload, old, gates);
    },
    validateUpdate: (workload, old, { gates }) => validateWorkloadUpdate(workload, old, gates),
  },
});

/** Templates are compared by their place. */
function dropDisabledFields({ spec }: Workload, old: Workload | undefined, gates: FeatureGates): void {
  (spec.podGroupTemplates ?? []).forEach((template, index) => {
    dropDisabledPodGroupFields(template, old?.spec.podGroupTemplates?.[index], gates);
    // Of a template the field is null where it is not there.
    Object.assign(template, { schedulingConstraints: template.schedulingConstraints ?? null });
  });
}
