/** Source: pkg/registry/apps/deployment. */
import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { dropDisabledTemplateFields } from "../../../api/pod-disabled-fields.ts";
import { labelSelectorOf } from "../../../api/selectors.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import {
  validateDeployment,
  validateDeploymentStatusUpdate,
  validateDeploymentUpdate,
} from "../../../api/validation/apps/deployment.ts";
import { templateValidationOptions } from "../../../api/validation/core/pod-options.ts";
import { warningsForPodTemplate } from "../../../api/validation/core/pod-warnings.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import { podOwnerNameWarnings } from "../../../api/warnings/pod-owner-name.ts";
import { bumpGeneration, countSpecChange } from "../generation.ts";
import { defineResource } from "../strategy.ts";

type Deployment = ObjectOf<"io.k8s.api.apps.v1.Deployment">;

const templatePath = FieldPath.of("spec", "template");

export const deployments = defineResource<Deployment>({
  group: "apps",
  resource: "deployments",
  strategy: {
    resetFields: { "apps/v1": ["status"] },
    prepareForCreate(deployment, { gates }) {
      deployment.status = {};
      deployment.metadata.generation = 1;
      dropDisabledTemplateFields(deployment.spec.template, undefined, gates);
    },
    validate: (deployment, { gates }) => validateDeployment(deployment, templateValidationOptions(gates)),
    warningsOnCreate: ({ metadata, spec }, { gates }) => [
      ...podOwnerNameWarnings(metadata.name),
      ...warningsForPodTemplate(spec.template, templatePath, gates),
    ],
    prepareForUpdate(deployment, old, { gates }) {
      deployment.status = old.status;
      dropDisabledTemplateFields(deployment.spec.template, old.spec.template, gates);
      countSpecChange(deployment, old);
      // Annotations are handed down to replica sets: the controller has to see a change of them, too.
      if (!semanticEqual(deployment.metadata.annotations, old.metadata.annotations)) {
        bumpGeneration(deployment, old);
      }
    },
    validateUpdate: (deployment, old, { gates }) =>
      validateDeploymentUpdate(deployment, old, templateValidationOptions(gates, old.spec.template)),
    warningsOnUpdate: ({ metadata, spec }, old, { gates }) =>
      metadata.generation === old.metadata.generation
        ? []
        : warningsForPodTemplate(spec.template, templatePath, gates),
  },
  subresources: {
    status: {
      resetFields: { "apps/v1": ["spec", "metadata.labels"] },
      prepareForUpdate(deployment, old, { gates }) {
        deployment.spec = old.spec;
        if (old.metadata.labels) deployment.metadata.labels = old.metadata.labels;
        else delete deployment.metadata.labels;
        dropTerminatingReplicas(deployment, old, gates);
      },
      validateUpdate: validateDeploymentStatusUpdate,
    },
  },
  scale: {
    specReplicas: "spec.replicas",
    statusReplicas: "status.replicas",
    selector: ({ spec }) => String(labelSelectorOf(spec.selector)),
  },
});

function dropTerminatingReplicas({ status }: Deployment, old: Deployment, gates: FeatureGates): void {
  if (gates.enabled("DeploymentReplicaSetTerminatingReplicas")) return;
  if (old.status.terminatingReplicas === undefined) delete status.terminatingReplicas;
}
