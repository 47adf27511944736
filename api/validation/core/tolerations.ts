/** Tolerations. Source: ValidateTolerations in k8s.io/kubernetes/pkg/apis/core/validation/validation.go. */
import type { Toleration } from "../../core-types.ts";
import { goQuote } from "../../go-format.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
  TypedText,
} from "../field.ts";
import { validateLabelName } from "../labels.ts";
import { checkDecimalInteger, checkLabelValue } from "../names.ts";

export interface TolerationOptions {
  /** The operators Lt and Gt. */
  allowTolerationComparison: boolean;
}

export function validateTolerations(
  tolerations: readonly Toleration[],
  path: FieldPath,
  options: TolerationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  tolerations.forEach((toleration, index) => {
    const { key = "" } = toleration;
    const operator: string = toleration.operator ?? "";
    const effect: string = toleration.effect ?? "";
    const at = path.index(index);
    if (key) errors.push(...validateLabelName(key, at.child("key")));
    if (!key && operator !== "Exists") {
      const detail =
        'operator must be Exists when `key` is empty, which means "match all values and all keys"';
      errors.push(invalid(at.child("operator"), new TypedText(operator), detail));
    }
    if (toleration.tolerationSeconds !== undefined && effect !== "NoExecute") {
      const detail = "effect must be 'NoExecute' when `tolerationSeconds` is set";
      errors.push(invalid(at.child("effect"), new TypedText(effect), detail));
    }
    errors.push(...validateOperator(operator, toleration.value ?? "", at, options));
    if (effect) errors.push(...validateTaintEffect(effect, at.child("effect")));
  });
  return errors;
}

function validateOperator(
  operator: string,
  value: string,
  path: FieldPath,
  options: TolerationOptions,
): FieldError[] {
  const at = path.child("operator");
  switch (operator) {
    case "":
    case "Equal": {
      // The problem is the value's, but upstream names the operator.
      const problems = checkLabelValue(value);
      return problems.length === 0 ? [] : [invalid(at, value, problems.join(";"))];
    }
    case "Exists":
      return value ? [invalid(at, value, "value must be empty when `operator` is 'Exists'")] : [];
    case "Lt":
    case "Gt":
      if (!options.allowTolerationComparison) {
        return [notSupported(at, operator, ["Equal", "Exists", "Lt", "Gt"])];
      }
      return validateInteger(value, path.child("value"));
    default:
      return [notSupported(at, operator, ["Equal", "Exists"])];
  }
}

/** A canonical decimal that is an int64. */
export function validateInteger(value: string, path: FieldPath): FieldError[] {
  const errors = checkDecimalInteger(value).map((problem) => invalid(path, value, problem));
  const problem = parseIntProblem(value);
  return problem ? [...errors, invalid(path, value, problem)] : errors;
}

function parseIntProblem(text: string): string | undefined {
  const failed = `strconv.ParseInt: parsing ${goQuote(text)}`;
  if (!/^[+-]?[0-9]+$/.test(text)) return `${failed}: invalid syntax`;
  const digits = text.replace(/^[+-]?0*/, "");
  const fits =
    digits.length < 20 && BigInt.asIntN(64, BigInt(text.replace("+", ""))) === BigInt(text.replace("+", ""));
  return fits ? undefined : `${failed}: value out of range`;
}

const taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** validateTaintEffect; an empty one is refused. */
export function validateTaintEffect(effect: string, path: FieldPath): FieldError[] {
  if (effect === "") return [required(path)];
  return taintEffects.includes(effect) ? [] : [notSupported(path, effect, taintEffects)];
}

/** validateOnlyAddedTolerations: a pod that exists gets more, and other seconds, but loses none. */
export function validateOnlyAddedTolerations(
  tolerations: readonly Toleration[],
  old: readonly Toleration[],
  path: FieldPath,
  options: TolerationOptions,
): FieldError[] {
  const kept = old.every((before) =>
    tolerations.some((after) =>
      semanticEqual({ ...before, tolerationSeconds: undefined }, { ...after, tolerationSeconds: undefined }),
    ),
  );
  if (!kept) return [forbidden(path, "existing toleration can not be modified except its tolerationSeconds")];
  return validateTolerations(tolerations, path, options);
}
