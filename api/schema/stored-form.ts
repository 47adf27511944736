/**
 * An object as storage gives it back: fields as they stand in the struct and none that it does not have, keys of maps
 * sorted, lists and maps that are empty as empty-values.ts says, quantities read anew. One walk for all of it, because
 * every write makes it.
 */
import { setKey } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { canonicalQuantity } from "../quantity.ts";
import { isEmpty } from "./empty-values.ts";
import { arranged, inKeyOrder } from "./go-order.ts";
import {
  emptiness,
  type FieldPlan,
  isComposite,
  planOf,
  type StructPlan,
  type TypePlan,
  typeCodes,
} from "./plan.ts";
import type { StructType } from "./types.ts";

/** The object itself where it is so already. */
export const storedForm = <T extends object>(struct: StructType, object: T): T =>
  storedFields(planOf(struct), object as JsonObject) as T;

function storedFields(plan: StructPlan, object: JsonObject): JsonObject {
  const { byName } = plan;
  let out: { [key: string]: JsonValue | undefined } = object;
  let last = -1;
  let isArranged = true;
  // Far more fields are declared than set.
  for (const name in object) {
    const field = byName.get(name);
    if (field === undefined || field.index < last) isArranged = false;
    if (field === undefined) continue;
    last = field.index;
    if (!mayChange(field.type)) continue;
    const value = object[name];
    const stored = storedField(field, value);
    if (stored === value) continue;
    if (out === object) out = { ...object };
    out[name] = stored;
    if (stored === undefined) isArranged = false;
  }
  return isArranged ? (out as JsonObject) : arranged(plan, out);
}

const mayChange = (type: TypePlan): boolean => isComposite(type) || type.code === typeCodes.quantity;

/** undefined: the field is left out. */
function storedField({ type, whenEmpty }: FieldPlan, value: JsonValue | undefined): JsonValue | undefined {
  if (value === undefined || value === null) return value;
  if (whenEmpty === emptiness.kept || typeof value !== "object" || !isEmpty(value))
    return storedValue(type, value);
  return whenEmpty === emptiness.omitted ? undefined : null;
}

function storedValue(type: TypePlan, value: JsonValue): JsonValue {
  if (typeof value !== "object")
    return type.code === typeCodes.quantity && isRewritten(value) ? canonicalQuantity(value) : value;
  if (value === null) return value;
  const { item, struct } = type;
  // A union without an item type of its own may be a list of the struct.
  if (Array.isArray(value)) return storedItems(item ?? type, value);
  if (item) return storedMembers(item, value);
  return struct ? storedFields(struct, value) : value;
}

/** The text of "31.25Ki" is "32000", and of that "32k": storage keeps the one and reads the other. */
const isRewritten = (value: JsonValue): value is string => typeof value === "string" && value.endsWith("000");

function storedItems(type: TypePlan, items: JsonValue[]): JsonValue[] {
  if (!mayChange(type)) return items;
  let out = items;
  for (let at = 0; at < items.length; at++) {
    const item = items[at]!;
    const stored = storedValue(type, item);
    if (stored === item) continue;
    if (out === items) out = [...items];
    out[at] = stored;
  }
  return out;
}

function storedMembers(type: TypePlan, members: JsonObject): JsonObject {
  if (!mayChange(type)) return inKeyOrder(members);
  let out = members;
  for (const key in members) {
    const stored = storedValue(type, members[key]!);
    if (stored === members[key]) continue;
    if (out === members) out = { ...members };
    setKey(out, key, stored);
  }
  return inKeyOrder(out);
}
