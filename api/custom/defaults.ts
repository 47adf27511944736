/** Defaults of a structural schema. Source: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting. */
import { setKey } from "../json.ts";
import { cloneJson } from "../json-clone.ts";
import type { JsonValue } from "../object.ts";
import { additionalOf, isJsonObject, itemsOf, type JsonSchema, propertyOf } from "./json-schema.ts";

const hasDefault = ({ default: value }: JsonSchema): boolean => value !== undefined && value !== null;

/** A null where the schema allows none. */
function isWrongNull(value: JsonValue | undefined, schema: JsonSchema | undefined): schema is JsonSchema {
  return value === null && schema !== undefined && schema.nullable !== true;
}

/** Removes, in place, nulls that are neither allowed nor about to be replaced by a default. */
export function pruneNulls(value: JsonValue, schema: JsonSchema | undefined): void {
  if (Array.isArray(value)) {
    for (const item of value) pruneNulls(item, itemsOf(schema));
  } else if (isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      const member = value[key]!;
      const own = propertyOf(schema, key) ?? additionalOf(schema);
      if (isWrongNull(member, own) && !hasDefault(own)) delete value[key];
      else pruneNulls(member, own);
    }
  }
}

/** Fills in defaults in place. */
export function applyDefaults(value: JsonValue, schema: JsonSchema | undefined): void {
  if (!schema) return;
  if (Array.isArray(value)) defaultItems(value, itemsOf(schema));
  if (!isJsonObject(value)) return;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!hasDefault(property)) continue;
    if (!Object.hasOwn(value, name) || isWrongNull(value[name], property)) {
      setKey(value, name, cloneJson(property.default!));
    }
  }
  const additional = additionalOf(schema);
  for (const key of Object.keys(value)) {
    const property = propertyOf(schema, key);
    if (property) applyDefaults(value[key]!, property);
    else if (additional) {
      if (isWrongNull(value[key], additional)) setKey(value, key, cloneJson(additional.default ?? null));
      applyDefaults(value[key]!, additional);
    }
  }
}

function defaultItems(items: JsonValue[], schema: JsonSchema | undefined): void {
  items.forEach((item, index) => {
    if (isWrongNull(item, schema)) items[index] = cloneJson(schema.default ?? null);
    applyDefaults(items[index]!, schema);
  });
}
