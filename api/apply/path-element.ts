/**
 * Path elements, in the text that fieldsV1 gives them: "f:name" a field, 'k:{"name":"a"}' an item of a map list,
 * "v:1" an item of a set, "i:0" an index. Two elements are the same when their canonical texts are.
 * Source: structured-merge-diff/v6/fieldpath/serialize-pe.go and element.go.
 */
import { compareBytes } from "../byte-order.ts";
import { goQuote } from "../go-format.ts";
import { stringifyJson } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { goValue, isObject } from "../patch/go-value.ts";

export class PathElementError extends Error {
  override readonly name = "PathElementError";
}

/** So many texts are remembered at a time. */
const maxTexts = 1024;

/** Pure memoisation: the same names come again and again, and one string is compared faster than equal ones are. */
export class ElementMemo {
  readonly #make: (text: string) => string;
  readonly #known = new Map<string, string>();

  constructor(make: (text: string) => string) {
    this.#make = make;
  }

  get(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const made = this.#make(text);
    if (this.#known.size === maxTexts) this.#known.clear();
    this.#known.set(text, made);
    return made;
  }
}

const fieldElements = new ElementMemo((name) => `f:${name}`);

export const fieldElement = (name: string): string => fieldElements.get(name);

export const valueElement = (value: JsonValue): string => `v:${canonicalJson(value)}`;

/** Members must come in the order of their names. */
export function keyElement(members: readonly (readonly [name: string, value: JsonValue])[]): string {
  return `k:{${members.map(([name, value]) => `${stringifyJson(name)}:${canonicalJson(value)}`).join(",")}}`;
}

/** Texts that are the same in JSON: names, paths, addresses. */
const plainText = /^[\w.\-/:@ ]*$/;

/** JSON with sorted keys, as Go writes maps. */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === "string" && plainText.test(value)) return `"${value}"`;
  if (typeof value !== "object" || value === null) return stringifyJson(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.keys(value)
    .sort(compareBytes)
    .map((key) => `${stringifyJson(key)}:${canonicalJson(value[key]!)}`);
  return `{${members.join(",")}}`;
}

/** The canonical form of an element; undefined for a kind of element that a later version may know. */
export function canonicalElement(element: string): string | undefined {
  if (element.length < 2) throw new PathElementError("key must be 2 characters long:");
  if (element[1] !== ":") throw new PathElementError(`missing colon: ${element}`);
  switch (element[0]) {
    case "f":
      return element;
    case "v":
      return valueElement(parsed(element));
    case "k":
      return isPlainKey(element) ? element : keyElement(sortedMembers(keyMembers(element)));
    case "i":
      if (!/^[+-]?\d+$/.test(element.slice(2))) {
        throw new PathElementError(`strconv.Atoi: parsing ${goQuote(element.slice(2))}: invalid syntax`);
      }
      return `i:${BigInt(element.slice(2).replace("+", ""))}`;
    default:
      return undefined;
  }
}

/** Whether an element, or the dot, is as fieldsV1 has it. */
export function isCanonicalElement(element: string): boolean {
  if (element === ".") return true;
  try {
    return canonicalElement(element) === element;
  } catch (error) {
    if (error instanceof PathElementError) return false;
    throw error;
  }
}

function parsed(element: string): JsonValue {
  try {
    return JSON.parse(element.slice(2)) as JsonValue;
  } catch {
    throw new PathElementError(`invalid JSON in path element: ${element}`);
  }
}

function keyMembers(element: string): JsonObject {
  const members = parsed(element);
  if (!isObject(members)) throw new PathElementError(`expect { or n, but found ${element.slice(2, 3)}`);
  return members;
}

const sortedMembers = (members: JsonObject): [string, JsonValue][] =>
  Object.entries(members).sort(([a], [b]) => compareBytes(a, b));

