/**
 * The fast walk over a typed object: checks types, leaves out what the type does not know or Go's struct could not
 * hold, writes keys in Go's order and values as Go does. A list or map that is empty is not nil and stays until it is
 * written (forms.ts). The walk says only that something is wrong; go-decode.ts finds out what.
 */
import { EmptyMap } from "../empty-map.ts";
import { setKey } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { canonicalQuantity, QuantityError } from "../quantity.ts";
import { canonicalMicroTime, canonicalTime, formatDuration, parseDuration, TimeError } from "../time.ts";
import { arranged, inKeyOrder, type Slots } from "./go-order.ts";
import { absent, type FieldPlan, planOf, type StructPlan, type TypePlan, typeCodes, zeroOf } from "./plan.ts";
import type { StructType } from "./types.ts";

export interface Normalized {
  value: JsonObject;
  /** Some key is not a field of its struct (and is not in the value). */
  hasUnknown: boolean;
}

/**
 * undefined where a value is not of its type. A value that is owned (just parsed, held by nobody else) is changed in
 * place and mostly comes back as it is; another is copied.
 */
export function tryNormalize(struct: StructType, value: JsonValue, owned = false): Normalized | undefined {
  const walk = { owned, hasUnknown: false };
  try {
    return { value: normalizeFields(planOf(struct), value, walk), hasUnknown: walk.hasUnknown };
  } catch (error) {
    if (error === mismatch || error instanceof QuantityError || error instanceof TimeError) return undefined;
    throw error;
  }
}

interface Walk {
  owned: boolean;
  hasUnknown: boolean;
}

/** A value of the wrong type: caught above, and never shown, so one without a stack does for all. */
const mismatch = Symbol("mismatch");

/** Hot. A null is an absent object, as in Go. */
function normalizeFields(plan: StructPlan, value: JsonValue, walk: Walk): JsonObject {
  if (value === null) return emptyStruct(plan);
  if (typeof value !== "object" || Array.isArray(value)) throw mismatch;
  const slots: Slots = walk.owned ? value : { ...value };
  const { byName } = plan;
  let inOrder = true;
  let last = -1;
  for (const key in slots) {
    const item = slots[key];
    const field = byName.get(key);
    if (field === undefined) {
      if (item !== undefined) walk.hasUnknown = true;
      inOrder = false;
      continue;
    }
    const normalized = normalizeField(field, item, walk);
    if (normalized !== item) slots[key] = normalized;
    if (normalized === undefined || field.index < last) inOrder = false;
    last = field.index;
  }
  for (const field of plan.always) {
    if (slots[field.name] !== undefined) continue;
    slots[field.name] = absentValue(field);
    inOrder = false;
  }
  return inOrder ? (slots as JsonObject) : arranged(plan, slots);
}

/** undefined: the field is left out. */
function normalizeField(field: FieldPlan, item: JsonValue | undefined, walk: Walk): JsonValue | undefined {
  if (item === undefined || item === null) return absentValue(field);
  const normalized = normalizeValue(field.type, item, walk);
  // Go's zero time, even behind a pointer, is no time; a union that holds nothing is a union all the same.
  if (normalized === null && field.type.code !== typeCodes.schemaOrArray) return absentValue(field);
  return field.dropZero && isZero(normalized) ? undefined : normalized;
}

function absentValue(field: FieldPlan): JsonValue | undefined {
  if (field.whenAbsent === absent.omitted) return undefined;
  if (field.whenAbsent === absent.constant) return field.constant;
  return emptyStruct(field.type.struct as StructPlan);
}

/** A struct of which nothing is set, with what is always written. */
function emptyStruct(plan: StructPlan): JsonObject {
  const out: Slots = {};
  for (const field of plan.always) out[field.name] = absentValue(field);
  return out as JsonObject;
}

const isZero = (value: JsonValue): boolean => value === "" || value === 0 || value === false;

function normalizeValue(type: TypePlan, value: JsonValue, walk: Walk): JsonValue {
  switch (type.code) {
    case typeCodes.string:
      if (typeof value !== "string") throw mismatch;
      return value;
    case typeCodes.struct:
      return normalizeFields(type.struct as StructPlan, value, walk);
    case typeCodes.array:
      return normalizeArray(type.item as TypePlan, value, walk);
    case typeCodes.map:
      return normalizeMap(type.item as TypePlan, value, walk);
    case typeCodes.boolean:
      if (typeof value !== "boolean") throw mismatch;
      return value;
    case typeCodes.int32:
      if (typeof value !== "number" || (value | 0) !== value) throw mismatch;
      return value | 0;
    default:
      return normalizeRare(type, value, walk);
  }
}

