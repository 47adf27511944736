/**
 * A struct's table made ready for the walkers: fields in Go's order, what each type is as a small number, what is
 * written for a field that is absent.
 */
import type { JsonValue } from "../object.ts";
import { goTypeOf } from "./go-type-name.ts";
import type { Field, FieldType, Scalar, StructType } from "./types.ts";

/** A value that is one thing or another in JSON, and in Go a struct of its own (apiextensions/v1 marshal.go). */
export type Union = "schemaOrArray" | "schemaOrBool" | "schemaOrStringArray";

export const typeCodes = {
  string: 0,
  int32: 1,
  int64: 2,
  boolean: 3,
  struct: 4,
  array: 5,
  map: 6,
  time: 7,
  quantity: 8,
  intOrString: 9,
  float64: 10,
  bytes: 11,
  microTime: 12,
  duration: 13,
  rawExtension: 14,
  fieldsV1: 15,
  json: 16,
  schemaOrArray: 17,
  schemaOrBool: 18,
  schemaOrStringArray: 19,
} as const satisfies Record<Scalar | Union | "struct" | "array" | "map", number>;

export type TypeCode = (typeof typeCodes)[keyof typeof typeCodes];

export interface TypePlan {
  readonly code: TypeCode;
  /** As Go's reflection names it, in json's errors. */
  readonly goType: string;
  /** Of a struct; of a union the schema's. */
  readonly struct?: StructPlan;
  /** Of an array's items or a map's values. */
  readonly item?: TypePlan;
}

/** What becomes of a field that is absent or null. */
export const absent = { omitted: 0, constant: 1, emptyStruct: 2 } as const;

/** See forms.ts. */
export const emptiness = {
  /** No list or map, or one that stays as it is. */
  kept: 0,
  /** omitempty: it is not written. */
  omitted: 1,
  /** Written as `[]` or `{}`, and as null when it comes back from storage. */
  stored: 2,
} as const;

export interface FieldPlan {
  readonly name: string;
  /** Its place in Go's struct. */
  readonly index: number;
  readonly type: TypePlan;
  /** A zero scalar is left out: Go's struct cannot tell it from an absent one. */
  readonly dropZero: boolean;
  readonly mayChange: boolean;
  /** What becomes of a list or map that is empty and not nil. */
  readonly whenEmpty: (typeof emptiness)[keyof typeof emptiness];
  readonly whenAbsent: (typeof absent)[keyof typeof absent];
  readonly constant: JsonValue;
  readonly field: Field;
}

export class StructPlan {
  readonly struct: StructType;
  #fields: readonly FieldPlan[] | undefined;
  #byName: ReadonlyMap<string, FieldPlan> | undefined;
  #always: readonly FieldPlan[] | undefined;

  constructor(struct: StructType) {
    this.struct = struct;
  }

  /** Made when first asked for: types refer to themselves. */
  get fields(): readonly FieldPlan[] {
    this.#fields ??= [...this.struct.fields.values()].map((field, index) => planField(field, index, this));
    return this.#fields;
  }

  get byName(): ReadonlyMap<string, FieldPlan> {
    this.#byName ??= new Map(this.fields.map((field) => [field.name, field]));
    return this.#byName;
  }

  /** Fields that are written whatever they hold. */
  get always(): readonly FieldPlan[] {
    this.#always ??= this.fields.filter((field) => field.whenAbsent !== absent.omitted);
    return this.#always;
  }
}

/** Tables do not change; their plans are made once. */
const plans = new WeakMap<StructType, StructPlan>();

export function planOf(struct: StructType): StructPlan {
  let plan = plans.get(struct);
  if (!plan) {
    plan = new StructPlan(struct);
    plans.set(struct, plan);
  }
  return plan;
}

const unions: Readonly<Record<string, Union>> = {
  "v1.JSONSchemaPropsOrArray": "schemaOrArray",
  "v1.JSONSchemaPropsOrBool": "schemaOrBool",
  "v1.JSONSchemaPropsOrStringArray": "schemaOrStringArray",
};

/** The unions occur in JSONSchemaProps only, and hold it again. */
function planType(type: FieldType, goType: string, owner: StructPlan): TypePlan {
  const union = unions[goType];
  if (union) return { code: typeCodes[union], goType, struct: owner };
  switch (type.kind) {
    case "scalar":
      return { code: typeCodes[type.scalar], goType };
    case "struct":
      return { code: typeCodes.struct, goType, struct: planOf(type.struct) };
    case "array":
      return { code: typeCodes.array, goType, item: planType(type.items, itemGoType(type, goType), owner) };
    case "map":
      return { code: typeCodes.map, goType, item: planType(type.values, itemGoType(type, goType), owner) };
  }
}

function itemGoType(type: FieldType & { kind: "array" | "map" }, goType: string): string {
  if (goType === "v1.JSONSchemaDependencies") return "v1.JSONSchemaPropsOrStringArray";
  const item = /^(?:\[\]|map\[[^\]]*\])\*?(.*)$/.exec(goType)?.[1];
  return item ?? goTypeOf(type.kind === "array" ? type.items : type.values);
}

const zeros = new Map<TypeCode, JsonValue>([
  [typeCodes.string, ""],
  [typeCodes.int32, 0],
  [typeCodes.int64, 0],
  [typeCodes.float64, 0],
  [typeCodes.boolean, false],
  [typeCodes.quantity, "0"],
  [typeCodes.intOrString, 0],
  [typeCodes.duration, "0s"],
  [typeCodes.schemaOrBool, false],
]);

/** What Go writes for a type's zero value; a struct's is an object. */
export function zeroOf(type: TypePlan): JsonValue {
  return zeros.get(type.code) ?? null;
}

export const isComposite = ({ code }: TypePlan): boolean =>
  (code >= typeCodes.struct && code <= typeCodes.map) || code >= typeCodes.schemaOrArray;

/** Whether a value of the type may be written otherwise than it was decoded: see forms.ts. */
export const mayChange = (type: TypePlan): boolean => isComposite(type) || type.code === typeCodes.quantity;

/** Kinds of these packages are stored as JSON, where an empty list stays one; all others as protobuf. */
const storedAsJson = /^io\.k8s\.(?:apiextensions-apiserver|kube-aggregator)\./;

function planField(field: Field, index: number, owner: StructPlan): FieldPlan {
  const type = planType(field.type, field.goType, owner);
  const isCollection = type.code === typeCodes.array || type.code === typeCodes.map;
  const always = field.presence === "always";
  const omitEmpty = field.presence === "omitempty";
  const emptyStruct = always && type.code === typeCodes.struct;
  const omitted = field.presence === "pointer" || omitEmpty;
  const { kept, omitted: unwritten, stored } = emptiness;
  const nilInStorage = always && !storedAsJson.test(owner.struct.name);
  return {
    name: field.name,
    index,
    type,
    field,
    dropZero: omitEmpty && !isCollection,
    mayChange: mayChange(type),
    whenEmpty: !isCollection ? kept : omitEmpty ? unwritten : nilInStorage ? stored : kept,
    whenAbsent: emptyStruct ? absent.emptyStruct : omitted ? absent.omitted : absent.constant,
    constant: always ? zeroOf(type) : null,
  };
}
