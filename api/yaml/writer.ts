/**
 * YAML as upstream serves it for application/yaml: sigs.k8s.io/yaml, which is go-yaml v2. Keys sorted, lists not
 * indented, strings quoted only where they would be something else, lines folded after 80 characters.
 */
import type { JsonObject, JsonValue } from "../object.ts";
import { compareKeys } from "./key-order.ts";
import { formatFloat, isPlainString } from "./scalar.ts";

const bestWidth = 80;
const bestIndent = 2;
const maxSimpleKey = 128;

/** A document, with a line break at its end. What is undefined is left out. */
export function stringifyYaml(value: unknown): string {
  const writer = new Writer();
  writer.root(value as JsonValue);
  return writer.finish();
}

class Writer {
  readonly #lines: string[] = [];
  #current = "";

  finish(): string {
    if (this.#current !== "") this.#break();
    return this.#lines.join("");
  }

  root(value: JsonValue): void {
    if (isObject(value) && !isEmpty(value)) this.#mapping(value, 0, false);
    else if (Array.isArray(value) && value.length > 0) this.#sequence(value, 0, false);
    else this.#scalar(value, bestIndent, false);
  }

  /** @param inline the first entry goes on the current line, behind a dash. */
  #mapping(object: JsonObject, indent: number, inline: boolean): void {
    let isFirst = inline;
    const keys = Object.keys(object).filter((key) => object[key] !== undefined);
    for (const key of keys.sort(compareKeys)) {
      if (!isFirst) this.#line(indent);
      isFirst = false;
      const value = object[key] as JsonValue;
      const isSimple = !/[\r\n\u0085\u2028\u2029]/.test(key) && Buffer.byteLength(key) <= maxSimpleKey;
      if (!isSimple) this.#current += "? ";
      this.#string(key, indent + bestIndent, isSimple);
      if (!isSimple) this.#line(indent);
      this.#current += ":";
      this.#value(value, indent, isSimple);
    }
  }

  #value(value: JsonValue, indent: number, isSimple: boolean): void {
    if (isObject(value) && !isEmpty(value)) {
      if (!isSimple) this.#current += " ";
      this.#mapping(value, indent + bestIndent, !isSimple);
    } else if (Array.isArray(value) && value.length > 0) {
      if (!isSimple) this.#current += " ";
      // A list under a key is not indented.
      this.#sequence(value, isSimple ? indent : indent + bestIndent, !isSimple);
    } else {
      this.#current += " ";
      this.#scalar(value, indent + bestIndent, false);
    }
  }

  #sequence(items: readonly JsonValue[], indent: number, inline: boolean): void {
    let isFirst = inline;
    for (const item of items) {
      if (!isFirst) this.#line(indent);
      isFirst = false;
      this.#current += "- ";
      if (isObject(item) && !isEmpty(item)) this.#mapping(item, indent + bestIndent, true);
      else if (Array.isArray(item) && item.length > 0) this.#sequence(item, indent + bestIndent, true);
      else this.#scalar(item, indent + bestIndent, false);
    }
  }

  #scalar(value: JsonValue | undefined, indent: number, simpleKey: boolean): void {
    if (typeof value === "string") this.#string(value, indent, simpleKey);
    else if (typeof value === "number") this.#current += formatNumber(value);
    else if (Array.isArray(value)) this.#current += "[]";
    else this.#current += isObject(value) ? "{}" : String(value ?? null);
  }

  #string(value: string, indent: number, simpleKey: boolean): void {
    const form = analyze(value);
    const canUsePlain = isPlainString(value);
    const wantsLiteral = value.includes("\n");
    if (wantsLiteral && form.literalAllowed && !simpleKey) this.#literal(value, indent);
    else if (!wantsLiteral && canUsePlain && form.plainAllowed && !(simpleKey && value === ""))
      this.#plain(value, indent, !simpleKey);
    else if (!wantsLiteral && canUsePlain && form.singleQuotedAllowed)
      this.#singleQuoted(value, indent, !simpleKey);
    else this.#doubleQuoted(value, indent, !simpleKey);
  }

  #plain(value: string, indent: number, allowBreaks: boolean): void {
    this.#folded([...value], indent, (char, index, chars) => {
      const breaks = allowBreaks && chars[index - 1] !== " " && chars[index + 1] !== " ";
      return char === " " && breaks;
    });
  }

  #singleQuoted(value: string, indent: number, allowBreaks: boolean): void {
    this.#current += "'";
    const chars = [...value].map((char) => (char === "'" ? "''" : char));
    this.#folded(chars, indent, (char, index) => {
      if (char !== " " || !allowBreaks || index === 0 || index === chars.length - 1) return false;
      return chars[index - 1] !== " " && chars[index + 1] !== " ";
    });
    this.#current += "'";
  }

  #doubleQuoted(value: string, indent: number, allowBreaks: boolean): void {
    this.#current += '"';
    const chars = [...value];
    let spaces = false;
    for (const [index, char] of chars.entries()) {
      const isInside = index > 0 && index < chars.length - 1;
      if (char === " " && allowBreaks && !spaces && isInside && this.#column() > bestWidth) {
        this.#line(indent);
        if (chars[index + 1] === " ") this.#current += "\\";
        spaces = true;
        continue;
      }
      spaces = char === " ";
      this.#current += needsEscape(char) ? escapeChar(char) : char;
    }
    this.#current += '"';
  }

  #literal(value: string, indent: number): void {
    this.#current += `|${/^[ \n\r\u0085\u2028\u2029]/.test(value) ? bestIndent : ""}${chomping(value)}`;
    const lines = value.split("\n");
    this.#break();
    for (const [index, line] of lines.entries()) {
      if (line !== "") this.#current = " ".repeat(indent) + line;
      if (index < lines.length - 1) this.#break();
    }
  }

  /** Writes characters, with a line break for each space that may be one once the line is full. */
  #folded(
    chars: readonly string[],
    indent: number,
    mayBreak: (char: string, index: number, chars: readonly string[]) => boolean,
  ): void {
    for (const [index, char] of chars.entries()) {
      if (mayBreak(char, index, chars) && this.#column() > bestWidth) this.#line(indent);
      else this.#current += char;
    }
  }

  #column(): number {
    return [...this.#current].length;
  }

  #line(indent: number): void {
    if (this.#current !== "") this.#break();
    this.#current = " ".repeat(indent);
  }

  #break(): void {
    this.#lines.push(`${this.#current}\n`);
    this.#current = "";
  }
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isEmpty(object: JsonObject): boolean {
  return Object.values(object).every((value) => value === undefined);
}

