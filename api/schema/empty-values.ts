/**
 * What becomes of lists and maps that are empty but not nil. Decoded objects keep them, as Go's structs do, because
 * validation prints them and asks for nil; encoding/json leaves out those of fields with omitempty; and protobuf, in
 * which most kinds are stored, knows no difference at all.
 */
import { setKey } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { canonicalQuantity } from "../quantity.ts";
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

/** An object as encoding/json writes it; the object itself where that is no different. */
export const jsonForm = <T extends object>(struct: StructType, object: T): T =>
  fieldsWritten(planOf(struct), object as JsonObject, false) as T;

/** An object as it comes back from storage; the object itself where that is no different. */
export const storedForm = <T extends object>(struct: StructType, object: T): T =>
  fieldsWritten(planOf(struct), object as JsonObject, true) as T;

function fieldsWritten(plan: StructPlan, object: JsonObject, stored: boolean): JsonObject {
  let out: { [key: string]: JsonValue | undefined } = object;
  // Far more fields are declared than set.
  for (const name in object) {
    const value = object[name];
    if (typeof value !== "object" ? !isRewritten(value) : value === null) continue;
    const field = plan.byName.get(name);
    if (field === undefined || !mayChange(field.type)) continue;
    const written = fieldWritten(field, value, stored);
    if (written === value) continue;
    if (out === object) out = { ...object };
    if (written === undefined) delete out[name];
    else out[name] = written;
  }
  return out as JsonObject;
}

const mayChange = (type: TypePlan): boolean => isComposite(type) || type.code === typeCodes.quantity;

/** The text of "31.25Ki" is "32000", and of that "32k": storage keeps the one and reads the other. */
const isRewritten = (value: JsonValue | undefined): value is string =>
  typeof value === "string" && value.endsWith("000");

function fieldWritten(
  { type, whenEmpty }: FieldPlan,
  value: JsonValue | undefined,
  stored: boolean,
): JsonValue | undefined {
  if (typeof value !== "object" || value === null) return valueWritten(type, value ?? null, stored);
  if (whenEmpty === emptiness.kept || !isEmpty(value)) return valueWritten(type, value, stored);
  if (whenEmpty === emptiness.omitted) return undefined;
  return stored ? null : value;
}

function valueWritten(type: TypePlan, value: JsonValue, stored: boolean): JsonValue {
  if (type.code === typeCodes.quantity && stored && isRewritten(value)) return canonicalQuantity(value);
  if (typeof value !== "object" || value === null) return value;
  const { item } = type;
  if (item) {
    if (!mayChange(item)) return value;
    return Array.isArray(value) ? itemsWritten(item, value, stored) : membersWritten(item, value, stored);
  }
  if (!type.struct) return value;
  // Of unions the schema's: a list of them, or one. What else a union may be has nothing inside.
  if (Array.isArray(value)) return itemsWritten(type, value, stored);
  return fieldsWritten(type.struct, value, stored);
}

function itemsWritten(type: TypePlan, items: JsonValue[], stored: boolean): JsonValue[] {
  let out = items;
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!;
    const written = valueWritten(type, item, stored);
    if (written === item) continue;
    if (out === items) out = [...items];
    out[index] = written;
  }
  return out;
}

function membersWritten(type: TypePlan, members: JsonObject, stored: boolean): JsonObject {
  let out = members;
  for (const key in members) {
    const written = valueWritten(type, members[key]!, stored);
    if (written === members[key]) continue;
    if (out === members) out = { ...members };
    setKey(out, key, written);
  }
  return out;
}

function isEmpty(value: object): boolean {
  if (Array.isArray(value)) return value.length === 0;
  for (const _key in value) return false;
  return true;
}
