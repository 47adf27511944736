/**
 * Lists that are sets or maps hold no item twice.
 * Source: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype/validation.go.
 */
import { stringifyJson } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { duplicate, type FieldError, type FieldPath, invalid } from "../validation/field.ts";
import { additionalOf, isJsonObject, itemsOf, type JsonSchema, propertyOf } from "./json-schema.ts";
import { childOf } from "./object-meta.ts";

export function validateListTypes(
  value: JsonValue,
  schema: JsonSchema | undefined,
  path?: FieldPath,
): FieldError[] {
  if (!schema) return [];
  if (Array.isArray(value) && path) return validateList(value, schema, path);
  if (!isJsonObject(value)) return [];
  const errors: FieldError[] = [];
  for (const key of Object.keys(value)) {
    const property = propertyOf(schema, key);
    if (property) errors.push(...validateListTypes(value[key]!, property, childOf(path, key)));
    else if (path) errors.push(...validateListTypes(value[key]!, additionalOf(schema), path.key(key)));
  }
  return errors;
}

function validateList(items: JsonValue[], schema: JsonSchema, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const type = schema["x-kubernetes-list-type"];
  if (type === "set") {
    for (const index of repeated(items)) errors.push(duplicate(path.index(index), items[index]));
  } else if (type === "map") {
    errors.push(...validateListMap(items, schema["x-kubernetes-list-map-keys"] ?? [], path));
  }
  const inner = itemsOf(schema);
  items.forEach((item, index) => {
    errors.push(...validateListTypes(item, inner, path.index(index)));
  });
  return errors;
}

function validateListMap(items: JsonValue[], keys: readonly string[], path: FieldPath): FieldError[] {
  const odd = items.findIndex((item) => item !== null && !isJsonObject(item));
  if (odd >= 0) {
    return [invalid(path.index(odd), items[odd], "must be an object for an array of list-type map")];
  }
  const ids = items.map((item): JsonObject => {
    const id: JsonObject = {};
    for (const key of [...keys].sort()) {
      if (isJsonObject(item) && Object.hasOwn(item, key)) id[key] = item[key]!;
    }
    return id;
  });
  return repeated(ids).map((index) => duplicate(path.index(index), ids[index]));
}

/** Where each repeated value occurs for the second time. */
function repeated(values: readonly JsonValue[]): number[] {
  const times = new Map<string, number>();
  const indices: number[] = [];
  values.forEach((value, index) => {
    const text = stringifyJson(sorted(value));
    const seen = times.get(text) ?? 0;
    times.set(text, seen + 1);
    if (seen === 1) indices.push(index);
  });
  return indices;
}

/** With the keys of objects in order, as Go writes them. */
export function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key]!)]),
  );
}
