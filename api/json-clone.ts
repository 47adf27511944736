import { EmptyMap, isEmptyMap } from "./empty-map.ts";
import { setKey } from "./json.ts";
import type { JsonObject, JsonValue } from "./object.ts";

/** A copy that shares nothing with the value. structuredClone takes ten times as long for JSON. */
export function cloneJson<T>(value: T): T {
  return clone(value as JsonValue) as T;
}

function clone(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(clone);
  if (isEmptyMap(value)) return new EmptyMap();
  const copy: JsonObject = {};
  for (const key in value) setKey(copy, key, clone(value[key]!));
  return copy;
}