/** Integers beyond what a uint64 holds are floats to go-yaml. */
function formatNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63
    ? String(value === 0 ? 0 : value)
    : formatFloat(value);
}

interface Forms {
  plainAllowed: boolean;
  singleQuotedAllowed: boolean;
  literalAllowed: boolean;
}

const lineBreak = "\n\r\u0085\u2028\u2029";
const breakThenSpace = new RegExp(`[${lineBreak}] `);
const spaceThenBreak = new RegExp(` [${lineBreak}]`);
const anyBreak = new RegExp(`[${lineBreak}]`);
/** What may not start a plain scalar, or may not stand inside one. */
const indicator =
  /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?:-](?:[ \t]|$))|:(?:[ \t]|$)|[ \t\n\r\u0085\u2028\u2029]#/;
const edgeSpace = new RegExp(`^[ ${lineBreak}]|[ ${lineBreak}]$`);

/** Which ways to write a string mean that string: yaml_emitter_analyze_scalar. */
function analyze(value: string): Forms {
  if (value === "") return { plainAllowed: true, singleQuotedAllowed: true, literalAllowed: false };
  const isSpecial = [...value].some((char) => !isPrintable(char)) || spaceThenBreak.test(value);
  const isPlain = !edgeSpace.test(value) && !anyBreak.test(value) && !indicator.test(value);
  return {
    plainAllowed: !isSpecial && isPlain,
    singleQuotedAllowed: !isSpecial && !breakThenSpace.test(value),
    literalAllowed: !isSpecial && !value.endsWith(" "),
  };
}

/** What go-yaml takes for printable: no character beyond U+FFFD among it. */
function isPrintable(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x7f) return code >= 0x20 || code === 0x0a;
  return code >= 0xa0 && code <= 0xfffd && code !== 0xfeff && !(code >= 0xd800 && code < 0xe000);
}

const needsEscape = (char: string): boolean =>
  char === '"' || char === "\\" || !isPrintable(char) || anyBreak.test(char);

const namedEscapes = new Map([
  [0x00, "0"],
  [0x07, "a"],
  [0x08, "b"],
  [0x09, "t"],
  [0x0a, "n"],
  [0x0b, "v"],
  [0x0c, "f"],
  [0x0d, "r"],
  [0x1b, "e"],
  [0x22, '"'],
  [0x5c, "\\"],
  [0x85, "N"],
  [0xa0, "_"],
  [0x2028, "L"],
  [0x2029, "P"],
]);

function escapeChar(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const named = namedEscapes.get(code);
  if (named !== undefined) return `\\${named}`;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

function chomping(value: string): string {
  const last = value.at(-1) ?? "";
  if (!anyBreak.test(last)) return "-";
  return value.length === 1 || anyBreak.test(value.at(-2) ?? "") ? "+" : "";
}
