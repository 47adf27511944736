/**
 * YAML bodies as sigs.k8s.io/yaml reads them: go-yaml v2 (YAML 1.1 in what plain words mean), then JSON. Load this
 * module only when there is a YAML body: it brings the `yaml` package, which finds the structure; what scalars mean,
 * how merges and repeated keys work and what is refused is go-yaml's.
 */
import { isUtf8 } from "node:buffer";
import {
  type Alias,
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  LineCounter,
  type ParsedNode,
  Parser,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { goQuote } from "./go-format.ts";
import { parseJson, setKey } from "./json.ts";
import { maxDepth } from "./json-tree.ts";
import type { JsonObject, JsonValue } from "./object.ts";
import { decodeBase64 } from "./schema/base64.ts";
import { formatFloat32, resolveScalar, type YamlScalar, type YamlTag } from "./yaml/scalar.ts";
import { libyamlMessage } from "./yaml/syntax-error.ts";
import { stringifyYaml } from "./yaml/writer.ts";

export { stringifyYaml };

/** Not YAML, or YAML that JSON cannot hold; the message is upstream's: "yaml: line 2: …". */
export class YamlError extends Error {
  override readonly name = "YamlError";
}

export interface ParsedYaml {
  /** Keys sorted; the last of repeated keys counts. */
  value: JsonValue;
  /** What strict reading says about repeated keys: "yaml: unmarshal errors:\n  line 3: key …". */
  strictError: string | undefined;
}

/**
 * The first document of a text.
 * @throws YamlError
 */
export function parseYaml(text: string | Uint8Array): ParsedYaml {
  if (typeof text !== "string" && !isUtf8(text)) throw new YamlError("yaml: invalid leading UTF-8 octet");
  const source = typeof text === "string" ? text : Buffer.from(text).toString();
  const json = tryJson(source);
  if (json !== undefined) return { value: json, strictError: undefined };
  if (controlCharacter.test(source)) throw new YamlError("yaml: control characters are not allowed");
  try {
    return readDocument(source);
  } catch (error) {
    // The composer is recursive.
    if (error instanceof RangeError) throw new YamlError("yaml: exceeded max depth of 10000");
    throw error;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacter = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** Most YAML that clients send is JSON. What go-yaml reads differently is left to the other way. */
function tryJson(source: string): JsonValue | undefined {
  if (!/^\s*\{/.test(source) || source.includes("\\u") || source.includes("\\/")) return undefined;
  try {
    const { value, duplicates, lossy } = parseJson(source);
    return duplicates.length > 0 || lossy ? undefined : sortKeys(value);
  } catch {
    return undefined;
  }
}

function sortKeys(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const out: JsonObject = {};
  for (const key of Object.keys(value).sort()) setKey(out, key, sortKeys(value[key] ?? null));
  return out;
}

function readDocument(source: string): ParsedYaml {
  const lines = new LineCounter();
  const document = firstDocument(source, lines);
  if (!document) return { value: null, strictError: undefined };
  // The parser may have read on into the next document.
  const end = nextDocument(source, document);
  const fault = document.errors.find((error) => error.pos[0] < end);
  if (fault) throw new YamlError(`yaml: ${libyamlMessage(source, fault)}`);
  const reader = new Reader(source, lines);
  const value = document.contents ? reader.read(document.contents as ParsedNode, 0) : null;
  const { strictErrors } = reader;
  const strictError =
    strictErrors.length === 0 ? undefined : `yaml: unmarshal errors:\n  ${strictErrors.join("\n  ")}`;
  return { value: toJson(value), strictError };
}

function nextDocument(source: string, document: Document.Parsed): number {
  const marker = /^---(?=\s|$)/gm;
  marker.lastIndex = document.contents?.range?.[1] ?? document.range[1];
  return marker.exec(source)?.index ?? Number.POSITIVE_INFINITY;
}

function firstDocument(source: string, lines: LineCounter): Document.Parsed | undefined {
  const composer = new Composer<ParsedNode>({
    version: "1.1",
    schema: "failsafe",
    resolveKnownTags: false,
    uniqueKeys: false,
    logLevel: "silent",
    prettyErrors: false,
  });
  const parser = new Parser(lines.addNewLine);
  for (const document of composer.compose(parser.parse(source), false)) return document as Document.Parsed;
  return undefined;
}

/** What go-yaml makes of a document: maps keep the types of their keys. */
type YamlValue = YamlScalar | YamlValue[] | YamlMap;
type YamlMap = Map<YamlScalar, YamlValue>;

const fail = (message: string): YamlError => new YamlError(`yaml: ${message}`);

/** Reads nodes as decode.go of go-yaml does, with its guard against aliases that multiply. */
class Reader {
  readonly strictErrors: string[] = [];
  readonly #source: string;
  readonly #lines: LineCounter;
  readonly #anchors = new Map<string, ParsedNode>();
  readonly #open = new Set<Alias>();
  #decodeCount = 0;
  #aliasCount = 0;
  #aliasDepth = 0;

  constructor(source: string, lines: LineCounter) {
    this.#source = source;
    this.#lines = lines;
  }

  read(node: ParsedNode | null, depth: number): YamlValue {
    this.#count();
    if (depth > maxDepth) throw fail(`exceeded max depth of ${maxDepth}`);
    if (node === null) return null;
    if (isAlias(node)) return this.#alias(node, depth);
    if (node.anchor) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node);
    if (!isMap(node)) return node.items.map((item) => this.read(item as ParsedNode, depth + 1));
    const map: YamlMap = new Map();
    this.#fill(map, node, depth);
    return map;
  }

  #count(): void {
    this.#decodeCount++;
    if (this.#aliasDepth > 0) this.#aliasCount++;
    const share = this.#aliasCount / this.#decodeCount;
    if (this.#aliasCount > 100 && this.#decodeCount > 1000 && share > allowedAliasShare(this.#decodeCount))
      throw fail("document contains excessive aliasing");
  }

  #alias(node: Alias.Parsed, depth: number): YamlValue {
    const target = this.#anchors.get(node.source);
    if (!target) throw fail(`unknown anchor '${node.source}' referenced`);
    if (this.#open.has(node)) throw fail(`anchor '${node.source}' value contains itself`);
    this.#open.add(node);
    this.#aliasDepth++;
    const value = this.read(target, depth);
    this.#aliasDepth--;
    this.#open.delete(node);
    return value;
  }

  #fill(map: YamlMap, node: YAMLMap.Parsed, depth: number): void {
    for (const { key, value } of node.items) {
      if (isMerge(key)) this.#merge(map, value, depth);
      else {
        const name = this.read(key, depth + 1);
        if (typeof name === "object" && name !== null) throw fail(`invalid map key: ${goSyntax(name)}`);
        const read = this.read(value, depth + 1);
        if (map.has(name))
          this.strictErrors.push(
            `line ${this.#lineOf(value ?? key)}: key ${goSyntax(name)} already set in map`,
          );
        map.set(name, read);
      }
    }
  }

  #merge(map: YamlMap, value: ParsedNode | null, depth: number): void {
    // Of several maps the first has the last word.
    const sources =
      value && !isAlias(value) && !isMap(value) && !isScalar(value) ? [...value.items].reverse() : [value];
    for (const source of sources as (ParsedNode | null)[]) {
      const target = isAlias(source) ? this.#anchors.get(source.source) : source;
      if (!isMap(target)) throw fail("map merge requires map or sequence of maps as the value");
      if (isAlias(source) && this.#open.has(source))
        throw fail(`anchor '${source.source}' value contains itself`);
      if (isAlias(source)) {
        this.#open.add(source);
        this.#aliasDepth++;
      }
      this.#count();
      this.#fill(map, target as YAMLMap.Parsed, depth);
      if (isAlias(source)) {
        this.#open.delete(source);
        this.#aliasDepth--;
      }
    }
  }

  #textOf(node: Scalar.Parsed): string {
    const text = String(node.value ?? "");
    const [start, end] = node.range;
    if (node.type === "QUOTE_DOUBLE" && surrogateEscape.test(this.#source.slice(start, end))) {
      const line = this.#lineOf(node);
      throw fail(`${line > 1 ? `line ${line}: ` : ""}found invalid Unicode character escape code`);
    }
    // A block without a line break at the end of the text has none.
    const isCut =
      node.type?.startsWith("BLOCK") && end === this.#source.length && !this.#source.endsWith("\n");
    return isCut ? text.replace(/\n$/, "") : text;
  }

  #lineOf(node: ParsedNode): number {
    return this.#lines.linePos(node.range[0]).line;
  }

  #scalar(node: Scalar.Parsed): YamlScalar {
    const text = this.#textOf(node);
    const { tag } = node;
    if (tag === undefined) return node.type === "PLAIN" ? plainValue(text) : text;
    if (tag === `${tagPrefix}binary`) return binary(text);
    const short = tag.startsWith(tagPrefix) ? tag.slice(tagPrefix.length) : "";
    return isYamlTag(short) && short !== "str" ? tagged(short, text) : text;
  }
}

const surrogateEscape = /\\u[dD][89a-fA-F]/;

const tagPrefix = "tag:yaml.org,2002:";

const isYamlTag = (tag: string): tag is YamlTag =>
  ["str", "bool", "int", "float", "null", "timestamp"].includes(tag);

function plainValue(text: string): YamlScalar {
  return resolveScalar(text).value;
}

function tagged(tag: YamlTag, text: string): YamlScalar {
  const resolved = resolveScalar(text);
  if (resolved.tag === tag) return resolved.value;
  if (tag === "float" && resolved.tag === "int") return Number(resolved.value);
  throw fail(`cannot decode !!${resolved.tag} \`${text}\` as a !!${tag}`);
}

function binary(text: string): string {
  const bytes = decodeBase64(text);
  if (typeof bytes === "number") throw fail("!!binary value contains invalid base64 data");
  return bytes.toString();
}

function isMerge(key: ParsedNode): boolean {
  return isScalar(key) && key.type === "PLAIN" && key.value === "<<" && key.tag === undefined;
}

const lowAliasCount = 400_000;
const highAliasCount = 4_000_000;

/** Small documents may be almost all aliases, large ones hardly. */
function allowedAliasShare(count: number): number {
  if (count <= lowAliasCount) return 0.99;
  if (count >= highAliasCount) return 0.1;
  return 0.99 - (0.89 * (count - lowAliasCount)) / (highAliasCount - lowAliasCount);
}

/** Go's %#v, as far as keys and their error messages need it. */
function goSyntax(value: YamlValue): string {
  if (typeof value === "string") return goQuote(value);
  if (value === null) return "<nil>";
  const inside = (item: YamlValue): string => (item === null ? "interface {}(nil)" : goSyntax(item));
  if (Array.isArray(value)) return `[]interface {}{${value.map(inside).join(", ")}}`;
  if (value instanceof Map)
    return `map[interface {}]interface {}{${[...value].map(([key, item]) => `${inside(key)}:${inside(item)}`).join(", ")}}`;
  return String(value);
}

function toJson(value: YamlValue): JsonValue {
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "number" && !Number.isFinite(value))
    throw new YamlError(
      `json: unsupported value: ${Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf"}`,
    );
  if (!(value instanceof Map)) return value;
  const entries = [...value].map(([key, item]): [string, YamlValue] => [keyText(key, item), item]);
  const out: JsonObject = {};
  for (const [key, item] of entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
    setKey(out, key, toJson(item));
  return out;
}

function keyText(key: YamlScalar, value: YamlValue): string {
  if (key === null)
    throw new YamlError(`unsupported map key of type: %!s(<nil>), key: <nil>, value: ${goSyntax(value)}`);
  return typeof key === "number" && !Number.isSafeInteger(key) ? formatFloat32(key) : String(key);
}
