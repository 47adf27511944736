/**
 * The apply schema of built-in types. Upstream makes it from the OpenAPI v3 definitions:
 * k8s.io/kube-openapi/pkg/schemaconv. Fields of Go structs have no surprises there, so the tables say the same.
 */
import type { JsonValue } from "../object.ts";
import type { Field, FieldType, Scalar, StructType } from "../schema/types.ts";
import {
  booleanScalar,
  deduced,
  FieldMap,
  type KeyField,
  LazyField,
  listOf,
  listType,
  mapOf,
  mapType,
  numericScalar,
  type Schema,
  stringScalar,
  untypedAtomic,
  untypedScalar,
} from "./schema.ts";

const scalars: Record<Scalar, Schema> = {
  string: stringScalar,
  int32: numericScalar,
  int64: numericScalar,
  float64: numericScalar,
  boolean: booleanScalar,
  bytes: stringScalar,
  // A number or a text.
  quantity: untypedScalar,
  // Texts with an OpenAPI format are not checked.
  time: untypedScalar,
  microTime: untypedScalar,
  duration: stringScalar,
  intOrString: deduced,
  rawExtension: untypedAtomic,
  fieldsV1: mapType(mapOf(deduced, false)),
  json: deduced,
};

/**
 * Pure memoisation: a struct always has the same schema, and comparing types by identity is what makes the memo of
 * reconciled field sets work.
 */
const granular = new WeakMap<StructType, Schema>();
const atomic = new WeakMap<StructType, Schema>();

/** The schema of a built-in type. */
export function structSchema(struct: StructType, ownership: Field["mapType"] = struct.mapType): Schema {
  const memo = ownership === "atomic" ? atomic : granular;
  let schema = memo.get(struct);
  if (schema === undefined) {
    const fields = () => [...struct.fields.values()].map(schemaField);
    // A struct without fields is a free-form object to OpenAPI.
    const element = struct.fields.size === 0 ? deduced : undefined;
    schema = mapType(new FieldMap(fields, ownership === "atomic", element));
    memo.set(struct, schema);
  }
  return schema;
}

function schemaField(field: Field): LazyField {
  return new LazyField(field.name, () => fieldSchema(field));
}

function fieldSchema(field: Field): Schema {
  const { type, listMapKeys, patchStrategy, patchMergeKey } = field;
  switch (type.kind) {
    case "struct":
      return structSchema(type.struct, field.mapType ?? type.struct.mapType);
    case "map":
      return mapType(mapOf(typeSchema(type.values), field.mapType === "atomic"));
    case "scalar":
      return scalars[type.scalar];
    case "array": {
      const items = typeSchema(type.items);
      if (field.listType === "map") {
        return listType(listOf(items, false, keyFields(type.items, listMapKeys ?? [])));
      }
      if (field.listType === "set") return listType(listOf(items, false));
      const merges =
        field.listType === undefined && (patchStrategy === "merge" || patchStrategy === "merge,retainKeys");
      const keys = patchMergeKey === undefined ? [] : [patchMergeKey];
      return listType(listOf(items, !merges, merges ? keyFields(type.items, keys) : []));
    }
  }
}

function typeSchema(type: FieldType): Schema {
  switch (type.kind) {
    case "struct":
      return structSchema(type.struct);
    case "map":
      return mapType(mapOf(typeSchema(type.values), false));
    case "array":
      return listType(listOf(typeSchema(type.items), true));
    case "scalar":
      return scalars[type.scalar];
  }
}

function keyFields(items: FieldType, names: readonly string[]): KeyField[] {
  return names.map((name) => {
    const field = items.kind === "struct" ? items.struct.fields.get(name) : undefined;
    return { name, default: field && keyDefault(field, items) };
  });
}

/** OpenAPI gives a field that Go always writes its zero value as default. */
function keyDefault(field: Field, items: FieldType): JsonValue | undefined {
  if (field.default !== undefined) return field.default as JsonValue;
  // The one optional key with an explicit empty default.
  if (items.kind === "struct" && items.struct.goName === "LocalObjectReference") return "";
  if (field.presence !== "always" || field.type.kind !== "scalar") return undefined;
  return zeros[field.type.scalar];
}

const zeros: Partial<Record<Scalar, JsonValue>> = { string: "", int32: 0, int64: 0, boolean: false };
