/**
 * Field paths and field errors, worded as k8s.io/apimachinery/pkg/util/validation/field does, because
 * clients and tests match on the text.
 */
import { aggregateText } from "../aggregate.ts";
import { goQuote } from "../go-format.ts";
import { stringifyJson } from "../json.ts";

/** A place in an object: spec.containers[0].ports[http]. Immutable; its text is only made when asked for. */
export class FieldPath {
  readonly #parent: FieldPath | undefined;
  readonly #name: string;
  readonly #subscript: boolean;

  private constructor(parent: FieldPath | undefined, name: string, subscript: boolean) {
    this.#parent = parent;
    this.#name = name;
    this.#subscript = subscript;
  }

  static of(name: string, ...more: string[]): FieldPath {
    let path = new FieldPath(undefined, name, false);
    for (const next of more) path = new FieldPath(path, next, false);
    return path;
  }

  child(name: string, ...more: string[]): FieldPath {
    let path = new FieldPath(this, name, false);
    for (const next of more) path = new FieldPath(path, next, false);
    return path;
  }

  index(index: number): FieldPath {
    return new FieldPath(this, String(index), true);
  }

  key(key: string): FieldPath {
    return new FieldPath(this, key, true);
  }

  toString(): string {
    const own = this.#subscript ? `[${this.#name}]` : this.#name;
    if (!this.#parent) return own;
    return this.#subscript ? `${this.#parent}${own}` : `${this.#parent}.${own}`;
  }
}

export type FieldErrorType =
  | "FieldValueNotFound"
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueInvalid"
  | "FieldValueNotSupported"
  | "FieldValueForbidden"
  | "FieldValueTooLong"
  | "FieldValueTooMany"
  | "FieldValueTooFew"
  | "InternalError"
  | "FieldValueTypeInvalid"
  | "FieldValueTooShort";

const titles: Record<FieldErrorType, string> = {
  FieldValueNotFound: "Not found",
  FieldValueRequired: "Required value",
  FieldValueDuplicate: "Duplicate value",
  FieldValueInvalid: "Invalid value",
  FieldValueNotSupported: "Unsupported value",
  FieldValueForbidden: "Forbidden",
  FieldValueTooLong: "Too long",
  FieldValueTooMany: "Too many",
  FieldValueTooFew: "Too few",
  InternalError: "Internal error",
  FieldValueTypeInvalid: "Invalid value",
  FieldValueTooShort: "Too short",
};

/** Types whose text never shows the value. */
const valueless = new Set<FieldErrorType>([
  "FieldValueRequired",
  "FieldValueForbidden",
  "FieldValueTooLong",
  "FieldValueTooShort",
  "InternalError",
]);

/** Given as a value, the text shows none: field.OmitValueType. */
export const noValue = Symbol("no value");

export interface FieldError {
  readonly type: FieldErrorType;
  readonly field: string;
  /** The text after the field name: 'Invalid value: "x": must be …'. */
  readonly body: string;
}

function fieldError(
  type: FieldErrorType,
  path: FieldPath | string,
  value: unknown,
  detail: string,
): FieldError {
  let body = titles[type];
  if (!valueless.has(type) && value !== noValue) body += `: ${formatValue(value)}`;
  if (detail !== "") body += `: ${detail}`;
  return { type, field: String(path), body };
}

/** A text whose type in Go is not string itself (an enum, a pointer): it is shown as JSON, with JSON's escapes. */
export class TypedText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function formatValue(value: unknown): string {
  if (typeof value === "string") return goQuote(value);
  if (value instanceof TypedText) return stringifyJson(value.text);
  if (value === undefined) return "null";
  return stringifyJson(value);
}

export const invalid = (path: FieldPath | string, value: unknown, detail: string): FieldError =>
  fieldError("FieldValueInvalid", path, value, detail);

export const typeInvalid = (path: FieldPath | string, value: unknown, detail: string): FieldError =>
  fieldError("FieldValueTypeInvalid", path, value, detail);

export const required = (path: FieldPath | string, detail = ""): FieldError =>
  fieldError("FieldValueRequired", path, noValue, detail);

export const forbidden = (path: FieldPath | string, detail: string): FieldError =>
  fieldError("FieldValueForbidden", path, noValue, detail);

export const duplicate = (path: FieldPath | string, value: unknown): FieldError =>
  fieldError("FieldValueDuplicate", path, value, "");

export const notFound = (path: FieldPath | string, value: unknown, detail = ""): FieldError =>
  fieldError("FieldValueNotFound", path, value, detail);

export const internalError = (path: FieldPath | string, detail: string): FieldError =>
  fieldError("InternalError", path, noValue, detail);

/**
 * Pass the values in the order in which upstream lists them (most callers sort them). A string value is taken for that
 * of an enum; see notSupportedText.
 */
export function notSupported(
  path: FieldPath | string,
  value: unknown,
  supported: Iterable<string>,
): FieldError {
  return notSupportedText(path, typeof value === "string" ? new TypedText(value) : value, supported);
}

/** The same for a field that is a plain string in Go. */
export function notSupportedText(
  path: FieldPath | string,
  value: unknown,
  supported: Iterable<string>,
): FieldError {
  const quoted = [...supported].map(goQuote);
  const detail = quoted.length > 0 ? `supported values: ${quoted.join(", ")}` : "";
  return fieldError("FieldValueNotSupported", path, value, detail);
}

export function tooLong(path: FieldPath | string, maxLength: number): FieldError {
  const unit = maxLength === 1 ? "byte" : "bytes";
  const detail = maxLength >= 0 ? `may not be more than ${maxLength} ${unit}` : "value is too long";
  return fieldError("FieldValueTooLong", path, noValue, detail);
}

/** Length counted in characters (code points), not bytes. */
export function tooLongCharacters(path: FieldPath | string, maxLength: number): FieldError {
  const unit = maxLength === 1 ? "character" : "characters";
  const detail = maxLength >= 0 ? `may not be more than ${maxLength} ${unit}` : "value is too long";
  return fieldError("FieldValueTooLong", path, noValue, detail);
}

export function tooShort(path: FieldPath | string, minLength: number): FieldError {
  const unit = minLength === 1 ? "character" : "characters";
  const detail = minLength >= 0 ? `must be at least ${minLength} ${unit}` : "value is too short";
  return fieldError("FieldValueTooShort", path, noValue, detail);
}

export function tooFew(path: FieldPath | string, actual: number, min: number): FieldError {
  const unit = min === 1 ? "item" : "items";
  const detail = min >= 0 ? `must have at least ${min} ${unit}` : "has too few items";
  return fieldError("FieldValueTooFew", path, actual, detail);
}

export function tooMany(path: FieldPath | string, actual: number, max: number): FieldError {
  const unit = max === 1 ? "item" : "items";
  const detail = max >= 0 ? `must have at most ${max} ${unit}` : "has too many items";
  return fieldError("FieldValueTooMany", path, actual >= 0 ? actual : noValue, detail);
}

/** "[a, b]" for several errors, the error alone for one; equal messages are said once. */
export function aggregateMessage(errors: readonly FieldError[]): string {
  return aggregateText(errors.map((error) => `${error.field}: ${error.body}`));
}
