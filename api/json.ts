/**
 * The one JSON codec: integers beyond 2^53 survive as bigint, keys such as __proto__ are data, repeated keys are seen,
 * errors read as Go's. Semantics: sigs.k8s.io/json (case sensitive, integers preserved) and encoding/json.
 *
 * Almost every text goes through the native parser. One scan over the bytes finds what the native parser would lose,
 * and counts keys: fewer keys in the value than in the text means that one was repeated.
 */
import { decodeText } from "./decode-text.ts";
import { keptDepth } from "./json-depth.ts";
import { JsonError, maxDepth, parseJsonTree, setKey, treeValue } from "./json-tree.ts";
import type { JsonObject, JsonValue } from "./object.ts";

export { JsonError, setKey };

declare global {
  interface JSON {
    /** https://github.com/tc39/proposal-json-parse-with-source, in V8 since 11.4. */
    rawJSON(text: string): unknown;
  }
}

export interface ParsedJson {
  value: JsonValue;
  /** Paths of repeated keys, as in: duplicate field "spec.replicas". The last value is the one that counts. */
  duplicates: string[];
  /**
   * The value says less than the text does: keys repeat, or an integer is written as 1.0 or 1e3, which Go takes for a
   * float. Who decodes into a typed field has to look at the text then (json-tree.ts).
   */
  lossy: boolean;
  /** It nests deeper than what is kept may (json-depth.ts). */
  deep: boolean;
}

/** @throws JsonError with Go's text where the text is not JSON. */
export function parseJson(text: string | Uint8Array): ParsedJson {
  const { keys, odd, floatIntegers, depth } = scan(typeof text === "string" ? Buffer.from(text) : text);
  const deep = depth > keptDepth;
  if (!odd) {
    const value = parseNatively(decodeText(text));
    if (value !== undefined && countKeys(value) === keys)
      return { value, duplicates: [], lossy: floatIntegers, deep };
  }
  const { value, duplicates } = treeValue(parseJsonTree(text));
  return { value, duplicates, lossy: floatIntegers || duplicates.length > 0, deep };
}

/** The native parser's message is not Go's: the other parser finds the words. */
function parseNatively(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Findings {
  /** Colons outside strings: keys, if this is JSON. */
  keys: number;
  /** Something that the native parser takes but does not keep as Go would. */
  odd: boolean;
  floatIntegers: boolean;
  /** How deep arrays and objects nest. */
  depth: number;
}

/** Hot: one pass over the bytes of every body. */
function scan(bytes: Uint8Array): Findings {
  const end = bytes.length;
  const findings = { keys: 0, odd: false, floatIntegers: false, depth: 0 };
  let keys = 0;
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === 0x22) {
      for (at++; at < end; at++) {
        const inner = bytes[at];
        if (inner === 0x22) break;
        if (inner === 0x5c) {
          at++;
          // A surrogate's escape may stand alone; Go replaces it then.
          if (bytes[at] === 0x75 && ((bytes[at + 1] as number) | 0x20) === 0x64) findings.odd = true;
        }
      }
    } else if (byte === 0x3a) keys++;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > deepest) deepest = depth;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
    else if (byte <= 0x39 && (byte >= 0x30 || byte === 0x2d)) at = scanNumber(bytes, at, findings) - 1;
  }
  findings.keys = keys;
  findings.depth = deepest;
  if (deepest > maxDepth) findings.odd = true;
  return findings;
}

/** Notes what is special about the number at a place; returns where it ends. */
function scanNumber(bytes: Uint8Array, start: number, findings: Findings): number {
  let at = start + 1;
  let isFloat = false;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte >= 0x30 && byte <= 0x39) continue;
    // . e E + -
    if (byte === 0x2e || byte === 0x65 || byte === 0x45) isFloat = true;
    else if (byte !== 0x2b && byte !== 0x2d) break;
  }
  if (isFloat) {
    const number = Number(Buffer.from(bytes.subarray(start, at)).toString("latin1"));
    if (Number.isInteger(number)) findings.floatIntegers = true;
    else if (!Number.isFinite(number)) findings.odd = true;
  } else if (at - start >= 16) findings.odd = true;
  return at;
}

/** With a stack of its own: a text may nest deeper than calls may. */
function countKeys(root: JsonValue): number {
  if (root === null || typeof root !== "object") return 0;
  let count = 0;
  const waiting: (JsonObject | JsonValue[])[] = [root];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (Array.isArray(value)) {
      for (const item of value) if (item !== null && typeof item === "object") waiting.push(item);
    } else {
      for (const key in value) {
        count++;
        const child = value[key];
        if (child !== null && typeof child === "object") waiting.push(child as JsonObject);
      }
    }
  }
  return count;
}

/** Characters that Go's encoder escapes and ECMAScript's does not. */
const escapedByGo = /[<>&\u2028\u2029]/g;

/** JSON as encoding/json writes it (no spaces, <, > and & escaped); keys are in the order in which they were set. */
export function stringifyJson(value: unknown): string {
  const text = stringify(value) ?? "null";
  return text.search(escapedByGo) === -1 ? text : text.replace(escapedByGo, escapeCharacter);
}

const escapeCharacter = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // The native encoder refuses a bigint, and a replacer would cost everybody else.
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, (_key, item: unknown) =>
      typeof item === "bigint" ? JSON.rawJSON(item.toString()) : item,
    );
  }
}