function normalizeArray(type: TypePlan, value: JsonValue, walk: Walk): JsonValue {
  if (!Array.isArray(value)) throw mismatch;
  const out = walk.owned ? value : value.slice();
  for (let at = 0; at < out.length; at++) {
    const item = out[at] as JsonValue;
    const normalized = normalizeItem(type, item, walk);
    if (normalized !== item) out[at] = normalized;
  }
  return out;
}

/** Go writes maps sorted. */
function normalizeMap(type: TypePlan, value: JsonValue, walk: Walk): JsonValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw mismatch;
  const slots: Slots = walk.owned ? value : { ...value };
  const keys = Object.keys(slots);
  if (keys.length === 0) return new EmptyMap();
  for (const key of keys) {
    const item = slots[key];
    const normalized = item === undefined ? item : normalizeItem(type, item, walk);
    if (normalized !== item) setKey(slots, key, normalized);
  }
  return inKeyOrder(slots as JsonObject);
}

/** A null among items or values is the zero value. */
function normalizeItem(type: TypePlan, item: JsonValue, walk: Walk): JsonValue {
  if (item !== null || type.code === typeCodes.struct) return normalizeValue(type, item, walk);
  // What storage gives back of them is empty, not nil: a list in a map is a message of its own in protobuf.
  if (type.code === typeCodes.array) return [];
  return type.code === typeCodes.bytes ? "" : zeroOf(type);
}

function normalizeRare(type: TypePlan, value: JsonValue, walk: Walk): JsonValue {
  switch (type.code) {
    case typeCodes.int64:
      return normalizeInt64(value);
    case typeCodes.float64:
      if (typeof value !== "number" && typeof value !== "bigint") throw mismatch;
      return Number(value);
    case typeCodes.time:
      if (typeof value !== "string") throw mismatch;
      return canonicalTime(value);
    case typeCodes.microTime:
      if (typeof value !== "string") throw mismatch;
      return canonicalMicroTime(value);
    case typeCodes.duration:
      if (typeof value !== "string") throw mismatch;
      return formatDuration(parseDuration(value));
    case typeCodes.quantity:
      if (typeof value === "object" || typeof value === "boolean") throw mismatch;
      return canonicalQuantity(String(value).trim());
    case typeCodes.intOrString:
      if (typeof value === "string") return value;
      if (typeof value !== "number" || (value | 0) !== value) throw mismatch;
      return value | 0;
    case typeCodes.bytes:
      if (typeof value !== "string" || !isBase64(value)) throw mismatch;
      return value;
    case typeCodes.schemaOrArray:
    case typeCodes.schemaOrBool:
    case typeCodes.schemaOrStringArray:
      return normalizeUnion(type, value, walk);
    default:
      return value;
  }
}

function normalizeInt64(value: JsonValue): JsonValue {
  if (typeof value === "bigint" && BigInt.asIntN(64, value) === value) return value;
  if (typeof value !== "number" || !Number.isInteger(value) || Math.abs(value) >= 2 ** 63) throw mismatch;
  return value === 0 ? 0 : value;
}

const base64Alphabet = /^[A-Za-z0-9+/]*={0,2}$/;

/** In the one form in which Go writes it: anything else is left to the slow way. */
function isBase64(text: string): boolean {
  if (text.length % 4 !== 0 || !base64Alphabet.test(text)) return false;
  if (!text.endsWith("=")) return true;
  const end = text.slice(-4);
  return Buffer.from(end, "base64").toString("base64") === end;
}

/** Inside a union upstream's decoder is not strict: what it does not know is dropped without a word. */
function normalizeUnion(type: TypePlan, value: JsonValue, walk: Walk): JsonValue {
  const { hasUnknown } = walk;
  const schema = (item: JsonValue): JsonValue => normalizeFields(type.struct as StructPlan, item, walk);
  try {
    if (typeof value === "object" && !Array.isArray(value)) return schema(value);
    if (type.code === typeCodes.schemaOrBool) {
      if (typeof value !== "boolean") throw mismatch;
      return value;
    }
    // Neither a list nor an object: upstream keeps nothing of it.
    if (!Array.isArray(value) || value.length === 0) return null;
    if (type.code === typeCodes.schemaOrArray) return value.map(schema);
    if (!value.every((item) => typeof item === "string")) throw mismatch;
    return value;
  } finally {
    walk.hasUnknown = hasUnknown;
  }
}
