/** Source: pkg/apis/batch/validation/validation.go (validateJobSpec). */
import { goValue } from "../../go-value.ts";
import type { Schemas } from "../../types.ts";
import { validateCounts } from "../apps/pod-template.ts";
import type { PodValidationOptions } from "../core/pod-options.ts";
import { validatePodTemplateSpec } from "../core/pod-spec.ts";
import { validateDomainPrefixedPath } from "../domain-prefixed-path.ts";
import { type FieldError, type FieldPath, invalid, notSupported, required, tooLong } from "../field.ts";
import { isLongerThan } from "../names.ts";
import { validateNonnegative } from "../values.ts";
import { goSuccessPolicy } from "./go-layout.ts";
import { validatePodFailurePolicy, validateSuccessPolicy } from "./job-policies.ts";

type Spec = Schemas["io.k8s.api.batch.v1.JobSpec"];

const maxIndexedParallelism = 100_000;
const maxFailedIndexes = 100_000;
const manyCompletions = 100_000;
const maxParallelismOfMany = 10_000;
const maxFailedIndexesOfMany = 10_000;
const maxManagedByLength = 63;

/** validateJobSpec: of a Job, or of a template of one. */
export function validateJobSpec(spec: Spec, path: FieldPath, options: PodValidationOptions): FieldError[] {
  const counts = [
    "parallelism",
    "completions",
    "activeDeadlineSeconds",
    "backoffLimit",
    "ttlSecondsAfterFinished",
    "backoffLimitPerIndex",
  ] as const;
  const policyPath = path.child("podFailurePolicy");
  return [
    ...validateCounts(spec, counts, path),
    ...validateMaxFailedIndexes(spec, path),
    ...validateManagedBy(spec.managedBy, path.child("managedBy")),
    ...validateCompletionMode(spec, path),
    ...(spec.podFailurePolicy ? validatePodFailurePolicy(spec, policyPath) : []),
    ...validateSuccess(spec, path.child("successPolicy")),
    ...validatePodReplacement(spec, path.child("podReplacementPolicy")),
    ...validatePodTemplateSpec(spec.template, path.child("template"), options),
    ...validateRestartPolicy(spec, path.child("template", "spec", "restartPolicy")),
  ];
}

function validateMaxFailedIndexes(spec: Spec, path: FieldPath): FieldError[] {
  if (spec.maxFailedIndexes === undefined) return [];
  const errors = validateNonnegative(spec.maxFailedIndexes, path.child("maxFailedIndexes"));
  if (spec.backoffLimitPerIndex !== undefined) return errors;
  return [...errors, required(path.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified")];
}

function validateManagedBy(managedBy: string | undefined, path: FieldPath): FieldError[] {
  if (managedBy === undefined) return [];
  const errors = validateDomainPrefixedPath(managedBy, path);
  if (isLongerThan(managedBy, maxManagedByLength)) errors.push(tooLong(path, maxManagedByLength));
  return errors;
}

function validateCompletionMode(spec: Spec, path: FieldPath): FieldError[] {
  const mode: string | undefined = spec.completionMode;
  if (mode === "Indexed") return validateIndexed(spec, path);
  if (mode !== undefined && mode !== "NonIndexed") {
    return [notSupported(path.child("completionMode"), mode, ["NonIndexed", "Indexed"])];
  }
  return (["backoffLimitPerIndex", "maxFailedIndexes"] as const)
    .filter((key) => spec[key] !== undefined)
    .map((key) => invalid(path.child(key), spec[key], "requires indexed completion mode"));
}

function validateIndexed(spec: Spec, path: FieldPath): FieldError[] {
  const { completions, parallelism = 0, maxFailedIndexes: failed, backoffLimitPerIndex } = spec;
  const errors: FieldError[] = [];
  const failedPath = path.child("maxFailedIndexes");
  const parallelismPath = path.child("parallelism");
  if (completions === undefined) {
    errors.push(required(path.child("completions"), "when completion mode is Indexed"));
  }
  if (parallelism > maxIndexedParallelism) {
    const detail = `must be less than or equal to ${maxIndexedParallelism} when completion mode is Indexed`;
    errors.push(invalid(parallelismPath, parallelism, detail));
  }
  if (completions !== undefined && failed !== undefined && failed > completions) {
    errors.push(invalid(failedPath, failed, "must be less than or equal to completions"));
  }
  if (failed !== undefined && failed > maxFailedIndexes) {
    errors.push(invalid(failedPath, failed, `must be less than or equal to ${maxFailedIndexes}`));
  }
  if ((completions ?? 0) <= manyCompletions || backoffLimitPerIndex === undefined) return errors;
  const context = `when completions are above ${manyCompletions} and used with backoff limit per index`;
  if (failed === undefined) {
    errors.push(required(failedPath, `must be specified when completions is above ${manyCompletions}`));
  }
  if (parallelism > maxParallelismOfMany) {
    const detail = `must be less than or equal to ${maxParallelismOfMany} ${context}`;
    errors.push(invalid(parallelismPath, parallelism, detail));
  }
  if (failed !== undefined && failed > maxFailedIndexesOfMany) {
    const detail = `must be less than or equal to ${maxFailedIndexesOfMany} ${context}`;
    errors.push(invalid(failedPath, failed, detail));
  }
  return errors;
}

function validateSuccess(spec: Spec, path: FieldPath): FieldError[] {
  if (!spec.successPolicy) return [];
  if (spec.completionMode === "Indexed") return validateSuccessPolicy(spec, path);
  return [invalid(path, goValue(goSuccessPolicy, spec.successPolicy), "requires indexed completion mode")];
}

/** Pods that a failure policy is to judge are only replaced once they have failed. */
function validatePodReplacement(spec: Spec, path: FieldPath): FieldError[] {
  const policy: string | undefined = spec.podReplacementPolicy;
  const known = spec.podFailurePolicy ? ["Failed"] : ["Failed", "TerminatingOrFailed"];
  return policy === undefined || known.includes(policy) ? [] : [notSupported(path, policy, known)];
}

function validateRestartPolicy({ template, podFailurePolicy }: Spec, path: FieldPath): FieldError[] {
  const policy: string = template.spec.restartPolicy ?? "";
  if (policy === "" || policy === "Always") {
    return [required(path, 'valid values: "OnFailure", "Never"')];
  }
  if (policy !== "OnFailure" && policy !== "Never") {
    return [notSupported(path, policy, ["OnFailure", "Never"])];
  }
  if (!podFailurePolicy || policy === "Never") return [];
  return [invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified')];
}
