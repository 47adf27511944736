/** Source: pkg/apis/apps/validation/validation.go (ReplicaSet). */
import type { ObjectOf } from "../../object-of.ts";
import type { PodValidationOptions } from "../core/pod-options.ts";
import { type FieldError, FieldPath } from "../field.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { validateImmutableSelector } from "../values.ts";
import {
  validateAtMost,
  validateCounts,
  validateRequiredSelector,
  validateSelectedTemplate,
} from "./pod-template.ts";

type ReplicaSet = ObjectOf<"io.k8s.api.apps.v1.ReplicaSet">;

const specPath = FieldPath.of("spec");
const statusPath = FieldPath.of("status");

/** ValidateReplicaSet. */
export function validateReplicaSet(
  { metadata, spec }: ReplicaSet,
  options: PodValidationOptions,
): FieldError[] {
  return [...validateObjectMeta(metadata, true, nameIsDnsSubdomain), ...validateSpec(spec, options)];
}

/** ValidateReplicaSetUpdate. */
export function validateReplicaSetUpdate(
  { metadata, spec }: ReplicaSet,
  old: ReplicaSet,
  options: PodValidationOptions,
): FieldError[] {
  return [
    ...validateObjectMetaUpdate(metadata, old.metadata),
    ...validateSpec(spec, options),
    ...validateImmutableSelector(spec.selector, old.spec.selector, specPath.child("selector")),
  ];
}

function validateSpec(spec: ReplicaSet["spec"], options: PodValidationOptions): FieldError[] {
  return [
    ...validateCounts(spec, ["replicas", "minReadySeconds"], specPath),
    // Upstream says deployment here, too.
    ...validateRequiredSelector(spec.selector, "deployment", specPath.child("selector")),
    ...validateSelectedTemplate(spec, specPath, options),
  ];
}

/** ValidateReplicaSetStatusUpdate. */
export function validateReplicaSetStatusUpdate(replicaSet: ReplicaSet, old: ReplicaSet): FieldError[] {
  const { status } = replicaSet;
  const counts = [
    "replicas",
    "fullyLabeledReplicas",
    "readyReplicas",
    "availableReplicas",
    "observedGeneration",
    "terminatingReplicas",
  ] as const;
  const parts = ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"] as const;
  return [
    ...validateObjectMetaUpdate(replicaSet.metadata, old.metadata),
    ...validateCounts(status, counts, statusPath),
    ...validateAtMost(status, parts, "replicas", "cannot be greater than status.replicas", statusPath),
    ...validateAtMost(
      status,
      ["availableReplicas"],
      "readyReplicas",
      "cannot be greater than readyReplicas",
      statusPath,
    ),
  ];
}
