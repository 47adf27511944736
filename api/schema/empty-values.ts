/**
 * What becomes of lists and maps that are empty but not nil. Decoded objects keep them, as Go's structs do, because
 * validation prints them and asks for nil; encoding/json leaves out those of fields with omitempty; and protobuf, in
 * which most kinds are stored, knows no difference at all (stored-form.ts).
 */
import { setKey } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { emptiness, type FieldPlan, isComposite, planOf, type StructPlan, type TypePlan } from "./plan.ts";
import type { StructType } from "./types.ts";

/** An object as encoding/json writes it; the object itself where that is no different. */
export const jsonForm = <T extends object>(struct: StructType, object: T): T =>
  fieldsWritten(planOf(struct), object as JsonObject) as T;

export function isEmpty(value: object): boolean {
  if (Array.isArray(value)) return value.length === 0;
  for (const _key in value) return false;
  return true;
}

function fieldsWritten(plan: StructPlan, object: JsonObject): JsonObject {
  let out: { [key: string]: JsonValue | undefined } = object;
  // Far more fields are declared than set.
  for (const name in object) {
    const value = object[name];
    if (typeof value !== "object" || value === null) continue;
    const field = plan.byName.get(name);
    if (field === undefined || !isComposite(field.type)) continue;
    const written = fieldWritten(field, value);
    if (written === value) continue;
    if (out === object) out = { ...object };
    if (written === undefined) delete out[name];
    else out[name] = written;
  }
  return out as JsonObject;
}

const fieldWritten = ({ type, whenEmpty }: FieldPlan, value: object & JsonValue): JsonValue | undefined =>
  whenEmpty === emptiness.omitted && isEmpty(value) ? undefined : valueWritten(type, value);

function valueWritten(type: TypePlan, value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  const { item, struct } = type;
  // Of unions the schema's: a list of them, or one. What else a union may be has nothing inside.
  if (Array.isArray(value)) return item && !isComposite(item) ? value : itemsWritten(item ?? type, value);
  if (item) return isComposite(item) ? membersWritten(item, value) : value;
  return struct ? fieldsWritten(struct, value) : value;
}

function itemsWritten(type: TypePlan, items: JsonValue[]): JsonValue[] {
  let out = items;
  for (let index = 0; index < items.length; index++) {
    const item = items[index]!;
    const written = valueWritten(type, item);
    if (written === item) continue;
    if (out === items) out = [...items];
    out[index] = written;
  }
  return out;
}

function membersWritten(type: TypePlan, members: JsonObject): JsonObject {
  let out = members;
  for (const key in members) {
    const written = valueWritten(type, members[key]!);
    if (written === members[key]) continue;
    if (out === members) out = { ...members };
    setKey(out, key, written);
  }
  return out;
}
