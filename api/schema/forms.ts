/**
 * The forms that a decoded object takes when it is written. Every write makes them, so each is one walk, which gives
 * back the object itself where nothing is different.
 *
 * Decoded objects keep lists and maps that are empty but not nil, as Go's structs do, because validation prints them
 * and asks for nil; encoding/json leaves out those of fields with omitempty; and protobuf, in which most kinds are
 * stored, knows no difference at all.
 */
import { setKey } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { canonicalQuantity } from "../quantity.ts";
import { arranged, inKeyOrder, type Slots } from "./go-order.ts";
import {
  emptiness,
  type FieldPlan,
  mayChange,
  planOf,
  type StructPlan,
  type TypePlan,
  typeCodes,
} from "./plan.ts";
import type { StructType } from "./types.ts";

interface Form {
  /** Fields stand as in the struct, which has all of them, and keys of maps are sorted. */
  readonly inOrder: boolean;
  /** Empty lists and maps are left out where omitempty says so. */
  readonly omitsEmpty: boolean;
  /** Others are null where protobuf keeps them, and quantities are read anew. */
  readonly fromStorage: boolean;
}

const json: Form = { inOrder: false, omitsEmpty: true, fromStorage: false };
const ordered: Form = { inOrder: true, omitsEmpty: false, fromStorage: false };
const stored: Form = { inOrder: true, omitsEmpty: true, fromStorage: true };

/** An object with the fields that encoding/json writes. */
export const jsonForm = <T extends object>(struct: StructType, object: T): T => formOf(json, struct, object);

/** An object in the order in which encoding/json writes it. */
export const inGoOrder = <T extends object>(struct: StructType, object: T): T =>
  formOf(ordered, struct, object);

/** An object as storage gives it back, and as it is written then. */
export const storedForm = <T extends object>(struct: StructType, object: T): T =>
  formOf(stored, struct, object);

const formOf = <T extends object>(form: Form, struct: StructType, object: T): T =>
  fieldsIn(form, planOf(struct), object as JsonObject) as T;

function fieldsIn(form: Form, plan: StructPlan, object: JsonObject): JsonObject {
  const { byName } = plan;
  let changes: Slots | undefined;
  let last = -1;
  let isArranged = true;
  // Far more fields are declared than set.
  for (const name in object) {
    const field = byName.get(name);
    if (field === undefined || field.index < last) isArranged = false;
    if (field === undefined) continue;
    last = field.index;
    if (!field.mayChange) continue;
    const value = object[name];
    const written = fieldIn(form, field, value);
    if (written === value) continue;
    changes ??= {};
    changes[name] = written;
  }
  const isDone = changes === undefined && (isArranged || !form.inOrder);
  return isDone ? object : arranged(plan, object, changes);
}

/** undefined: the field is left out. */
function fieldIn(
  form: Form,
  { type, whenEmpty }: FieldPlan,
  value: JsonValue | undefined,
): JsonValue | undefined {
  if (value === undefined || value === null) return value;
  const isKept = !form.omitsEmpty || whenEmpty === emptiness.kept;
  if (isKept || typeof value !== "object" || !isEmpty(value)) return valueIn(form, type, value);
  if (whenEmpty === emptiness.omitted) return undefined;
  return form.fromStorage ? null : value;
}

function isEmpty(value: object): boolean {
  if (Array.isArray(value)) return value.length === 0;
  for (const _key in value) return false;
  return true;
}

function valueIn(form: Form, type: TypePlan, value: JsonValue): JsonValue {
  if (typeof value === "string")
    return form.fromStorage && isRewritten(type, value) ? canonicalQuantity(value) : value;
  if (typeof value !== "object" || value === null) return value;
  const { item, struct } = type;
  // A union without an item type of its own may be a list of the struct.
  if (Array.isArray(value)) return itemsIn(form, item ?? type, value);
  if (item) return membersIn(form, item, value);
  return struct ? fieldsIn(form, struct, value) : value;
}

/** The text of "31.25Ki" is "32000", and of that "32k": storage keeps the one and reads the other. */
const isRewritten = (type: TypePlan, text: string): boolean =>
  type.code === typeCodes.quantity && text.endsWith("000");

function itemsIn(form: Form, type: TypePlan, items: JsonValue[]): JsonValue[] {
  if (!mayChange(type)) return items;
  let out = items;
  for (let at = 0; at < items.length; at++) {
    const item = items[at]!;
    const written = valueIn(form, type, item);
    if (written === item) continue;
    if (out === items) out = [...items];
    out[at] = written;
  }
  return out;
}

function membersIn(form: Form, type: TypePlan, members: JsonObject): JsonObject {
  let out = members;
  if (mayChange(type)) {
    for (const key in members) {
      const written = valueIn(form, type, members[key]!);
      if (written === members[key]) continue;
      if (out === members) out = { ...members };
      setKey(out, key, written);
    }
  }
  return form.inOrder ? inKeyOrder(out) : out;
}
