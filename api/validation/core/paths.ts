/** Checks of file paths inside volumes and on hosts. Source: k8s.io/kubernetes/pkg/apis/core/validation. */
import { type FieldError, type FieldPath, invalid } from "../field.ts";

/** validateLocalDescendingPath: relative, never upwards. */
export function validateLocalDescendingPath(target: string, path: FieldPath): FieldError[] {
  const errors = target.startsWith("/") ? [invalid(path, target, "must be a relative path")] : [];
  if (hasBackstep(target)) errors.push(invalid(path, target, "must not contain '..'"));
  return errors;
}

/** validatePathNoBacksteps. */
export function validatePathNoBacksteps(target: string, path: FieldPath): FieldError[] {
  return hasBackstep(target) ? [invalid(path, target, "must not contain '..'")] : [];
}

export function hasBackstep(target: string): boolean {
  return target.includes("..") && target.split("/").includes("..");
}

/** ValidateLocalNonReservedPath: names that start with ".." are kept for the kubelet's own use. */
export function validateLocalNonReservedPath(target: string, path: FieldPath): FieldError[] {
  const errors = validateLocalDescendingPath(target, path);
  if (target.startsWith("..") && !target.startsWith("../")) {
    errors.push(invalid(path, target, "must not start with '..'"));
  }
  return errors;
}

const fileModeError = "must be a number between 0 and 0777 (octal), both inclusive";

export function validateFileMode(mode: number | undefined, path: FieldPath, field: string): FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return [];
  return [invalid(path.child(field), mode, fileModeError)];
}
