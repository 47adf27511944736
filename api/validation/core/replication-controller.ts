/** Replication controllers. Source: ValidateReplicationController in k8s.io/kubernetes/pkg/apis/core/validation. */
import type { ReplicationController, ReplicationControllerSpec } from "../../core-types.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import {
  type FieldError,
  FieldPath,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
} from "../field.ts";
import { checkLongName } from "../names.ts";
import { validateObjectMetaByName, validateObjectMetaUpdate } from "../object-meta.ts";
import { validateNonnegative } from "../values.ts";
import type { PodValidationOptions } from "./pod-options.ts";
import { validatePodTemplateSpec } from "./pod-spec.ts";

const specPath = FieldPath.of("spec");
const statusPath = FieldPath.of("status");

const noSpec: ReplicationControllerSpec = Object.freeze({});

export function validateReplicationController(
  controller: ReplicationController,
  options: PodValidationOptions,
): FieldError[] {
  const validateName = (path: FieldPath, name: string): FieldError[] =>
    checkLongName(name).map((problem) => invalid(path, name, problem));
  return [
    ...validateObjectMetaByName(controller.metadata, true, validateName),
    ...validateSpec(controller.spec ?? noSpec, options),
  ];
}

/** ValidateReplicationControllerUpdate, and what the strategy adds to it. */
export function validateReplicationControllerUpdate(
  controller: ReplicationController,
  old: ReplicationController,
  options: PodValidationOptions,
): FieldError[] {
  return [
    ...validateObjectMetaUpdate(controller.metadata, old.metadata),
    ...validateSpec(controller.spec ?? noSpec, options),
    ...validateNonConvertible(controller, old),
  ];
}

const nonConvertiblePrefix = "non-convertible.kubernetes.io";

/** Fields of an object that no version can hold fully are left alone. */
function validateNonConvertible(controller: ReplicationController, old: ReplicationController): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(old.metadata.annotations ?? {})) {
    const [prefix, field, ...rest] = key.split("/");
    if (!prefix?.startsWith(nonConvertiblePrefix) || field === undefined || rest.length > 0) continue;
    if (!field.includes("selector")) {
      errors.push(notFound(field, value, "unknown non-convertible field"));
    } else if (!semanticEqual(old.spec?.selector, controller.spec?.selector)) {
      const selector = controller.spec?.selector ?? null;
      errors.push(invalid(specPath.child("selector"), selector, "cannot update non-convertible selector"));
    }
  }
  return errors;
}

/** ValidateReplicationControllerSpec. */
function validateSpec(spec: ReplicationControllerSpec, options: PodValidationOptions): FieldError[] {
  const { replicas, selector = {}, template } = spec;
  const errors = validateNonnegative(spec.minReadySeconds ?? 0, specPath.child("minReadySeconds"));
  if (Object.keys(selector).length === 0) errors.push(required(specPath.child("selector")));
  if (replicas === undefined) errors.push(required(specPath.child("replicas")));
  else errors.push(...validateNonnegative(replicas, specPath.child("replicas")));
  errors.push(...validateTemplate(template, selector, specPath.child("template"), options));
  return errors;
}

/** ValidatePodTemplateSpecForRC. */
function validateTemplate(
  template: ReplicationControllerSpec["template"],
  selector: Readonly<Record<string, string>>,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  if (!template) return [required(path)];
  const errors: FieldError[] = [];
  const labels = template.metadata?.labels ?? {};
  const matches = Object.entries(selector).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
  if (!matches) {
    const value = template.metadata?.labels ?? null;
    errors.push(
      invalid(path.child("metadata", "labels"), value, "`selector` does not match template `labels`"),
    );
  }
  errors.push(...validatePodTemplateSpec(template, path, options));
  const { restartPolicy = "", activeDeadlineSeconds } = template.spec ?? {};
  if (restartPolicy !== "Always") {
    errors.push(notSupported(path.child("spec", "restartPolicy"), restartPolicy, ["Always"]));
  }
  if (activeDeadlineSeconds !== undefined) {
    const detail = "activeDeadlineSeconds in ReplicationController is not Supported";
    errors.push(forbidden(path.child("spec", "activeDeadlineSeconds"), detail));
  }
  return errors;
}

const counts = [
  "replicas",
  "fullyLabeledReplicas",
  "readyReplicas",
  "availableReplicas",
  "observedGeneration",
] as const;

/** ValidateReplicationControllerStatusUpdate. */
export function validateReplicationControllerStatusUpdate(
  controller: ReplicationController,
  old: ReplicationController,
): FieldError[] {
  const errors = validateObjectMetaUpdate(controller.metadata, old.metadata);
  const status = controller.status;
  const {
    replicas = 0,
    fullyLabeledReplicas = 0,
    readyReplicas = 0,
    availableReplicas = 0,
  } = status ?? { replicas: 0 };
  for (const field of counts) {
    errors.push(...validateNonnegative(status?.[field] ?? 0, statusPath.child(field)));
  }
  const parts = { fullyLabeledReplicas, readyReplicas, availableReplicas };
  for (const [field, count] of Object.entries(parts)) {
    if (count <= replicas) continue;
    errors.push(invalid(statusPath.child(field), count, "cannot be greater than status.replicas"));
  }
  if (availableReplicas > readyReplicas) {
    const detail = "cannot be greater than readyReplicas";
    errors.push(invalid(statusPath.child("availableReplicas"), availableReplicas, detail));
  }
  return errors;
}
