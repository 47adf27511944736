/**
 * The order in which encoding/json writes an object: fields as they stand in the struct, keys of maps sorted. Decoding
 * brings it about; defaults, strategies and conversions add fields where they like.
 */
import { compareBytes } from "../byte-order.ts";
import { setKey } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { type FieldPlan, isComposite, planOf, type StructPlan, type TypePlan } from "./plan.ts";
import type { StructType } from "./types.ts";

/** The object in Go's order, without what its struct does not have; the object itself where it is so already. */
export const inGoOrder = <T extends object>(struct: StructType, object: T): T =>
  orderFields(planOf(struct), object as JsonObject) as T;

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

type Fields = { readonly [key: string]: JsonValue | undefined };

function orderFields(plan: StructPlan, object: JsonObject): JsonObject {
  let out = object;
  let last = -1;
  let isOrdered = true;
  for (const name in object) {
    const field = plan.byName.get(name);
    if (!field || field.index < last) isOrdered = false;
    if (!field) continue;
    last = field.index;
    const value = object[name];
    const ordered = orderValue(field.type, value);
    if (ordered === value) continue;
    if (out === object) out = { ...object };
    out[name] = ordered!;
  }
  return isOrdered ? out : arranged(plan, out);
}

/** The fields that are set, as they stand in the struct. */
export function arranged({ byName }: StructPlan, object: Fields): JsonObject {
  const fields: FieldPlan[] = [];
  for (const name in object) {
    const field = byName.get(name);
    if (field === undefined || object[name] === undefined) continue;
    // Mostly in order, and few: a sort would cost more.
    let at = fields.length;
    for (; at > 0 && fields[at - 1]!.index > field.index; at--) fields[at] = fields[at - 1]!;
    fields[at] = field;
  }
  const out: JsonObject = {};
  for (const { name } of fields) out[name] = object[name]!;
  return out;
}

function orderValue(type: TypePlan, value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value !== "object" || value === null || !isComposite(type)) return value;
  const { item, struct } = type;
  // A union without an item type of its own may be a list of the struct.
  if (Array.isArray(value)) return orderItems(item ?? type, value);
  if (item) return orderMembers(item, value);
  return struct ? orderFields(struct, value) : value;
}

function orderItems(type: TypePlan, items: JsonValue[]): JsonValue[] {
  let out = items;
  for (const [index, item] of items.entries()) {
    const ordered = orderValue(type, item);
    if (ordered === item) continue;
    if (out === items) out = [...items];
    out[index] = ordered!;
  }
  return out;
}

function orderMembers(type: TypePlan, members: JsonObject): JsonObject {
  let out = members;
  if (isComposite(type)) {
    for (const key in members) {
      const ordered = orderValue(type, members[key]);
      if (ordered === members[key]) continue;
      if (out === members) out = { ...members };
      setKey(out, key, ordered!);
    }
  }
  return inKeyOrder(out);
}
