/**
 * The order in which encoding/json writes an object: fields as they stand in the struct, keys of maps sorted. Decoding
 * brings it about; defaults, strategies and conversions add fields where they like.
 */
import { compareBytes } from "../byte-order.ts";
import { setKey } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import type { FieldPlan, StructPlan } from "./plan.ts";

/** A map with its keys sorted; the map itself where they are. */
export function inKeyOrder<T extends object>(map: T): T {
  const keys = Object.keys(map);
  if (isSorted(keys)) return map;
  const out: JsonObject = {};
  for (const key of keys.sort(compareBytes)) setKey(out, key, (map as JsonObject)[key]!);
  return out as T;
}

/** By UTF-16 units, which is how valid keys, being ASCII, are ordered anyway. */
function isSorted(keys: readonly string[]): boolean {
  for (let at = 1; at < keys.length; at++) if ((keys[at - 1] as string) > (keys[at] as string)) return false;
  return true;
}

export type Slots = { [key: string]: JsonValue | undefined };

/** The fields that are set, some to other values, as they stand in the struct; undefined leaves a field out. */
export function arranged({ byName }: StructPlan, object: Readonly<Slots>, changes: Slots = none): JsonObject {
  const fields: FieldPlan[] = [];
  for (const name in object) {
    const field = byName.get(name);
    if (field === undefined) continue;
    // Mostly in order, and few: a sort would cost more.
    let at = fields.length;
    for (; at > 0 && fields[at - 1]!.index > field.index; at--) fields[at] = fields[at - 1]!;
    fields[at] = field;
  }
  const out: JsonObject = {};
  for (const { name } of fields) {
    const value = Object.hasOwn(changes, name) ? changes[name] : object[name];
    if (value !== undefined) out[name] = value;
  }
  return out;
}

const none: Slots = {};
