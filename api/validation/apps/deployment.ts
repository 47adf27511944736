/** Source: pkg/apis/apps/validation/validation.go (Deployment). */
import { rollbackRevision } from "../../conversion/apps.ts";
import { goNullable, goPointer, goString, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import type { Schemas } from "../../types.ts";
import type { PodValidationOptions } from "../core/pod-options.ts";
import { type FieldError, FieldPath, forbidden, invalid, notSupported, required } from "../field.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import {
  intOrPercentValue,
  validateImmutableSelector,
  validateNonnegative,
  validateNotMoreThan100Percent,
  validatePositiveIntOrPercent,
} from "../values.ts";
import {
  validateAtMost,
  validateCollisionCount,
  validateCounts,
  validateRequiredSelector,
  validateSelectedTemplate,
} from "./pod-template.ts";

type Deployment = ObjectOf<"io.k8s.api.apps.v1.Deployment">;
type Strategy = Schemas["io.k8s.api.apps.v1.DeploymentStrategy"];
type RollingUpdate = Schemas["io.k8s.api.apps.v1.RollingUpdateDeployment"];

const specPath = FieldPath.of("spec");
const statusPath = FieldPath.of("status");

const goStrategy = {
  Type: goString("type"),
  RollingUpdate: goPointer("rollingUpdate", {
    MaxUnavailable: goNullable("maxUnavailable"),
    MaxSurge: goNullable("maxSurge"),
  }),
};

/** ValidateDeployment. */
export function validateDeployment(deployment: Deployment, options: PodValidationOptions): FieldError[] {
  return [
    ...validateObjectMeta(deployment.metadata, true, nameIsDnsSubdomain),
    ...validateSpec(deployment, options),
  ];
}

/** ValidateDeploymentUpdate. */
export function validateDeploymentUpdate(
  deployment: Deployment,
  old: Deployment,
  options: PodValidationOptions,
): FieldError[] {
  return [
    ...validateObjectMetaUpdate(deployment.metadata, old.metadata),
    ...validateSpec(deployment, options),
    ...validateImmutableSelector(deployment.spec.selector, old.spec.selector, specPath.child("selector")),
  ];
}

function validateSpec(deployment: Deployment, options: PodValidationOptions): FieldError[] {
  const { spec } = deployment;
  const { minReadySeconds = 0, progressDeadlineSeconds: deadline } = spec;
  const errors = [
    ...validateCounts(spec, ["replicas"], specPath),
    ...validateRequiredSelector(spec.selector, "deployment", specPath.child("selector")),
    ...validateSelectedTemplate(spec, specPath, options),
    ...validateStrategy(spec.strategy, specPath.child("strategy")),
    ...validateCounts(spec, ["minReadySeconds", "revisionHistoryLimit"], specPath),
    // Upstream's internal type has spec.rollbackTo, and misnames it.
    ...validateNonnegative(rollbackRevision(deployment) ?? 0n, specPath.child("rollback", "version")),
  ];
  if (deadline === undefined) return errors;
  const path = specPath.child("progressDeadlineSeconds");
  errors.push(...validateNonnegative(deadline, path));
  if (deadline <= minReadySeconds)
    errors.push(invalid(path, deadline, "must be greater than minReadySeconds"));
  return errors;
}

function validateStrategy(strategy: Strategy, path: FieldPath): FieldError[] {
  const { type = "", rollingUpdate } = strategy;
  const updatePath = path.child("rollingUpdate");
  switch (type) {
    case "Recreate":
      if (!rollingUpdate) return [];
      return [forbidden(updatePath, "may not be specified when strategy `type` is 'Recreate'")];
    case "RollingUpdate":
      if (!rollingUpdate) return [required(updatePath, "this should be defaulted and never be nil")];
      return validateRollingUpdate(rollingUpdate, updatePath);
    default:
      return [notSupported(path, goValue(goStrategy, strategy), ["Recreate", "RollingUpdate"])];
  }
}

function validateRollingUpdate(update: RollingUpdate, path: FieldPath): FieldError[] {
  const { maxUnavailable = 0, maxSurge = 0 } = update;
  const unavailablePath = path.child("maxUnavailable");
  const errors = [
    ...validatePositiveIntOrPercent(maxUnavailable, unavailablePath),
    ...validatePositiveIntOrPercent(maxSurge, path.child("maxSurge")),
  ];
  if (intOrPercentValue(maxUnavailable) === 0 && intOrPercentValue(maxSurge) === 0) {
    errors.push(invalid(unavailablePath, maxUnavailable, "may not be 0 when `maxSurge` is 0"));
  }
  return [...errors, ...validateNotMoreThan100Percent(maxUnavailable, unavailablePath)];
}

/** ValidateDeploymentStatusUpdate. */
export function validateDeploymentStatusUpdate(deployment: Deployment, old: Deployment): FieldError[] {
  const { status } = deployment;
  const counts = [
    "observedGeneration",
    "replicas",
    "updatedReplicas",
    "readyReplicas",
    "availableReplicas",
    "unavailableReplicas",
    "terminatingReplicas",
    "collisionCount",
  ] as const;
  const parts = ["updatedReplicas", "readyReplicas", "availableReplicas"] as const;
  return [
    ...validateObjectMetaUpdate(deployment.metadata, old.metadata),
    ...validateCounts(status, counts, statusPath),
    ...validateAtMost(status, parts, "replicas", "cannot be greater than status.replicas", statusPath),
    ...validateAtMost(
      status,
      ["availableReplicas"],
      "readyReplicas",
      "cannot be greater than readyReplicas",
      statusPath,
    ),
    ...validateCollisionCount(status.collisionCount, old.status.collisionCount, statusPath),
  ];
}
