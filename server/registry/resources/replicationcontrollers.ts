/** Replication controllers. Source: k8s.io/kubernetes/pkg/registry/core/replicationcontroller/strategy.go. */
import type { ReplicationController } from "../../../api/core-types.ts";
import type { ObjectMeta } from "../../../api/object.ts";
import { dropDisabledTemplateFields } from "../../../api/pod-disabled-fields.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import { templateValidationOptions } from "../../../api/validation/core/pod-options.ts";
import { warningsForPodTemplate } from "../../../api/validation/core/pod-warnings.ts";
import {
  validateReplicationController,
  validateReplicationControllerStatusUpdate,
  validateReplicationControllerUpdate,
} from "../../../api/validation/core/replication-controller.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import { checkDns1123Label } from "../../../api/validation/names.ts";
import { defineResource } from "../strategy.ts";

type Stored = ReplicationController & { metadata: ObjectMeta };

const templatePath = FieldPath.of("spec", "template");

function nameWarnings(name: string): string[] {
  const problems = checkDns1123Label(name);
  if (problems.length === 0) return [];
  return [
    `metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [${problems.join(" ")}]`,
  ];
}

export const replicationControllers = defineResource<Stored>({
  group: "",
  resource: "replicationcontrollers",
  strategy: {
    resetFields: { v1: ["status"] },
    defaultGarbageCollectionPolicy: "orphan",
    prepareForCreate(controller, { gates }) {
      controller.status = { replicas: 0 };
      controller.metadata.generation = 1;
      dropDisabledTemplateFields(controller.spec?.template, undefined, gates);
    },
    validate: (controller, { gates }) =>
      validateReplicationController(controller, templateValidationOptions(gates)),
    warningsOnCreate: ({ metadata, spec }, { gates }) => [
      ...nameWarnings(metadata.name ?? ""),
      ...warningsForPodTemplate(spec?.template, templatePath, gates),
    ],
    prepareForUpdate(controller, old, { gates }) {
      controller.status = old.status;
      dropDisabledTemplateFields(controller.spec?.template, old.spec?.template, gates);
      if (semanticEqual(controller.spec, old.spec)) return;
      controller.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    validateUpdate: (controller, old, { gates }) =>
      validateReplicationControllerUpdate(
        controller,
        old,
        templateValidationOptions(gates, old.spec?.template),
      ),
    // Upstream looks at the old template here.
    warningsOnUpdate: ({ metadata }, old, { gates }) =>
      metadata.generation === old.metadata.generation
        ? []
        : warningsForPodTemplate(old.spec?.template, templatePath, gates),
  },
  subresources: {
    status: {
      resetFields: { v1: ["spec"] },
      prepareForUpdate(controller, old) {
        controller.spec = old.spec;
      },
      validateUpdate: validateReplicationControllerStatusUpdate,
    },
  },
  selectableFields: { "status.replicas": ({ status }) => String(status?.replicas ?? 0) },
  scale: {
    specReplicas: "spec.replicas",
    statusReplicas: "status.replicas",
    selector: ({ spec }) =>
      Object.entries(spec?.selector ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .sort()
        .join(","),
  },
});
