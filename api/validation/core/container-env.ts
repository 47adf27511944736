/**
 * Environment variables of containers.
 * Source: ValidateEnv and its neighbours in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { EnvFromSource, EnvVar } from "../../core-types.ts";
import { type FieldError, type FieldPath, invalid, required } from "../field.ts";
import {
  checkConfigMapKey,
  checkRelaxedEnvVarName,
  nameIsDnsSubdomain,
  type ObjectNameCheck,
} from "../names.ts";
import {
  validateContainerResourceFieldSelector,
  validateObjectFieldSelector,
} from "./downward-api-fields.ts";
import { validateDns1123Label } from "./names.ts";
import { validatePathNoBacksteps } from "./paths.ts";
import type { PodValidationOptions } from "./pod-options.ts";

type ValueFrom = NonNullable<EnvVar["valueFrom"]>;

const envFieldPaths = new Set([
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
]);

/** ValidateEnv. */
export function validateEnv(
  variables: readonly EnvVar[],
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  variables.forEach((variable, index) => {
    if (!variable.name) errors.push(required(path.index(index).child("name")));
    else validateVariableName(errors, variable.name, path, index, "name");
    if (variable.valueFrom) {
      const at = path.index(index).child("valueFrom");
      errors.push(...validateValueFrom(variable, variable.valueFrom, at, options));
    }
  });
  return errors;
}

function validateVariableName(
  errors: FieldError[],
  name: string,
  path: FieldPath,
  index: number,
  field: string,
): void {
  for (const problem of checkRelaxedEnvVarName(name)) {
    errors.push(invalid(path.index(index).child(field), name, problem));
  }
}

function validateValueFrom(
  { value }: EnvVar,
  source: ValueFrom,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  if (fieldRef) errors.push(...validateObjectFieldSelector(fieldRef, envFieldPaths, path.child("fieldRef")));
  if (resourceFieldRef) {
    const at = path.child("resourceFieldRef");
    errors.push(...validateContainerResourceFieldSelector(resourceFieldRef, at, false));
  }
  if (configMapKeyRef) errors.push(...validateKeySelector(configMapKeyRef, path.child("configMapKeyRef")));
  if (secretKeyRef) errors.push(...validateKeySelector(secretKeyRef, path.child("secretKeyRef")));
  if (fileKeyRef) errors.push(...validateFileKeySelector(fileKeyRef, path.child("fileKeyRef")));
  const sources = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter(Boolean);
  if (sources.length === 0) {
    const choice = options.allowEnvFiles
      ? "`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"
      : "`fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`";
    errors.push(invalid(path, "", `must specify one of: ${choice}`));
  } else if (value) {
    errors.push(invalid(path, "", "may not be specified when `value` is not empty"));
  } else if (sources.length > 1) {
    errors.push(invalid(path, "", "may not have more than one field specified at a time"));
  }
  return errors;
}

function validateKeySelector(selector: { name?: string; key?: string }, path: FieldPath): FieldError[] {
  const { name = "", key = "" } = selector;
  const errors = nameIsDnsSubdomain(name, false).map((problem) => invalid(path.child("name"), name, problem));
  if (key === "") return [...errors, required(path.child("key"))];
  for (const problem of checkConfigMapKey(key)) errors.push(invalid(path.child("key"), key, problem));
  return errors;
}

function validateFileKeySelector(
  selector: NonNullable<ValueFrom["fileKeyRef"]>,
  path: FieldPath,
): FieldError[] {
  const { key, volumeName, path: target } = selector;
  const errors: FieldError[] = [];
  if (!key) errors.push(required(path.child("key")));
  else
    for (const problem of checkRelaxedEnvVarName(key)) errors.push(invalid(path.child("key"), key, problem));
  if (!volumeName) errors.push(required(path.child("volumeName")));
  else errors.push(...validateDns1123Label(volumeName, path.child("volumeName")));
  if (!target) errors.push(required(path.child("path")));
  else errors.push(...validatePathNoBacksteps(target, path.child("path")));
  return errors;
}

/** ValidateEnvFrom. */
export function validateEnvFrom(sources: readonly EnvFromSource[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  sources.forEach(({ prefix, configMapRef, secretRef }, index) => {
    if (prefix) validateVariableName(errors, prefix, path, index, "prefix");
    for (const [field, ref] of [
      ["configMapRef", configMapRef],
      ["secretRef", secretRef],
    ] as const) {
      if (ref)
        errors.push(...validateObjectName(ref.name, path.index(index).child(field), nameIsDnsSubdomain));
    }
    if (!configMapRef && !secretRef) {
      errors.push(invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"));
    } else if (configMapRef && secretRef) {
      errors.push(invalid(path, "", "may not have more than one field specified at a time"));
    }
  });
  return errors;
}

function validateObjectName(name: string | undefined, path: FieldPath, check: ObjectNameCheck): FieldError[] {
  if (!name) return [required(path.child("name"))];
  return check(name, true).map((problem) => invalid(path.child("name"), name, problem));
}
