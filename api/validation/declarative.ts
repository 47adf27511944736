/**
 * Validation by rules, in the manner of upstream's declarative validation: what did not change is not looked at again,
 * and some rules end a field's validation. Source: k8s.io/apimachinery/pkg/api/validate and the generated
 * zz_generated.validations.go. Use it only for kinds whose strategy enforces those rules (WithDeclarativeEnforcement).
 */
import { isEmptyMap } from "../empty-map.ts";
import type { FeatureGates } from "../feature-gates.ts";
import { semanticEqual } from "../semantic-equal.ts";
import {
  duplicate,
  type FieldError,
  FieldPath,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
} from "./field.ts";
import { invalidText } from "./invalid-text.ts";
import { byteLength, checkDns1123Subdomain, type NameCheck } from "./names.ts";
import { immutableError } from "./values.ts";

export interface Place {
  path: FieldPath;
  isUpdate: boolean;
  /** Rules may depend on features. */
  gates: FeatureGates;
}

/** A rule about one value. An old value is there only in updates. */
export type Check<T> = (value: T | undefined, old: T | undefined, place: Place) => FieldError[];

export interface FieldRules<T> {
  /** An error of one of these ends the validation of the field, once all of them ran. */
  first?: readonly Check<T>[];
  /** Absence ends it, too: no value behind a pointer, or the zero value of a field without one. */
  optional?: "pointer" | "value";
  checks?: readonly Check<T>[];
}

type RulesOf<T> = { readonly [Key in keyof T]?: FieldRules<NonNullable<T[Key]>> };

const isZero = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === "" ||
  value === 0 ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === "object" && isEmptyMap(value));

/** The rules of a struct: of the whole first, then field by field. */
export function struct<T extends object>(rules: RulesOf<T>, ...whole: readonly Check<T>[]): Check<T> {
  return (value, old, place) => {
    if (!value) return [];
    const { path } = place;
    const errors = whole.flatMap((check) => check(value, old, place));
    errors.push(...checkFields(rules, value, old, place, (key) => path.child(key)));
    return errors;
  };
}

/** Applies the rules of a kind. */
export function checkObject<T extends object>(
  rules: RulesOf<T>,
  value: T,
  old: T | undefined,
  gates: FeatureGates,
): FieldError[] {
  return checkFields(rules, value, old, { isUpdate: old !== undefined, gates }, (key) => FieldPath.of(key));
}

function checkFields<T extends object>(
  rules: RulesOf<T>,
  value: T,
  old: T | undefined,
  place: Omit<Place, "path">,
  pathOf: (key: string) => FieldPath,
): FieldError[] {
  const fields = Object.entries(rules) as [keyof T & string, FieldRules<unknown>][];
  return fields.flatMap(([key, field]) => {
    if (place.isUpdate && old !== undefined && semanticEqual(value[key], old[key])) return [];
    return checkField(field, value[key], old?.[key], { ...place, path: pathOf(key) });
  });
}

function checkField<T>(
  rules: FieldRules<T>,
  value: T | undefined,
  old: T | undefined,
  place: Place,
): FieldError[] {
  const { first = [], optional, checks = [] } = rules;
  const errors = first.flatMap((check) => check(value, old, place));
  const absent = optional === "pointer" ? value === undefined || value === null : isZero(value);
  if (errors.length > 0 || (optional && absent)) return errors;
  return checks.flatMap((check) => check(value, old, place));
}

export const immutable: Check<unknown> = (_value, _old, { path, isUpdate }) =>
  isUpdate ? [invalid(path, null, immutableError)] : [];

export const requiredValue: Check<unknown> = (value, _old, { path }) =>
  isZero(value) ? [required(path)] : [];

export const requiredPointer: Check<unknown> = (value, _old, { path }) =>
  value === undefined || value === null ? [required(path)] : [];

export const forbiddenField: Check<unknown> = (value, _old, { path }) =>
  isZero(value) ? [] : [forbidden(path, "")];

