/**
 * The JSONPath of printer columns and selectable fields: fields, indices, slices, wildcards, recursive descent and
 * filters. Source: k8s.io/client-go/util/jsonpath.
 */
import { goFloat } from "../go-format.ts";
import { stringifyJson } from "../json.ts";
import { jsonEqual } from "../json-equal.ts";
import type { JsonValue } from "../object.ts";
import { isInt64 } from "./go-number.ts";
import { isJsonObject } from "./json-schema.ts";
import { sorted } from "./list-types.ts";

export class JsonPathError extends Error {
  override readonly name = "JsonPathError";
}

type Step = (values: readonly JsonValue[]) => JsonValue[];

/** A parsed path: what it finds in a value. @throws JsonPathError for what cannot be applied to the value. */
export type JsonPath = (value: JsonValue) => JsonValue[];

/** @throws JsonPathError */
export function parseJsonPath(text: string): JsonPath {
  const steps = new Parser(text).steps();
  return (value) => steps.reduce<JsonValue[]>((values, step) => step(values), [value]);
}

/** A result as a column of type string shows it. */
export function printJson(value: JsonValue): string {
  if (value === null) return "<no value>";
  if (typeof value === "string") return value;
  if (typeof value === "object") return stringifyJson(sorted(value));
  if (typeof value === "number" && !isInt64(value)) return goFloat(value);
  return String(value);
}

const membersOf = (value: JsonValue): JsonValue[] => {
  if (Array.isArray(value)) return value;
  if (!isJsonObject(value)) return [];
  return Object.keys(value)
    .sort()
    .map((key) => value[key]!);
};

const fieldStep =
  (name: string): Step =>
  (values) =>
    values.flatMap((value) => (isJsonObject(value) && Object.hasOwn(value, name) ? [value[name]!] : []));

const wildcardStep: Step = (values) => values.flatMap(membersOf);

const descentStep: Step = (values) => values.flatMap(descend);

function descend(value: JsonValue): JsonValue[] {
  return [value, ...membersOf(value).flatMap((member) => descend(member))];
}

/** [start:end:step]; a single index is a slice of one. */
function sliceStep(start: number | undefined, end: number | undefined, step: number): Step {
  return (values) =>
    values.flatMap((value) => {
      if (value === null) return [];
      if (!Array.isArray(value)) throw new JsonPathError("value is not array or slice");
      const from = clamp(start ?? 0, value.length);
      const to = clamp(end ?? value.length, value.length);
      return value.slice(from, to).filter((_, index) => index % step === 0);
    });
}

const clamp = (index: number, length: number): number => Math.max(0, index < 0 ? index + length : index);

function indexStep(index: number): Step {
  return (values) =>
    values.flatMap((value) => {
      if (value === null) return [];
      if (!Array.isArray(value)) throw new JsonPathError("value is not array or slice");
      const item = value.at(index);
      return item === undefined ? [] : [item];
    });
}

type Operand = (value: JsonValue) => JsonValue[];

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  ">": (order) => order > 0,
  "<=": (order) => order <= 0,
  ">=": (order) => order >= 0,
};

function compare(left: JsonValue, operator: string, right: JsonValue): boolean {
  if (operator === "==") return jsonEqual(left, right);
  if (operator === "!=") return !jsonEqual(left, right);
  const ordered = comparisons[operator];
  if (!ordered || typeof left !== typeof right || left === null || right === null) return false;
  return ordered(left < right ? -1 : left > right ? 1 : 0);
}

function filterStep(left: Operand, operator: string, right: Operand | undefined): Step {
  return (values) =>
    values.flatMap((value) => {
      const items = Array.isArray(value) ? value : [];
      return items.filter((item) => {
        const found = left(item);
        if (!right) return found.length > 0;
        const wanted = right(item);
        if (found.length === 0 || wanted.length === 0) return false;
        return compare(found[0]!, operator, wanted[0]!);
      });
    });
}

