import { type FieldError, type FieldPath, notSupported, required } from "../field.ts";

/** validatePullPolicy of pkg/apis/core/validation: of a container or an image volume. */
export function validatePullPolicy(policy: string | undefined, path: FieldPath): FieldError[] {
  if (policy === "Always" || policy === "IfNotPresent" || policy === "Never") return [];
  return [policy ? notSupported(path, policy, ["Always", "IfNotPresent", "Never"]) : required(path)];
}