/** Behind a pointer even a zero is a value. */
export const forbiddenPointer: Check<unknown> = (value, _old, { path }) =>
  value === undefined || value === null ? [] : [forbidden(path, "")];

export function whenEnabled<T>(gate: string, check: Check<T>): Check<T> {
  return (value, old, place) => (place.gates.enabled(gate) ? check(value, old, place) : []);
}

export function unlessEnabled<T>(gate: string, check: Check<T>): Check<T> {
  return (value, old, place) => (place.gates.enabled(gate) ? [] : check(value, old, place));
}

export function maxItems(max: number): Check<readonly unknown[]> {
  return (list, _old, { path }) => {
    const count = list?.length ?? 0;
    return count > max ? [tooMany(path, count, max)] : [];
  };
}

export function maxBytes(max: number): Check<string> {
  return (text = "", _old, { path }) => (byteLength(text) > max ? [tooLong(path, max)] : []);
}

export function minimum(min: number): Check<number> {
  return (value, _old, { path }) =>
    value === undefined || value >= min
      ? []
      : [invalid(path, value, `must be greater than or equal to ${min}`)];
}

export function maximum(max: number): Check<number> {
  return (value, _old, { path }) =>
    value === undefined || value <= max ? [] : [invalid(path, value, `must be less than or equal to ${max}`)];
}

export function oneOf(...values: readonly string[]): Check<string> {
  return (value, _old, { path }) =>
    value === undefined || values.includes(value) ? [] : [notSupported(path, value, [...values].sort())];
}

export function text(check: NameCheck): Check<string> {
  return (value, _old, { path }) => (value === undefined ? [] : invalidText(path, value, check(value)));
}

const maxPoolName = 253;

/** DNS subdomains separated by slashes. */
export const resourcePoolName: Check<string> = (value, _old, { path }) => {
  if (value === undefined) return [];
  const errors = byteLength(value) > maxPoolName ? [tooLong(path, maxPoolName)] : [];
  value.split("/").forEach((part, index) => {
    const shown = part === "" ? value : part;
    const problems = part === "" ? ["must not be empty"] : checkDns1123Subdomain(part);
    for (const problem of problems) errors.push(invalid(path, shown, `segment ${index}: ${problem}`));
  });
  return errors;
};

/** No two items with the same key. */
export function unique<T>(keyOf: (item: T) => string): Check<readonly T[]> {
  return (list, _old, { path }) => {
    const seen = new Set<string>();
    const errors: FieldError[] = [];
    list?.forEach((item, index) => {
      const key = keyOf(item);
      if (seen.has(key)) errors.push(duplicate(path.index(index), item));
      seen.add(key);
    });
    return errors;
  };
}

/** A rule for every item; with a key, items that did not change are passed over. */
export function each<T>(check: Check<T>, keyOf?: (item: T) => string): Check<readonly T[]> {
  return (list, old, place) => {
    const before = new Map<string, T>();
    if (keyOf) for (const item of old?.toReversed() ?? []) before.set(keyOf(item), item);
    return (list ?? []).flatMap((item, index) => {
      const oldItem = keyOf && before.get(keyOf(item));
      if (place.isUpdate && oldItem !== undefined && semanticEqual(item, oldItem)) return [];
      return check(item, oldItem, { ...place, path: place.path.index(index) });
    });
  };
}

/** Exactly one of the members is given. */
export function union<T extends object>(...members: readonly (keyof T & string)[]): Check<T> {
  const all = members.map((member) => `\`${member}\``).join(", ");
  const given = (value: T | undefined) =>
    members.filter((member) => value?.[member] !== undefined && value[member] !== null);
  return (value, old, { path, isUpdate }) => {
    const present = given(value);
    const unchanged = present.join() === given(old).join();
    if (present.length === 1 || (isUpdate && old !== undefined && unchanged)) return [];
    if (present.length === 0) return [invalid(path, "", `must specify one of: ${all}`)];
    return [invalid(path, `{${present.join(", ")}}`, `must specify exactly one of: ${all}`)];
  };
}