/** Reads one path from left to right. */
class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  steps(): Step[] {
    const steps: Step[] = [];
    if (this.#text[this.#at] === "$" || this.#text[this.#at] === "@") this.#at++;
    while (this.#at < this.#text.length) steps.push(...this.#step());
    return steps;
  }

  #step(): Step[] {
    const text = this.#text;
    if (text.startsWith("..", this.#at)) {
      this.#at += text[this.#at + 2] === "[" ? 2 : 1;
      return [descentStep];
    }
    if (text[this.#at] === ".") {
      this.#at++;
      return this.#field();
    }
    if (text[this.#at] === "[") return [this.#bracket()];
    if (text[this.#at] === " ") {
      this.#at++;
      return [];
    }
    if (/[\p{L}\p{N}_]/u.test(text[this.#at]!)) return this.#field();
    throw new JsonPathError(`unrecognized character in action: U+${hexOf(text, this.#at)}`);
  }

  #field(): Step[] {
    let name = "";
    while (this.#at < this.#text.length && !/[.[\]{}\s|,+='"()<>@]/.test(this.#text[this.#at]!)) {
      if (this.#text[this.#at] === "\\") this.#at++;
      name += this.#text[this.#at++] ?? "";
    }
    return [name === "*" ? wildcardStep : fieldStep(name)];
  }

  #bracket(): Step {
    const content = this.#bracketContent();
    const filter = /^\?\((.*)\)$/s.exec(content);
    if (filter) return parseFilter(filter[1]!);
    if (content === "*") return wildcardStep;
    const steps = splitOutsideQuotes(content, ",").map(parseSelector);
    if (steps.length === 1) return steps[0]!;
    return (values) => steps.flatMap((step) => step(values));
  }

  #bracketContent(): string {
    const start = ++this.#at;
    let depth = 1;
    for (const at of placesOutsideQuotes(this.#text, start)) {
      const char = this.#text[at]!;
      if (char === "[") depth++;
      else if (char === "]" && --depth === 0) {
        this.#at = at + 1;
        return this.#text.slice(start, at).trim();
      }
    }
    throw new JsonPathError("unterminated array");
  }
}

function hexOf(text: string, at: number): string {
  const char = String.fromCodePoint(text.codePointAt(at)!);
  return `${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")} '${char}'`;
}

const number = /^-?\d+$/;

function parseSelector(text: string): Step {
  const own = text.trim();
  const quoted = /^(['"])(.*)\1$/s.exec(own);
  if (quoted) return fieldStep(quoted[2]!.replaceAll(/\\(.)/gs, "$1"));
  if (number.test(own)) return indexStep(Number(own));
  const parts = own.split(":").map((part) => part.trim());
  if (parts.length < 2 || parts.length > 3 || parts.some((part) => part !== "" && !number.test(part))) {
    throw new JsonPathError(`invalid array index ${own}`);
  }
  const [start, end, step] = parts.map((part) => (part === "" ? undefined : Number(part)));
  return sliceStep(start, end, Math.max(1, step ?? 1));
}

/** The places of characters that no string holds. */
function* placesOutsideQuotes(text: string, start = 0): Iterable<number> {
  let quote = "";
  for (let at = start; at < text.length; at++) {
    const char = text[at]!;
    if (quote !== "") {
      if (char === "\\") at++;
      else if (char === quote) quote = "";
    } else if (char === '"' || char === "'") quote = char;
    else yield at;
  }
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const at of placesOutsideQuotes(text)) {
    if (text[at] !== separator) continue;
    parts.push(text.slice(start, at));
    start = at + 1;
  }
  parts.push(text.slice(start));
  return parts;
}

const operators = ["==", "!=", "<=", ">=", "<", ">"] as const;

function parseFilter(text: string): Step {
  for (const at of placesOutsideQuotes(text)) {
    const operator = operators.find((one) => text.startsWith(one, at));
    if (operator) {
      const right = parseOperand(text.slice(at + operator.length));
      return filterStep(parseOperand(text.slice(0, at)), operator, right);
    }
  }
  return filterStep(parseOperand(text), "exists", undefined);
}

function parseOperand(text: string): Operand {
  const own = text.trim();
  const quoted = /^(['"])(.*)\1$/s.exec(own);
  if (quoted) {
    const value = quoted[2]!.replaceAll(/\\(.)/gs, "$1");
    return () => [value];
  }
  if (/^-?\d+(\.\d+)?$/.test(own)) return () => [Number(own)];
  if (own === "true" || own === "false") return () => [own === "true"];
  return parseJsonPath(own);
}
