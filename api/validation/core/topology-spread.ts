/**
 * Topology spread constraints, and label keys that are merged into a selector.
 * Source: validateTopologySpreadConstraints in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { TopologySpreadConstraint } from "../../core-types.ts";
import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
} from "../field.ts";
import { type LabelSelector, validateLabelName, validateLabelSelector } from "../labels.ts";
import { validatePositive } from "../values.ts";
import type { PodValidationOptions } from "./pod-options.ts";

const actions = ["DoNotSchedule", "ScheduleAnyway"];
const inclusionPolicies = ["Honor", "Ignore"];

export function validateTopologySpread(
  constraints: readonly TopologySpreadConstraint[],
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  constraints.forEach((constraint, index) => {
    const { topologyKey = "", matchLabelKeys = [], labelSelector } = constraint;
    const whenUnsatisfiable: string = constraint.whenUnsatisfiable ?? "";
    const at = path.index(index);
    errors.push(...validatePositive(constraint.maxSkew ?? 0, at.child("maxSkew")));
    if (!topologyKey) errors.push(required(at.child("topologyKey"), "can not be empty"));
    if (!actions.includes(whenUnsatisfiable)) {
      errors.push(notSupported(at.child("whenUnsatisfiable"), whenUnsatisfiable, actions));
    }
    if (constraints.slice(index + 1).some((other) => isSamePair(constraint, other))) {
      const pair = `{${topologyKey}, ${whenUnsatisfiable}}`;
      errors.push(duplicate(at.child("{topologyKey, whenUnsatisfiable}"), pair));
    }
    errors.push(...validateMinDomains(constraint, at.child("minDomains")));
    for (const field of ["nodeAffinityPolicy", "nodeTaintsPolicy"] as const) {
      const policy = constraint[field];
      if (policy !== undefined && !inclusionPolicies.includes(policy)) {
        errors.push(notSupported(at.child(field), policy, inclusionPolicies));
      }
    }
    if (options.matchLabelKeys === "merged") {
      errors.push(...validateLabelKeys(at, matchLabelKeys, [], labelSelector));
    } else {
      errors.push(...validateLegacyMatchLabelKeys(at.child("matchLabelKeys"), matchLabelKeys, labelSelector));
    }
    if (!options.allowInvalidTopologySpreadSelector) {
      errors.push(...validateLabelSelector(labelSelector, {}, at.child("labelSelector")));
    }
  });
  return errors;
}

function isSamePair(a: TopologySpreadConstraint, b: TopologySpreadConstraint): boolean {
  return a.topologyKey === b.topologyKey && a.whenUnsatisfiable === b.whenUnsatisfiable;
}

function validateMinDomains(
  { minDomains, whenUnsatisfiable }: TopologySpreadConstraint,
  path: FieldPath,
): FieldError[] {
  if (minDomains === undefined) return [];
  const errors = validatePositive(minDomains, path);
  if (whenUnsatisfiable !== "DoNotSchedule") {
    const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable ?? ""}`;
    errors.push(invalid(path, minDomains, detail));
  }
  return errors;
}

/** ValidateMatchLabelKeysAndMismatchLabelKeys. */
export function validateLabelKeys(
  path: FieldPath,
  matchLabelKeys: readonly string[],
  mismatchLabelKeys: readonly string[],
  selector: LabelSelector | undefined,
): FieldError[] {
  const errors = [
    ...validateKeys(matchLabelKeys, selector, path.child("matchLabelKeys")),
    ...validateKeys(mismatchLabelKeys, selector, path.child("mismatchLabelKeys")),
  ];
  // One such expression is what the server itself adds; one more, or a matchLabels entry, is the user's.
  const seen = new Set(Object.keys(selector?.matchLabels ?? {}));
  for (const { key = "" } of selector?.matchExpressions ?? []) {
    const index = matchLabelKeys.lastIndexOf(key);
    if (index >= 0 && seen.has(key)) {
      errors.push(invalid(path.index(index), key, "exists in both matchLabelKeys and labelSelector"));
    }
    seen.add(key);
  }
  matchLabelKeys.forEach((key, index) => {
    if (!mismatchLabelKeys.includes(key)) return;
    const at = path.child("matchLabelKeys").index(index);
    errors.push(invalid(at, key, "exists in both matchLabelKeys and mismatchLabelKeys"));
  });
  return errors;
}

function validateKeys(
  keys: readonly string[],
  selector: LabelSelector | undefined,
  path: FieldPath,
): FieldError[] {
  if (keys.length === 0) return [];
  if (!selector) return [forbidden(path, "must not be specified when labelSelector is not set")];
  return keys.flatMap((key, index) => validateLabelName(key, path.index(index)));
}

/** ValidateMatchLabelKeysInTopologySpread: the rule of the time when keys were not merged into the selector. */
export function validateLegacyMatchLabelKeys(
  path: FieldPath,
  keys: readonly string[],
  selector: LabelSelector | undefined,
): FieldError[] {
  if (keys.length === 0) return [];
  const errors: FieldError[] = [];
  if (!selector) errors.push(forbidden(path, "must not be specified when labelSelector is not set"));
  const selected = new Set(Object.keys(selector?.matchLabels ?? {}));
  for (const { key = "" } of selector?.matchExpressions ?? []) selected.add(key);
  keys.forEach((key, index) => {
    errors.push(...validateLabelName(key, path.index(index)));
    if (selected.has(key)) {
      errors.push(invalid(path.index(index), key, "exists in both matchLabelKeys and labelSelector"));
    }
  });
  return errors;
}
