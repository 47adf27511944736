/**
 * The slow walk over a typed object that was never a text but the outcome of a strategic merge patch: upstream puts it
 * into its type by reflection, with rules and words of their own. It runs only when the fast walk (normalize.ts) found
 * that something is wrong. Semantics: pkg/runtime/converter.go of apimachinery.
 */
import { goQuote } from "../go-format.ts";
import { valueTree } from "../json-tree.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { DecodeError } from "./decode-error.ts";
import { type GoDecoded, goDecodeValue } from "./go-decode.ts";
import { planOf, type StructPlan, type TypePlan, typeCodes } from "./plan.ts";
import type { StructType } from "./types.ts";

/** @throws DecodeError "cannot restore struct from: int64", "unrecognized type: int32" … */
export function fromUnstructured(struct: StructType, value: JsonValue): GoDecoded {
  const unknown: string[] = [];
  const object = structFrom(planOf(struct), value, "", unknown);
  return { value: object, strictErrors: unknown.map((path) => `unknown field ${goQuote(path)}`).sort() };
}

function convert(type: TypePlan, value: JsonValue, path: string, unknown: string[]): JsonValue {
  if (value === null) return null;
  switch (type.code) {
    case typeCodes.string:
    case typeCodes.boolean:
    case typeCodes.int32:
    case typeCodes.int64:
    case typeCodes.float64:
      return scalarFrom(type, value);
    case typeCodes.struct:
      return structFrom(type.struct as StructPlan, value, path, unknown);
    case typeCodes.array:
      if (!Array.isArray(value)) throw new DecodeError(`cannot restore slice from ${kindOf(value)}`);
      return value.map((item, index) => convert(type.item as TypePlan, item, `${path}[${index}]`, unknown));
    case typeCodes.map:
      return mapFrom(type, value, path, unknown);
    case typeCodes.bytes:
      if (typeof value !== "string") throw new DecodeError(`cannot restore slice from ${kindOf(value)}`);
      return bytesFrom(type, value);
    default:
      return goDecodeValue(type, valueTree(value));
  }
}

function bytesFrom(type: TypePlan, value: string): JsonValue {
  try {
    return goDecodeValue(type, valueTree(value));
  } catch (error) {
    if (error instanceof DecodeError) throw new DecodeError(`error decoding from json: ${error.message}`);
    throw error;
  }
}

/** Fields in the order of Go's struct: the first that does not fit is the error. */
function structFrom(plan: StructPlan, value: JsonValue, path: string, unknown: string[]): JsonObject {
  if (!isObject(value)) throw new DecodeError(`cannot restore struct from: ${kindOf(value)}`);
  const object: JsonObject = {};
  const at = (name: string): string => (path === "" ? name : `${path}.${name}`);
  for (const field of plan.fields) {
    const item = value[field.name];
    if (item !== undefined) object[field.name] = convert(field.type, item, at(field.name), unknown);
  }
  for (const key of Object.keys(value)) if (!plan.byName.has(key)) unknown.push(at(key));
  return object;
}

function mapFrom(type: TypePlan, value: JsonValue, path: string, unknown: string[]): JsonObject {
  if (!isObject(value)) throw new DecodeError(`cannot restore map from ${kindOf(value)}`);
  const entries = Object.entries(value).map(([key, item]) => {
    const itemPath = path === "" ? key : `${path}.${key}`;
    return [key, convert(type.item as TypePlan, item, itemPath, unknown)];
  });
  return Object.fromEntries(entries) as JsonObject;
}

/** Numbers go into numbers, cut to the width; what Go could convert and JSON would not is told apart from the rest. */
function scalarFrom(type: TypePlan, value: JsonValue): JsonValue {
  const from = kindOf(value);
  const to = kinds[type.code] ?? "";
  const isNumber = from === "int64" || from === "float64";
  if (from === to) return value;
  if (isNumber && type.code === typeCodes.float64) return Number(value);
  if (from === "int64" && type.code === typeCodes.int32)
    return Number(BigInt.asIntN(32, BigInt(value as number)));
  const convertible = isNumber && (to.startsWith("int") || (from === "int64" && to === "string"));
  throw new DecodeError(
    convertible ? `cannot convert ${from} to ${type.goType}` : `unrecognized type: ${to}`,
  );
}

const kinds: Readonly<Record<number, string>> = {
  [typeCodes.string]: "string",
  [typeCodes.boolean]: "bool",
  [typeCodes.int32]: "int32",
  [typeCodes.int64]: "int64",
  [typeCodes.float64]: "float64",
};

/** As Go's reflection names what an untyped JSON value is held in. */
function kindOf(value: JsonValue): string {
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return "int64";
  if (typeof value === "number") return "float64";
  return Array.isArray(value) ? "slice" : "map";
}

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
