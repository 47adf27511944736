/** Source: pkg/apis/policy/validation/validation.go. */
import { goMeta, goNullable, goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, invalid, notSupported } from "../field.ts";
import { validateConditions, validateLabelSelector } from "../labels.ts";
import {
  validateNonnegative,
  validateNotMoreThan100Percent,
  validatePositiveIntOrPercent,
} from "../values.ts";

type Budget = ObjectOf<"io.k8s.api.policy.v1.PodDisruptionBudget">;

const specPath = FieldPath.of("spec");
const statusPath = FieldPath.of("status");
const evictionPolicies = ["AlwaysAllow", "IfHealthyBudget"];

const goSpec = {
  MinAvailable: goNullable("minAvailable"),
  Selector: goMeta("selector", "LabelSelector"),
  MaxUnavailable: goNullable("maxUnavailable"),
  UnhealthyPodEvictionPolicy: goNullable("unhealthyPodEvictionPolicy"),
};

/** ValidatePodDisruptionBudget. Upstream leaves the metadata to the generic checks. */
export function validatePodDisruptionBudget({ spec }: Budget, allowInvalidLabelValue = false): FieldError[] {
  const errors: FieldError[] = [];
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    const detail = "minAvailable and maxUnavailable cannot be both set";
    errors.push(invalid(specPath, goValue(goSpec, spec), detail));
  }
  for (const [key, value] of Object.entries({ minAvailable, maxUnavailable })) {
    if (value === undefined) continue;
    errors.push(...validatePositiveIntOrPercent(value, specPath.child(key)));
    errors.push(...validateNotMoreThan100Percent(value, specPath.child(key)));
  }
  errors.push(...validateLabelSelector(selector, { allowInvalidLabelValue }, specPath.child("selector")));
  if (unhealthyPodEvictionPolicy !== undefined && !evictionPolicies.includes(unhealthyPodEvictionPolicy)) {
    const path = specPath.child("unhealthyPodEvictionPolicy");
    errors.push(notSupported(path, unhealthyPodEvictionPolicy, evictionPolicies));
  }
  return errors;
}

/** ValidateUpdate of the strategy: a selector that is wrong already may stay. */
export function validatePodDisruptionBudgetUpdate(budget: Budget, old: Budget): FieldError[] {
  const wasWrong = validateLabelSelector(old.spec.selector, {}, specPath).length > 0;
  return validatePodDisruptionBudget(budget, wasWrong);
}

/** ValidatePodDisruptionBudgetStatusUpdate. */
export function validatePodDisruptionBudgetStatusUpdate({ status }: Budget): FieldError[] {
  const errors = validateConditions(status.conditions, statusPath.child("conditions"));
  for (const key of ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"] as const) {
    errors.push(...validateNonnegative(status[key] ?? 0, statusPath.child(key)));
  }
  return errors;
}
