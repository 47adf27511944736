/**
 * Values as upstream's internal types print: some error texts show a whole struct, and the internal structs have no
 * JSON tags, so that every field appears under its Go name, also when it is empty.
 */
import { stringifyJson } from "./json.ts";
import type { JsonObject, JsonValue } from "./object.ts";
import { normalizeStruct } from "./schema/decode.ts";
import { jsonForm } from "./schema/forms.ts";
import { loadTables } from "./schema/tables.ts";

/** How one field of a Go struct prints: its name in the API, what stands there when it is absent, and what it holds. */
interface GoField {
  json: string;
  zero: JsonValue;
  struct?: GoStruct;
  /** A map: its keys print in order. */
  sorted?: boolean;
  /** A type of meta/v1, which has JSON tags. */
  meta?: MetaType;
}

/** The types of meta/v1 that internal types hold. */
export type MetaType = "LabelSelector" | "ObjectMeta";

/** The fields of a Go struct by their Go names, in order. */
export type GoStruct = Readonly<Record<string, GoField>>;

export const goString = (json: string): GoField => ({ json, zero: "" });
export const goNumber = (json: string): GoField => ({ json, zero: 0 });
export const goBoolean = (json: string): GoField => ({ json, zero: false });
/** A pointer or slice of plain values, or of types that have JSON tags. */
export const goNullable = (json: string): GoField => ({ json, zero: null });
export const goMap = (json: string): GoField => ({ json, zero: null, sorted: true });
/** A struct held by value. */
export const goInline = (json: string, struct: GoStruct): GoField => ({
  json,
  zero: goValue(struct, {}),
  struct,
});
/** A pointer to a struct, or a slice of structs. */
export const goPointer = (json: string, struct: GoStruct): GoField => ({ json, zero: null, struct });

/** A pointer to a struct of meta/v1. */
export const goMeta = (json: string, meta: MetaType): GoField => ({ json, zero: null, meta });

/** The value in the form in which Go prints it. */
export function goValue(struct: GoStruct, value: object): JsonObject {
  const out: JsonObject = {};
  const own = value as Readonly<Record<string, JsonValue | undefined>>;
  for (const [goName, field] of Object.entries(struct)) {
    const held = Object.hasOwn(own, field.json) ? own[field.json] : undefined;
    out[goName] = held === undefined || held === null ? field.zero : goHeld(field, held);
  }
  return out;
}

/** A value of meta/v1 prints as JSON, its fields in Go's order, without what its tags leave out. */
export function goMetaValue<T extends object | null | undefined>(type: MetaType, value: T): T {
  if (!value) return value;
  const struct = loadTables().struct(`io.k8s.apimachinery.pkg.apis.meta.v1.${type}`)!;
  return jsonForm(struct, normalizeStruct(struct, value as JsonValue)) as T;
}

function goHeld({ struct, sorted, meta }: GoField, held: JsonValue): JsonValue {
  if (sorted) return sortedMap(held as JsonObject);
  if (meta) return goMetaValue(meta, held as JsonObject);
  if (!struct) return held;
  if (Array.isArray(held)) return held.map((item) => goValue(struct, item as JsonObject));
  return goValue(struct, held as JsonObject);
}

function sortedMap(map: JsonObject): JsonObject {
  const out: JsonObject = Object.create(null);
  for (const key of Object.keys(map).sort()) out[key] = map[key]!;
  return out;
}

/** json.MarshalIndent with one space, HTML characters escaped. Keys are written in the order in which they stand. */
export function goPrettyJson(value: JsonValue, indent = ""): string {
  if (typeof value !== "object" || value === null) return escapeHtml(stringifyJson(value));
  const inner = `${indent} `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((item) => inner + goPrettyJson(item, inner)).join(",\n")}\n${indent}]`;
  }
  const members = Object.entries(value).map(
    ([key, held]) => `${inner}${escapeHtml(JSON.stringify(key))}: ${goPrettyJson(held, inner)}`,
  );
  return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
}

const htmlEscapes: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** encoding/json escapes these in strings, so that JSON can stand in HTML. */
function escapeHtml(text: string): string {
  return text.replace(/[<>&\u2028\u2029]/g, (char) => htmlEscapes[char]!);
}
