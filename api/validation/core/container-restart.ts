/**
 * When containers restart, and what of them may be resized.
 * Source: validateContainerRestartPolicy and validateResizePolicy in
 * k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { Container } from "../../core-types.ts";
import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
  TypedText,
  tooMany,
} from "../field.ts";
import type { PodValidationOptions } from "./pod-options.ts";

const policies = ["Always", "Never", "OnFailure"];
const operators = ["In", "NotIn"];

/** validateContainerRestartPolicy. */
export function validateRestartRules(
  { restartPolicy, restartPolicyRules: rules = [] }: Container,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  if (restartPolicy === undefined) {
    if (rules.length === 0) return [];
    errors.push(policyRequired(path));
  } else if (!policies.includes(restartPolicy)) {
    errors.push(notSupported(path.child("restartPolicy"), restartPolicy, policies));
  }
  const rulesPath = path.child("restartPolicyRules");
  if (rules.length > 20) errors.push(tooMany(rulesPath, rules.length, 20));
  const actions = options.allowRestartAllContainers ? ["Restart", "RestartAllContainers"] : ["Restart"];
  rules.forEach(({ action = "", exitCodes }, index) => {
    const at = rulesPath.index(index);
    if (!actions.includes(action)) errors.push(notSupported(at.child("action"), action, actions));
    if (!exitCodes) {
      errors.push(required(at.child("exitCodes"), "must be specified"));
      return;
    }
    const { operator = "", values = [] } = exitCodes;
    if (!operators.includes(operator)) {
      errors.push(notSupported(at.child("exitCodes", "operator"), operator, operators));
    }
    if (values.length > 255) errors.push(tooMany(at.child("exitCodes", "values"), values.length, 255));
  });
  return errors;
}

const policyRequired = (path: FieldPath): FieldError =>
  required(path.child("restartPolicy"), "must specify restartPolicy when restart rules are used");

/** validateInitContainerRestartPolicy. */
export function validateInitRestartRules(
  container: Container,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const { restartPolicy, restartPolicyRules: rules = [] } = container;
  if (restartPolicy === undefined) return rules.length > 0 ? [policyRequired(path)] : [];
  if (!options.allowContainerRestartRules) {
    if (restartPolicy === "Always") return [];
    return [notSupported(path.child("restartPolicy"), restartPolicy, ["Always"])];
  }
  if (restartPolicy !== "Always" || options.allowRestartAllContainers) {
    return validateRestartRules(container, path, options);
  }
  if (rules.length === 0) return [];
  const detail = "restartPolicyRules are not allowed for init containers with restart policy Always";
  return [forbidden(path.child("restartPolicyRules"), detail)];
}

const resizableResources = ["cpu", "memory"];
const resizePolicies = ["NotRequired", "RestartContainer"];

/** validateResizePolicy. */
export function validateResizePolicy(
  policy: NonNullable<Container["resizePolicy"]>,
  podRestartPolicy: string | undefined,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  policy.forEach(({ resourceName = "", restartPolicy = "" }, index) => {
    if (seen.has(resourceName)) errors.push(duplicate(path.index(index), new TypedText(resourceName)));
    seen.add(resourceName);
    errors.push(...validateChoice(resourceName, resizableResources, path));
    errors.push(...validateChoice(restartPolicy, resizePolicies, path));
    if (podRestartPolicy === "Never" && restartPolicy !== "NotRequired") {
      const detail = "must be 'NotRequired' when pod `restartPolicy` is 'Never'";
      errors.push(invalid(path, new TypedText(restartPolicy), detail));
    }
  });
  return errors;
}

/** One of a few values; a missing one is another error than a wrong one. */
export function validateChoice(value: string, choices: readonly string[], path: FieldPath): FieldError[] {
  if (choices.includes(value)) return [];
  return [value === "" ? required(path) : notSupported(path, value, choices)];
}