/** The element in a path as people read it: .name, [name="a"], [=1], [0]. */
export function elementText(element: string): string {
  switch (element[0]) {
    case "f":
      return `.${element.slice(2)}`;
    case "k": {
      const members = Object.entries(keyMembers(element));
      return `[${members.map(([name, value]) => `${name}=${valueText(value)}`).join(",")}]`;
    }
    case "v":
      return `[=${valueText(parsed(element))}]`;
    default:
      return `[${element.slice(2)}]`;
  }
}

export const pathText = (path: readonly string[]): string => path.map(elementText).join("");

/** value.ToString of structured-merge-diff. */
function valueText(value: JsonValue): string {
  if (typeof value === "string") return goQuote(value);
  if (value === null) return "null";
  if (Array.isArray(value)) return `[${value.map(valueText).join(",")}]`;
  if (typeof value !== "object") return goValue(value);
  return Object.entries(value)
    .map(([key, member]) => `${key}=${valueText(member)}`)
    .join("");
}

/** Fields come first, then keys, values and indices. "." (the node itself) is before all of them. */
const rank: Record<string, number> = { ".": 0, f: 1, k: 2, v: 3, i: 4 };

/** The usual key: one or two members, each a whole number or a text of which the place in JSON is that of the text. */
const plainKey =
  /^k:\{"(\w+)":(?:"([\w.\-/:@]*)"|(0|[1-9]\d{0,14}))(?:,"(\w+)":(?:"([\w.\-/:@]*)"|(0|[1-9]\d{0,14})))?\}$/;

function isPlainKey(element: string): boolean {
  const match = plainKey.exec(element);
  return match !== null && (match[4] === undefined || match[1]! < match[4]);
}

/** The order of two usual keys, by the groups of the pattern; undefined where it takes more to tell. */
function comparePlainKeys(a: string, b: string): number | undefined {
  const x = plainKey.exec(a);
  const y = x && plainKey.exec(b);
  if (x === null || y === null || x[1] !== y[1] || x[4] !== y[4]) return undefined;
  for (const member of [2, 5]) {
    const [text, otherText] = [x[member], y[member]];
    const [number, otherNumber] = [x[member + 1], y[member + 1]];
    if ((text === undefined) !== (otherText === undefined)) return undefined;
    if (text !== otherText) return text! < otherText! ? -1 : 1;
    if (number !== otherNumber) return Number(number) - Number(otherNumber);
  }
  return 0;
}

export function compareElements(a: string, b: string): number {
  if (a === b) return 0;
  const kind = a[0]!;
  if (kind !== b[0]) return rank[kind]! - rank[b[0]!]!;
  if (kind === "f") return compareBytes(a, b);
  if (kind === "i") return Number(a.slice(2)) - Number(b.slice(2));
  if (kind === "v") return compareValues(parsed(a), parsed(b));
  return (
    comparePlainKeys(a, b) ?? compareMembers(Object.entries(keyMembers(a)), Object.entries(keyMembers(b)))
  );
}

function compareMembers(a: [string, JsonValue][], b: [string, JsonValue][]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const order = compareBytes(a[i]![0], b[i]![0]) || compareValues(a[i]![1], b[i]![1]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function typeRank(value: JsonValue): number {
  if (value === null) return 5;
  if (Array.isArray(value)) return 3;
  switch (typeof value) {
    case "string":
      return 1;
    case "boolean":
      return 2;
    case "object":
      return 4;
    default:
      return 0;
  }
}

/** value.Compare of structured-merge-diff: numbers, strings, booleans, lists, maps, null. */
export function compareValues(a: JsonValue, b: JsonValue): number {
  const byType = typeRank(a) - typeRank(b);
  if (byType !== 0) return byType;
  if (typeof a === "string" && typeof b === "string") return compareBytes(a, b);
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < a.length && i < b.length; i++) {
      const order = compareValues(a[i]!, b[i]!);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  if (isObject(a) && isObject(b)) return compareMembers(sortedMembers(a), sortedMembers(b));
  if (a === null || b === null || a === b) return 0;
  return a < b ? -1 : 1;
}
