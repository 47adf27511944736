/**
 * YAML bodies as sigs.k8s.io/yaml reads them: go-yaml v2 (YAML 1.1 in what plain words mean), then JSON. The structure
 * is found in yaml/composer.ts; here is what go-yaml makes of it: scalars, merges, repeated keys, and what is refused.
 */

import { isUtf8 } from "node:buffer";
import { decodeText } from "./decode-text.ts";
import { goQuote } from "./go-format.ts";
import { parseJson, setKey } from "./json.ts";
import { isStackOverflow } from "./json-depth.ts";
import type { JsonObject, JsonValue } from "./object.ts";
import { decodeBase64 } from "./schema/base64.ts";
import { sortKeys } from "./sort-keys.ts";
import {
  type AliasNode,
  composeFirst,
  type MappingNode,
  type ScalarNode,
  type YamlNode,
} from "./yaml/composer.ts";
import { formatFloat32, resolveScalar, type YamlScalar, type YamlTag } from "./yaml/scalar.ts";
import { stringifyYaml } from "./yaml/writer.ts";
import { tooDeep, YamlError } from "./yaml/yaml-error.ts";

export { stringifyYaml, YamlError };

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
  const source = decodeText(text).replace(/^\ufeff/, "");
  const json = tryJson(source);
  if (json !== undefined) return { value: json, strictError: undefined };
  if (controlCharacter.test(source)) throw new YamlError("yaml: control characters are not allowed");
  try {
    return readDocument(source);
  } catch (error) {
    throw isStackOverflow(error) ? tooDeep() : error;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacter = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/** Most YAML that clients send is JSON. What go-yaml reads differently is left to the other way. */
function tryJson(source: string): JsonValue | undefined {
  if (!/^\s*\{/.test(source) || source.includes("\\u") || source.includes("\\/")) return undefined;
  try {
    const { value, duplicates, lossy, deep } = parseJson(source);
    return duplicates.length > 0 || lossy || deep ? undefined : sortKeys(value);
  } catch {
    return undefined;
  }
}

function readDocument(source: string): ParsedYaml {
  const root = composeFirst(source);
  if (!root) return { value: null, strictError: undefined };
  const reader = new Reader();
  const value = reader.read(root);
  const { strictErrors } = reader;
  const strictError =
    strictErrors.length === 0 ? undefined : `yaml: unmarshal errors:\n  ${strictErrors.join("\n  ")}`;
  return { value: toJson(value), strictError };
}

/** What go-yaml makes of a document: maps keep the types of their keys. */
type YamlValue = YamlScalar | YamlValue[] | YamlMap;
type YamlMap = Map<YamlScalar, YamlValue>;

const fail = (message: string): YamlError => new YamlError(`yaml: ${message}`);

/** Reads nodes as decode.go of go-yaml does, with its guard against aliases that multiply. */
class Reader {
  readonly strictErrors: string[] = [];
  readonly #open = new Set<AliasNode>();
  #decodeCount = 0;
  #aliasCount = 0;
  #aliasDepth = 0;

  read(node: YamlNode): YamlValue {
    this.#count();
    switch (node.kind) {
      case "alias":
        return this.#through(node, () => this.read(node.target));
      case "scalar":
        return readScalar(node);
      case "sequence":
        return node.items.map((item) => this.read(item));
      case "mapping": {
        const map: YamlMap = new Map();
        this.#fill(map, node);
        return map;
      }
    }
  }

  #count(): void {
    this.#decodeCount++;
    if (this.#aliasDepth > 0) this.#aliasCount++;
    const share = this.#aliasCount / this.#decodeCount;
    if (this.#aliasCount > 100 && this.#decodeCount > 1000 && share > allowedAliasShare(this.#decodeCount))
      throw fail("document contains excessive aliasing");
  }

  #through<T>(alias: AliasNode, read: () => T): T {
    if (this.#open.has(alias)) throw fail(`anchor '${alias.name}' value contains itself`);
    this.#open.add(alias);
    this.#aliasDepth++;
    const value = read();
    this.#aliasDepth--;
    this.#open.delete(alias);
    return value;
  }

  #fill(map: YamlMap, node: MappingNode): void {
    for (const [key, value] of node.entries) {
      if (isMerge(key)) {
        this.#merge(map, value);
        continue;
      }
      const name = this.read(key);
      if (typeof name === "object" && name !== null) throw fail(`invalid map key: ${goSyntax(name)}`);
      const read = this.read(value);
      if (map.has(name))
        this.strictErrors.push(`line ${value.line + 1}: key ${goSyntax(name)} already set in map`);
      map.set(name, read);
    }
  }

  #merge(map: YamlMap, value: YamlNode): void {
    // Of several maps the first has the last word.
    const sources = value.kind === "sequence" ? [...value.items].reverse() : [value];
    for (const source of sources) {
      const target = source.kind === "alias" ? source.target : source;
      if (target.kind !== "mapping") throw fail("map merge requires map or sequence of maps as the value");
      this.#count();
      if (source.kind === "alias") this.#through(source, () => this.#fill(map, target));
      else this.#fill(map, target);
    }
  }
}

function readScalar({ text, tag, plain }: ScalarNode): YamlScalar {
  if (tag === "") return plain ? resolveScalar(text).value : text;
  if (tag === `${tagPrefix}binary`) return binary(text);
  const short = tag.startsWith(tagPrefix) ? tag.slice(tagPrefix.length) : "";
  return isYamlTag(short) && short !== "str" ? tagged(short, text) : text;
}

const tagPrefix = "tag:yaml.org,2002:";

const isYamlTag = (tag: string): tag is YamlTag =>
  ["str", "bool", "int", "float", "null", "timestamp"].includes(tag);

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

function isMerge(key: YamlNode): boolean {
  if (key.kind !== "scalar" || key.text !== "<<") return false;
  return key.plain || key.tag === `${tagPrefix}merge`;
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
