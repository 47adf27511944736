/** Source: pkg/apis/batch/validation/validation.go (pod failure policy, success policy). */
import { goQuote } from "../../go-format.ts";
import type { Schemas } from "../../types.ts";
import { validateQualifiedName } from "../core/names.ts";
import {
  duplicate,
  type FieldError,
  type FieldPath,
  invalid,
  notSupported,
  noValue,
  required,
  tooLong,
  tooMany,
} from "../field.ts";
import { isLongerThan } from "../names.ts";
import { validateNonnegative } from "../values.ts";
import { countIndexes } from "./index-intervals.ts";

type Spec = Schemas["io.k8s.api.batch.v1.JobSpec"];
type FailureRule = Schemas["io.k8s.api.batch.v1.PodFailurePolicyRule"];
type ExitCodes = Schemas["io.k8s.api.batch.v1.PodFailurePolicyOnExitCodesRequirement"];
type ConditionPattern = Schemas["io.k8s.api.batch.v1.PodFailurePolicyOnPodConditionsPattern"];
type SuccessRule = Schemas["io.k8s.api.batch.v1.SuccessPolicyRule"];

const maxRules = 20;
const maxExitCodes = 255;
const maxConditionPatterns = 20;
const maxSucceededIndexesLength = 64 * 1024;

const actions = ["Count", "FailIndex", "FailJob", "Ignore"];
const operators = ["In", "NotIn"];
const statuses = ["False", "True", "Unknown"];

function validateChoice(value: string, known: readonly string[], path: FieldPath): FieldError[] {
  if (value === "") return [required(path, `valid values: [${known.map(goQuote).join(" ")}]`)];
  return known.includes(value) ? [] : [notSupported(path, value, known)];
}

/** validatePodFailurePolicy. */
export function validatePodFailurePolicy(spec: Spec, path: FieldPath): FieldError[] {
  const rules = spec.podFailurePolicy?.rules ?? [];
  const rulesPath = path.child("rules");
  const errors = rules.length > maxRules ? [tooMany(rulesPath, rules.length, maxRules)] : [];
  const { containers, initContainers } = spec.template.spec;
  const names = new Set([...(containers ?? []), ...(initContainers ?? [])].map(({ name }) => name));
  const perIndex = spec.backoffLimitPerIndex !== undefined;
  rules.forEach((rule, index) => {
    errors.push(...validateFailureRule(rule, perIndex, names, rulesPath.index(index)));
  });
  return errors;
}

function validateFailureRule(
  rule: FailureRule,
  perIndex: boolean,
  containers: ReadonlySet<string>,
  path: FieldPath,
): FieldError[] {
  const { onExitCodes, onPodConditions = [] } = rule;
  const action: string = rule.action ?? "";
  const actionPath = path.child("action");
  const errors =
    action === "FailIndex" && !perIndex
      ? [invalid(actionPath, action, "requires the backoffLimitPerIndex to be set")]
      : validateChoice(action, actions, actionPath);
  if (onExitCodes) errors.push(...validateExitCodes(onExitCodes, containers, path.child("onExitCodes")));
  if (onPodConditions.length > 0) {
    errors.push(...validateConditionPatterns(onPodConditions, path.child("onPodConditions")));
  }
  if (onExitCodes && onPodConditions.length > 0) {
    const detail = "specifying both OnExitCodes and OnPodConditions is not supported";
    errors.push(invalid(path, noValue, detail));
  }
  if (!onExitCodes && onPodConditions.length === 0) {
    errors.push(invalid(path, noValue, "specifying one of OnExitCodes and OnPodConditions is required"));
  }
  return errors;
}

function validateConditionPatterns(patterns: readonly ConditionPattern[], path: FieldPath): FieldError[] {
  const errors =
    patterns.length > maxConditionPatterns ? [tooMany(path, patterns.length, maxConditionPatterns)] : [];
  patterns.forEach(({ type = "", status = "" }, index) => {
    const at = path.index(index);
    errors.push(...validateQualifiedName(type, at.child("type")));
    errors.push(...validateChoice(status, statuses, at.child("status")));
  });
  return errors;
}

function validateExitCodes(
  requirement: ExitCodes,
  containers: ReadonlySet<string>,
  path: FieldPath,
): FieldError[] {
  const { containerName } = requirement;
  const values = requirement.values ?? [];
  const operator: string = requirement.operator ?? "";
  const errors = validateChoice(operator, operators, path.child("operator"));
  if (containerName !== undefined && !containers.has(containerName)) {
    const detail = "must be one of the container or initContainer names in the pod template";
    errors.push(invalid(path.child("containerName"), containerName, detail));
  }
  const valuesPath = path.child("values");
  if (values.length === 0) {
    errors.push(invalid(valuesPath, requirement.values ?? null, "at least one value is required"));
  } else if (values.length > maxExitCodes) {
    errors.push(tooMany(valuesPath, values.length, maxExitCodes));
  }
  const seen = new Set<number>();
  values.forEach((value, index) => {
    const at = valuesPath.index(index);
    if (operator === "In" && value === 0)
      errors.push(invalid(at, value, "must not be 0 for the In operator"));
    if (seen.has(value)) errors.push(duplicate(at, value));
    seen.add(value);
  });
  const ordered = values.every((value, index) => index === 0 || values[index - 1]! <= value);
  return ordered ? errors : [...errors, invalid(valuesPath, values, "must be ordered")];
}

/** validateSuccessPolicy. */
export function validateSuccessPolicy(spec: Spec, path: FieldPath): FieldError[] {
  const rules = spec.successPolicy?.rules ?? [];
  const rulesPath = path.child("rules");
  const errors: FieldError[] = [];
  if (rules.length === 0) {
    const detail = "at least one rules must be specified when the successPolicy is specified";
    errors.push(required(rulesPath, detail));
  }
  if (rules.length > maxRules) errors.push(tooMany(rulesPath, rules.length, maxRules));
  rules.forEach((rule, index) => {
    errors.push(...validateSuccessRule(rule, spec.completions ?? 0, rulesPath.index(index)));
  });
  return errors;
}

function validateSuccessRule(
  { succeededCount: count, succeededIndexes: indexes }: SuccessRule,
  completions: number,
  path: FieldPath,
): FieldError[] {
  if (count === undefined && indexes === undefined) {
    return [required(path, "at least one of succeededCount or succeededIndexes must be specified")];
  }
  const errors: FieldError[] = [];
  let total = 0;
  if (indexes !== undefined) {
    const at = path.child("succeededIndexes");
    if (isLongerThan(indexes, maxSucceededIndexesLength)) errors.push(tooLong(at, maxSucceededIndexesLength));
    const counted = countIndexes(indexes, completions);
    if (typeof counted === "number") total = counted;
    else errors.push(invalid(at, indexes, `error parsing succeededIndexes: ${counted.problem}`));
  }
  if (count === undefined) return errors;
  const at = path.child("succeededCount");
  errors.push(...validateNonnegative(count, at));
  if (count > completions) {
    const detail = `must be less than or equal to ${completions} (the number of specified completions)`;
    errors.push(invalid(at, count, detail));
  }
  if (indexes !== undefined && count > total) {
    const detail = `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`;
    errors.push(invalid(at, count, detail));
  }
  return errors;
}
