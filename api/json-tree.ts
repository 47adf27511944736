/**
 * A JSON text as a tree that forgets nothing: every key of an object in the order of the text, repeated ones
 * included, and every number as it was written. The slow way of json.ts, and what the decoder of typed objects reads
 * when it has to explain what is wrong with a text. Grammar and error texts: scanner.go of Go's encoding/json.
 */
import { decodeMarked, markedByte } from "./decode-text.ts";
import { goQuote } from "./go-format.ts";
import type { JsonObject, JsonValue } from "./object.ts";

/** A text that is not JSON, or (syntax: false) JSON that nothing can hold; the message is Go's. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  readonly syntax: boolean;

  constructor(message: string, syntax = true) {
    super(message);
    this.syntax = syntax;
  }
}

/** How deep the arrays and objects of a text may nest, as Go has it. */
export const maxDepth = 10_000;

/** A number as the text has it: 1, 1.0 and 1e0 are different things to a typed decoder. */
export class JsonNumber {
  readonly literal: string;

  constructor(literal: string) {
    this.literal = literal;
  }
}

/** An object with all its entries, repeated keys included. */
export class JsonEntries {
  readonly entries: readonly (readonly [key: string, value: JsonNode])[];

  constructor(entries: readonly (readonly [string, JsonNode])[]) {
    this.entries = entries;
  }
}

export type JsonNode = null | boolean | string | JsonNumber | JsonEntries | JsonNode[];

/** @throws JsonError */
export function parseJsonTree(text: string | Uint8Array): JsonNode {
  return new Parser(typeof text === "string" ? text.toWellFormed() : decodeMarked(text)).document();
}

const quote = 0x22;
const backslash = 0x5c;

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

const simpleEscapes = new Map([
  [0x22, '"'],
  [0x5c, "\\"],
  [0x2f, "/"],
  [0x62, "\b"],
  [0x66, "\f"],
  [0x6e, "\n"],
  [0x72, "\r"],
  [0x74, "\t"],
]);

/** An array or object that is being read. */
interface Container {
  nodes: JsonNode[];
  /** Of an object. */
  keys: string[] | undefined;
}

