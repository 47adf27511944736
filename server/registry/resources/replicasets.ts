/** Source: pkg/registry/apps/replicaset. */
import type { ObjectOf } from "../../../api/object-of.ts";
import { dropDisabledTemplateFields } from "../../../api/pod-disabled-fields.ts";
import { labelSelectorOf } from "../../../api/selectors.ts";
import {
  validateReplicaSet,
  validateReplicaSetStatusUpdate,
  validateReplicaSetUpdate,
} from "../../../api/validation/apps/replica-set.ts";
import { templateValidationOptions } from "../../../api/validation/core/pod-options.ts";
import { warningsForPodTemplate } from "../../../api/validation/core/pod-warnings.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import { podOwnerNameWarnings } from "../../../api/warnings/pod-owner-name.ts";
import { countSpecChange } from "../generation.ts";
import { defineResource } from "../strategy.ts";

const templatePath = FieldPath.of("spec", "template");

export const replicaSets = defineResource<ObjectOf<"io.k8s.api.apps.v1.ReplicaSet">>({
  group: "apps",
  resource: "replicasets",
  strategy: {
    resetFields: { "apps/v1": ["status"] },
    prepareForCreate(replicaSet, { gates }) {
      replicaSet.status = { replicas: 0 };
      replicaSet.metadata.generation = 1;
      dropDisabledTemplateFields(replicaSet.spec.template, undefined, gates);
    },
    validate: (replicaSet, { gates }) => validateReplicaSet(replicaSet, templateValidationOptions(gates)),
    warningsOnCreate: ({ metadata, spec }, { gates }) => [
      ...podOwnerNameWarnings(metadata.name),
      ...warningsForPodTemplate(spec.template, templatePath, gates),
    ],
    prepareForUpdate(replicaSet, old, { gates }) {
      replicaSet.status = old.status;
      dropDisabledTemplateFields(replicaSet.spec.template, old.spec.template, gates);
      countSpecChange(replicaSet, old);
    },
    validateUpdate: (replicaSet, old, { gates }) =>
      validateReplicaSetUpdate(replicaSet, old, templateValidationOptions(gates, old.spec.template)),
    warningsOnUpdate: ({ metadata, spec }, old, { gates }) =>
      metadata.generation === old.metadata.generation
        ? []
        : warningsForPodTemplate(spec.template, templatePath, gates),
  },
  subresources: {
    status: {
      resetFields: { "apps/v1": ["spec"] },
      prepareForUpdate(replicaSet, old, { gates }) {
        replicaSet.spec = old.spec;
        if (gates.enabled("DeploymentReplicaSetTerminatingReplicas")) return;
        if (old.status.terminatingReplicas === undefined) delete replicaSet.status.terminatingReplicas;
      },
      validateUpdate: validateReplicaSetStatusUpdate,
    },
  },
  selectableFields: { "status.replicas": ({ status }) => String(status.replicas) },
  scale: {
    specReplicas: "spec.replicas",
    statusReplicas: "status.replicas",
    selector: ({ spec }) => String(labelSelectorOf(spec.selector)),
  },
});
