/** Labels, selectors and conditions. Source: k8s.io/apimachinery/pkg/apis/meta/v1/validation. */
import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
  TypedText,
  tooLong,
} from "./field.ts";
import { checkLabelValue, checkQualifiedName, isLongerThan, regexError } from "./names.ts";

export interface LabelSelectorRequirement {
  key?: string;
  operator?: string;
  values?: readonly string[];
}

export interface LabelSelector {
  matchLabels?: Readonly<Record<string, string>>;
  matchExpressions?: readonly LabelSelectorRequirement[];
}

export interface LabelSelectorOptions {
  /** For updates of objects whose selector is already wrong. */
  allowInvalidLabelValue?: boolean;
  /** For access reviews, which understand operators of later versions. */
  allowUnknownOperator?: boolean;
}

/** ValidateLabelName: a label's key. */
export function validateLabelName(name: string, path: FieldPath): FieldError[] {
  return checkQualifiedName(name).map((problem) => invalid(path, name, problem));
}

/** ValidateLabels. */
export function validateLabels(
  labels: Readonly<Record<string, string>> | undefined,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const key in labels) {
    if (!Object.hasOwn(labels, key)) continue;
    for (const problem of checkQualifiedName(key)) errors.push(invalid(path, key, problem));
    const value = labels[key]!;
    for (const problem of checkLabelValue(value)) errors.push(invalid(path, value, problem));
  }
  return errors;
}

/** LabelSelectorHasInvalidLabelValue: then an update may keep such values. */
export function selectorHasInvalidLabelValue(selector: LabelSelector | undefined): boolean {
  return (selector?.matchExpressions ?? []).some((expression) =>
    (expression.values ?? []).some((value) => checkLabelValue(value).length > 0),
  );
}

/** ValidateLabelSelector. */
export function validateLabelSelector(
  selector: LabelSelector | undefined,
  options: LabelSelectorOptions,
  path: FieldPath,
): FieldError[] {
  if (!selector) return [];
  const errors = validateLabels(selector.matchLabels, path.child("matchLabels"));
  selector.matchExpressions?.forEach((requirement, index) => {
    const at = path.child("matchExpressions").index(index);
    errors.push(...validateLabelSelectorRequirement(requirement, options, at));
  });
  return errors;
}

/** ValidateLabelSelectorRequirement. */
export function validateLabelSelectorRequirement(
  requirement: LabelSelectorRequirement,
  options: LabelSelectorOptions,
  path: FieldPath,
): FieldError[] {
  const errors = validateOperator(requirement, options.allowUnknownOperator === true, path);
  errors.push(...validateLabelName(requirement.key ?? "", path.child("key")));
  if (options.allowInvalidLabelValue) return errors;
  requirement.values?.forEach((value, index) => {
    for (const problem of checkLabelValue(value)) {
      errors.push(invalid(path.child("values").index(index), value, problem));
    }
  });
  return errors;
}

/** ValidateFieldSelectorRequirement: as access reviews carry them. */
export function validateFieldSelectorRequirement(
  requirement: LabelSelectorRequirement,
  options: Pick<LabelSelectorOptions, "allowUnknownOperator">,
  path: FieldPath,
): FieldError[] {
  const missing = requirement.key ? [] : [required(path.child("key"), "must be specified")];
  return [...missing, ...validateOperator(requirement, options.allowUnknownOperator === true, path)];
}

function validateOperator(
  { operator, values }: LabelSelectorRequirement,
  allowUnknown: boolean,
  path: FieldPath,
): FieldError[] {
  switch (operator) {
    case "In":
    case "NotIn":
      if (values && values.length > 0) return [];
      return [required(path.child("values"), "must be specified when `operator` is 'In' or 'NotIn'")];
    case "Exists":
    case "DoesNotExist":
      if (!values || values.length === 0) return [];
      return [
        forbidden(path.child("values"), "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"),
      ];
    default:
      if (allowUnknown) return [];
      return [
        invalid(path.child("operator"), new TypedText(operator ?? ""), "not a valid selector operator"),
      ];
  }
}

/** A meta/v1 Condition. */
export interface Condition {
  type?: string;
  status?: string;
  observedGeneration?: number;
  lastTransitionTime?: string | null;
  reason?: string;
  message?: string;
}

const conditionReasonSource = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?";
const conditionReasonPattern = new RegExp(`^${conditionReasonSource}$`);
const conditionReasonMismatch = regexError(
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
  conditionReasonSource,
  "my_name",
  "MY_NAME",
  "MyName",
  "ReasonA,ReasonB",
  "ReasonA:ReasonB",
);

/** ValidateConditions. */
export function validateConditions(
  conditions: readonly Condition[] | undefined,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  conditions?.forEach((condition, index) => {
    const type = condition.type ?? "";
    if (seen.has(type)) errors.push(duplicate(path.index(index).child("type"), type));
    seen.add(type);
    errors.push(...validateCondition(condition, path.index(index)));
  });
  return errors;
}

/** ValidateCondition. */
export function validateCondition(condition: Condition, path: FieldPath): FieldError[] {
  const errors = validateLabelName(condition.type ?? "", path.child("type"));
  const status = condition.status ?? "";
  if (status !== "True" && status !== "False" && status !== "Unknown") {
    errors.push(notSupported(path.child("status"), status, ["False", "True", "Unknown"]));
  }
  const generation = condition.observedGeneration ?? 0;
  if (generation < 0) {
    errors.push(
      invalid(path.child("observedGeneration"), generation, "must be greater than or equal to zero"),
    );
  }
  if (!condition.lastTransitionTime) errors.push(required(path.child("lastTransitionTime")));
  const reason = condition.reason ?? "";
  if (reason === "") {
    errors.push(required(path.child("reason")));
  } else {
    if (!conditionReasonPattern.test(reason)) {
      errors.push(invalid(path.child("reason"), reason, conditionReasonMismatch));
    }
    if (isLongerThan(reason, 1024)) errors.push(tooLong(path.child("reason"), 1024));
  }
  if (isLongerThan(condition.message ?? "", 32 * 1024)) {
    errors.push(tooLong(path.child("message"), 32 * 1024));
  }
  return errors;
}