const closed = ({ nodes, keys }: Container): JsonNode =>
  keys ? new JsonEntries(keys.map((key, index) => [key, nodes[index]!])) : nodes;

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    const node = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected("after top-level value");
    return node;
  }

  /** With a stack of its own, which no text can overflow. */
  #value(): JsonNode {
    const open: Container[] = [];
    for (;;) {
      let node = this.#begun(open);
      while (node !== undefined) {
        const around = open.at(-1);
        if (!around) return node;
        around.nodes.push(node);
        if (this.#goesOn(around)) break;
        node = closed(open.pop()!);
      }
    }
  }

  /** A whole value; undefined where an array or object begins that has something in it. */
  #begun(open: Container[]): JsonNode | undefined {
    const code = this.#next();
    switch (code) {
      case 0x7b:
        this.#enter(open);
        if (this.#ends(0x7d)) return new JsonEntries([]);
        open.push({ nodes: [], keys: [this.#key()] });
        return undefined;
      case 0x5b:
        this.#enter(open);
        if (this.#ends(0x5d)) return [];
        open.push({ nodes: [], keys: undefined });
        return undefined;
      case quote:
        return this.#string();
      case 0x74:
        return this.#word("true", true);
      case 0x66:
        return this.#word("false", false);
      case 0x6e:
        return this.#word("null", null);
    }
    if (code === 0x2d || isDigit(code)) return this.#number();
    throw this.#unexpected("looking for beginning of value");
  }

  /** Whether something follows in the container; reads up to its value. */
  #goesOn({ keys }: Container): boolean {
    if (this.#ends(keys ? 0x7d : 0x5d)) return false;
    if (this.#next() !== 0x2c)
      throw this.#unexpected(keys ? "after object key:value pair" : "after array element");
    this.#at++;
    keys?.push(this.#key());
    return true;
  }

  #key(): string {
    if (this.#next() !== quote) throw this.#unexpected("looking for beginning of object key string");
    const key = this.#string();
    if (this.#next() !== 0x3a) throw this.#unexpected("after object key");
    this.#at++;
    return key;
  }

  #ends(code: number): boolean {
    if (this.#next() !== code) return false;
    this.#at++;
    return true;
  }

  #enter({ length }: readonly Container[]): void {
    if (length >= maxDepth) throw this.#unexpected("exceeded max depth");
    this.#at++;
  }

  #word<T extends JsonNode>(word: string, node: T): T {
    for (const [index, char] of [...word].entries()) {
      if (this.#peek() !== char.charCodeAt(0))
        throw this.#unexpected(`in literal ${word} (expecting '${char}')`, index > 0);
      this.#at++;
    }
    return node;
  }

  #number(): JsonNumber {
    const start = this.#at;
    if (this.#peek() === 0x2d) this.#at++;
    if (this.#peek() === 0x30) this.#at++;
    else this.#digits("in numeric literal");
    if (this.#peek() === 0x2e) {
      this.#at++;
      this.#digits("after decimal point in numeric literal");
    }
    if ((this.#peek() | 0x20) === 0x65) {
      this.#at++;
      const sign = this.#peek();
      if (sign === 0x2b || sign === 0x2d) this.#at++;
      this.#digits("in exponent of numeric literal");
    }
    return new JsonNumber(this.#text.slice(start, this.#at));
  }

  #digits(context: string): void {
    if (!isDigit(this.#peek())) throw this.#unexpected(context, true);
    while (isDigit(this.#peek())) this.#at++;
  }

  #string(): string {
    const text = this.#text;
    let out = "";
    let start = ++this.#at;
    for (;;) {
      const code = this.#peek();
      if (code === quote) {
        out += text.slice(start, this.#at++);
        return out.toWellFormed();
      }
      if (code === backslash) {
        out += text.slice(start, this.#at++) + this.#escape();
        start = this.#at;
      } else if (code < 0x20) {
        throw this.#unexpected("in string literal");
      } else {
        this.#at++;
      }
    }
  }

  #escape(): string {
    const code = this.#peek();
    const simple = simpleEscapes.get(code);
    if (simple !== undefined) {
      this.#at++;
      return simple;
    }
    if (code !== 0x75) throw this.#unexpected("in string escape code", true);
    this.#at++;
    const unit = this.#unit();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    // Only a pair of escapes makes a character; half of one is replaced.
    if (unit <= 0xdbff && this.#peek() === backslash && this.#text.charCodeAt(this.#at + 1) === 0x75) {
      const back = this.#at;
      this.#at += 2;
      const low = this.#unit();
      if (low >= 0xdc00 && low <= 0xdfff) return String.fromCharCode(unit, low);
      this.#at = back;
    }
    return "\ufffd";
  }

  #unit(): number {
    const start = this.#at;
    for (; this.#at < start + 4; this.#at++) {
      const code = this.#peek();
      const isHex = isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x66);
      if (!isHex) throw this.#unexpected("in \\u hexadecimal character escape", true);
    }
    return Number.parseInt(this.#text.slice(start, this.#at), 16);
  }

  /** The code at the current place; -1 at the end of the text. */
  #peek(): number {
    return this.#at < this.#text.length ? this.#text.charCodeAt(this.#at) : -1;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#peek();
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #next(): number {
    this.#skipSpace();
    return this.#peek();
  }

  /** Go feeds its scanner a space at the end of the text: inside a literal or an escape that is what it blames. */
  #unexpected(context: string, spaceAtEnd = false): JsonError {
    let code = this.#text.codePointAt(this.#at);
    if (code === undefined) {
      if (!spaceAtEnd) return new JsonError("unexpected end of JSON input");
      code = 0x20;
    }
    return new JsonError(`invalid character ${quoteByte(firstByte(code))} ${context}`);
  }
}

/** Go names the byte, not the character. */
function firstByte(code: number): number {
  if (code < 0x80) return code;
  const marked = markedByte(code);
  if (marked !== undefined) return marked;
  if (code < 0x800) return 0xc0 | (code >> 6);
  return code < 0x10000 ? 0xe0 | (code >> 12) : 0xf0 | (code >> 18);
}

function quoteByte(byte: number): string {
  if (byte === 0x27) return "'\\''";
  if (byte === quote) return "'\"'";
  return `'${goQuote(String.fromCharCode(byte)).slice(1, -1)}'`;
}

const maxInt64 = 2n ** 63n - 1n;
const minInt64 = -(2n ** 63n);

/** An integer of an int64 as Go's strconv.ParseInt takes it; undefined where that fails (1.0, 1e3, too big). */
export function int64Of(literal: string): number | bigint | undefined {
  if (!/^-?\d+$/.test(literal)) return undefined;
  const number = Number(literal);
  if (Number.isSafeInteger(number)) return number === 0 ? 0 : number;
  const big = literal.length > 20 ? undefined : BigInt(literal);
  return big !== undefined && big >= minInt64 && big <= maxInt64 ? big : undefined;
}

/** A number where the type says nothing: an int64 if it is written as one, else a float64. */
export function untypedNumber(literal: string): number | bigint {
  const number = int64Of(literal) ?? Number(literal);
  if (typeof number === "bigint" || Number.isFinite(number)) return number;
  throw new JsonError(`json: cannot unmarshal number ${literal} into Go value of type float64`, false);
}

/** Go keeps the first hundred of the errors that are not fatal, each once. */
export const maxStrictErrors = 100;

/**
 * The plain value of a tree (a repeated key's last value wins) and the paths of its repeated keys, in the wording of
 * sigs.k8s.io/json: "spec.containers[0].name".
 */
export function treeValue(tree: JsonNode): { value: JsonValue; duplicates: string[] } {
  const duplicates = new Set<string>();
  const convert = (node: JsonNode, path: string): JsonValue => {
    if (node instanceof JsonNumber) return untypedNumber(node.literal);
    if (Array.isArray(node)) return node.map((item, index) => convert(item, `${path}[${index}]`));
    if (!(node instanceof JsonEntries)) return node;
    const object: JsonObject = {};
    for (const [key, child] of node.entries) {
      const childPath = path === "" ? key : `${path}.${key}`;
      if (Object.hasOwn(object, key) && duplicates.size < maxStrictErrors) duplicates.add(childPath);
      setKey(object, key, convert(child, childPath));
    }
    return object;
  };
  return { value: convert(tree, ""), duplicates: [...duplicates] };
}

/** The tree of a value that never was a text. Made without calling itself: such a value may nest like a text. */
export function valueTree(root: JsonValue): JsonNode {
  const result: JsonNode[] = [];
  const waiting: { into: JsonNode[]; at: number; value: JsonValue }[] = [
    { into: result, at: 0, value: root },
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { into, at, value } = next;
    if (typeof value === "number" || typeof value === "bigint") into[at] = new JsonNumber(String(value));
    else if (Array.isArray(value)) {
      const items = new Array<JsonNode>(value.length);
      for (const [index, item] of value.entries()) waiting.push({ into: items, at: index, value: item });
      into[at] = items;
    } else if (value === null || typeof value !== "object") into[at] = value;
    else {
      const entries = Object.entries(value).map(([key, child]): [string, JsonNode] => {
        const entry: [string, JsonNode] = [key, null];
        waiting.push({ into: entry, at: 1, value: child });
        return entry;
      });
      into[at] = new JsonEntries(entries);
    }
  }
  return result[0]!;
}

/** Sets a key as data, also where it is "__proto__". */
export function setKey<T>(object: Record<string, T>, key: string, value: T): void {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}
