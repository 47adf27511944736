/** Source: pkg/registry/apps/daemonset. */
import { setTemplateGeneration, templateGeneration } from "../../../api/conversion/apps.ts";
import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { dropDisabledTemplateFields } from "../../../api/pod-disabled-fields.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import {
  validateDaemonSet,
  validateDaemonSetStatusUpdate,
  validateDaemonSetUpdate,
} from "../../../api/validation/apps/daemon-set.ts";
import {
  type PodValidationOptions,
  templateValidationOptions,
} from "../../../api/validation/core/pod-options.ts";
import { warningsForPodTemplate } from "../../../api/validation/core/pod-warnings.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import { selectorHasInvalidLabelValue } from "../../../api/validation/labels.ts";
import { countSpecChange } from "../generation.ts";
import { defineResource } from "../strategy.ts";

type DaemonSet = ObjectOf<"io.k8s.api.apps.v1.DaemonSet">;

const templatePath = FieldPath.of("spec", "template");

export const daemonSets = defineResource<DaemonSet>({
  group: "apps",
  resource: "daemonsets",
  strategy: {
    resetFields: { "apps/v1": ["status"] },
    prepareForCreate(daemonSet, { gates }) {
      daemonSet.status = {
        currentNumberScheduled: 0,
        numberMisscheduled: 0,
        desiredNumberScheduled: 0,
        numberReady: 0,
      };
      daemonSet.metadata.generation = 1;
      if (templateGeneration(daemonSet) < 1n) setTemplateGeneration(daemonSet, 1n);
      dropDisabledTemplateFields(daemonSet.spec.template, undefined, gates);
    },
    validate: (daemonSet, { gates }) => validateDaemonSet(daemonSet, templateValidationOptions(gates)),
    warningsOnCreate: ({ spec }, { gates }) => warningsForPodTemplate(spec.template, templatePath, gates),
    prepareForUpdate(daemonSet, old, { gates }) {
      dropDisabledTemplateFields(daemonSet.spec.template, old.spec.template, gates);
      daemonSet.status = old.status;
      const changed = !semanticEqual(daemonSet.spec.template, old.spec.template);
      setTemplateGeneration(daemonSet, templateGeneration(old) + (changed ? 1n : 0n));
      countSpecChange(daemonSet, old);
    },
    validateUpdate: (daemonSet, old, { gates }) =>
      validateDaemonSetUpdate(daemonSet, old, updateOptions(old, gates)),
    warningsOnUpdate: (daemonSet, old, { gates }) =>
      templateGeneration(daemonSet) === templateGeneration(old)
        ? []
        : warningsForPodTemplate(daemonSet.spec.template, templatePath, gates),
  },
  subresources: {
    status: {
      resetFields: { "apps/v1": ["spec"] },
      prepareForUpdate(daemonSet, old) {
        daemonSet.spec = old.spec;
        // In upstream's internal type this is part of the spec.
        setTemplateGeneration(daemonSet, templateGeneration(old));
      },
      validateUpdate: validateDaemonSetStatusUpdate,
    },
  },
});

function updateOptions({ spec }: DaemonSet, gates: FeatureGates): PodValidationOptions {
  const options = templateValidationOptions(gates, spec.template);
  const { allowInvalidLabelValueInSelector: allowed } = options;
  return {
    ...options,
    allowInvalidLabelValueInSelector: allowed || selectorHasInvalidLabelValue(spec.selector),
  };
}
