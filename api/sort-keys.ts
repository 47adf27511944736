import { setKey } from "./json.ts";
import type { JsonObject, JsonValue } from "./object.ts";

/** A copy with the keys of all objects in order, as Go writes maps. */
export function sortKeys(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const out: JsonObject = {};
  for (const key of Object.keys(value).sort()) setKey(out, key, sortKeys(value[key] ?? null));
  return out;
}
