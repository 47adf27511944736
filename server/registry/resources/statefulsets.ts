/** Source: pkg/registry/apps/statefulset. */
import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { dropDisabledTemplateFields } from "../../../api/pod-disabled-fields.ts";
import { labelSelectorOf } from "../../../api/selectors.ts";
import {
  validateStatefulSet,
  validateStatefulSetStatusUpdate,
  validateStatefulSetUpdate,
} from "../../../api/validation/apps/stateful-set.ts";
import { templateValidationOptions } from "../../../api/validation/core/pod-options.ts";
import { warningsForPodTemplate } from "../../../api/validation/core/pod-warnings.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import { claimSpecWarnings } from "../../../api/warnings/persistent-volume.ts";
import { countSpecChange } from "../generation.ts";
import { defineResource } from "../strategy.ts";

type StatefulSet = ObjectOf<"io.k8s.api.apps.v1.StatefulSet">;

const templatePath = FieldPath.of("spec", "template");
const claimsPath = FieldPath.of("spec", "volumeClaimTemplates");

export const statefulSets = defineResource<StatefulSet>({
  group: "apps",
  resource: "statefulsets",
  strategy: {
    resetFields: { "apps/v1": ["status"] },
    prepareForCreate(set, { gates }) {
      set.status = { replicas: 0, availableReplicas: 0 };
      set.metadata.generation = 1;
      dropMaxUnavailable(set, undefined, gates);
      dropDisabledTemplateFields(set.spec.template, undefined, gates);
    },
    validate: (set, { gates }) => validateStatefulSet(set, templateValidationOptions(gates)),
    warningsOnCreate: (set, { gates }) => [
      ...warningsForPodTemplate(set.spec.template, templatePath, gates),
      ...claimWarnings(set, (index) => claimsPath.index(index)),
      ...historyWarnings(set),
    ],
    prepareForUpdate(set, old, { gates }) {
      set.status = old.status;
      dropMaxUnavailable(set, old, gates);
      dropDisabledTemplateFields(set.spec.template, old.spec.template, gates);
      countSpecChange(set, old);
    },
    validateUpdate: (set, old, { gates }) =>
      validateStatefulSetUpdate(set, old, templateValidationOptions(gates, old.spec.template)),
    warningsOnUpdate: (set, old, { gates }) => [
      ...(set.metadata.generation === old.metadata.generation
        ? []
        : warningsForPodTemplate(set.spec.template, templatePath, gates)),
      // Upstream spells the path so.
      ...claimWarnings(set, (index) => claimsPath.index(index).child("Spec")),
      ...historyWarnings(set),
    ],
  },
  subresources: {
    status: {
      resetFields: { "apps/v1": ["spec"] },
      prepareForUpdate(set, old) {
        set.spec = old.spec;
      },
      validateUpdate: validateStatefulSetStatusUpdate,
    },
  },
  scale: {
    specReplicas: "spec.replicas",
    statusReplicas: "status.replicas",
    selector: ({ spec }) => String(labelSelectorOf(spec.selector)),
  },
});

function claimWarnings({ spec }: StatefulSet, pathOf: (index: number) => FieldPath): string[] {
  return (spec.volumeClaimTemplates ?? []).flatMap((claim, index) =>
    claimSpecWarnings(claim.spec, pathOf(index)),
  );
}

function historyWarnings({ spec }: StatefulSet): string[] {
  if ((spec.revisionHistoryLimit ?? 0) >= 0) return [];
  return [
    "spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended",
  ];
}

function dropMaxUnavailable({ spec }: StatefulSet, old: StatefulSet | undefined, gates: FeatureGates): void {
  if (gates.enabled("MaxUnavailableStatefulSet")) return;
  if (old?.spec.updateStrategy.rollingUpdate?.maxUnavailable !== undefined) return;
  delete spec.updateStrategy.rollingUpdate?.maxUnavailable;
}
