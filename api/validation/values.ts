/**
 * Small checks of values that many kinds share. Sources: k8s.io/apimachinery/pkg/api/validation,
 * k8s.io/kubernetes/pkg/apis/core/validation and pkg/apis/apps/validation (int or percent).
 */
import { goMetaValue } from "../go-value.ts";
import { semanticEqual } from "../semantic-equal.ts";
import { type FieldError, type FieldPath, invalid } from "./field.ts";
import type { LabelSelector } from "./labels.ts";
import { checkPercent } from "./names.ts";

export const notNegativeError = "must be greater than or equal to 0";
export const notPositiveError = "must be greater than zero";
export const notIntegerError = "must be an integer";
export const immutableError = "field is immutable";

/** ValidateNonnegativeField. */
export function validateNonnegative(value: number | bigint, path: FieldPath): FieldError[] {
  return value < 0 ? [invalid(path, value, notNegativeError)] : [];
}

/** ValidatePositiveField. */
export function validatePositive(value: number | bigint, path: FieldPath): FieldError[] {
  return value <= 0 ? [invalid(path, value, notPositiveError)] : [];
}

/** ValidateImmutableField. */
export function validateImmutable(
  value: unknown,
  old: unknown,
  path: FieldPath,
  shown: unknown = value,
): FieldError[] {
  return semanticEqual(value, old) ? [] : [invalid(path, shown, immutableError)];
}

/** ValidateImmutableField of a label selector. */
export function validateImmutableSelector(
  selector: LabelSelector | null | undefined,
  old: LabelSelector | null | undefined,
  path: FieldPath,
): FieldError[] {
  return validateImmutable(selector, old, path, goMetaValue("LabelSelector", selector));
}

/** ValidatePositiveIntOrPercent: not negative, in spite of its name. */
export function validatePositiveIntOrPercent(value: number | string, path: FieldPath): FieldError[] {
  if (typeof value === "number") return validateNonnegative(value, path);
  return checkPercent(value).map((problem) => invalid(path, value, problem));
}

/** IsNotMoreThan100Percent. */
export function validateNotMoreThan100Percent(
  value: number | string | undefined,
  path: FieldPath,
): FieldError[] {
  const percent = percentOf(value);
  return percent === undefined || percent <= 100
    ? []
    : [invalid(path, value, "must not be greater than 100%")];
}

/** getIntOrPercentValue: 30 for 30 and for "30%"; 0 for a text that is neither. */
export function intOrPercentValue(value: number | string | undefined): number {
  if (typeof value === "number") return value;
  return percentOf(value) ?? (/^[+-]?[0-9]+$/.test(value ?? "") ? Number(value) : 0);
}

function percentOf(value: number | string | undefined): number | undefined {
  if (typeof value !== "string" || checkPercent(value).length > 0) return undefined;
  return Number(value.slice(0, -1));
}
