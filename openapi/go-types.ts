/**
 * Reads facts/go-types.json: what Kubernetes' Go sources know about its types and its OpenAPI documents do not say.
 * The program that writes the file, and its format: conformance/upstream/facts/main.go.
 */
import type { Field, FieldType, Presence, Scalar, StructType } from "../api/schema/types.ts";
import facts from "./facts/go-types.json" with { type: "json" };

export interface GoStruct {
  /** OpenAPI definition name, e.g. "io.k8s.api.core.v1.Pod". */
  name: string;
  goName: string;
  /** In Go's order, inlined structs taken apart. */
  fields: readonly GoField[];
}

export interface GoField {
  name: string;
  presence: Presence;
  /** As reflection prints it, pointers gone, e.g. "v1.PodPhase". */
  goType: string;
  protoNumber?: number;
  inline?: NonNullable<Field["inline"]>;
  /** Of a string, or of the items of a list or map of strings. */
  enum?: GoEnum;
  /** The type in the file's own spelling, e.g. "[]meta.Condition", with a package before every name. */
  typeId: string;
}

export interface GoEnum {
  /** Sorted, as OpenAPI lists them. */
  values: readonly string[];
  /** What kube-openapi appends to the description of a field: "\n\nPossible enum values:\n - …". */
  description: string;
}

const packages: Readonly<Record<string, string>> = facts.packages;
const packedStructs: Readonly<Record<string, string>> = facts.structs;
const namedTypes: Readonly<Record<string, string>> = facts.named;
const enums: Readonly<Record<string, Record<string, string>>> = facts.enums;

/** Deprecated kinds by definition name: the releases as "1.33", the replacement as "group/version/Kind". */
export function readLifecycles(): Map<
  string,
  { deprecated?: string; removed?: string; replacement?: string }
> {
  return new Map(Object.entries(facts.lifecycle).map(([id, one]) => [definitionName(id), one]));
}

/** Every struct by its OpenAPI definition name. */
export function readGoTypes(): Map<string, GoStruct> {
  const structs = Object.keys(packedStructs).map((id) => readStruct(id));
  // A type that is another package's struct by a new name: v1alpha1's MatchCondition, core's List.
  const renamed = Object.entries(namedTypes).flatMap(([id, named]) => {
    const target = absolute(named.replace(/ message$/, ""), packageOf(id));
    return packedStructs[target] === undefined ? [] : [readStruct(id, target)];
  });
  return new Map([...structs, ...renamed].map((struct) => [struct.name, struct]));
}

function readStruct(id: string, fieldsOf = id): GoStruct {
  return { name: definitionName(id), goName: baseName(id), fields: readFields(fieldsOf, []) };
}

const fieldToken = /^([^*&?!:]+)([*&?!])(\d*):(.*)$/;
const inlineToken = /^\+(\d*):(.*)$/;

const presences: Readonly<Record<string, Presence>> = {
  "*": "pointer",
  "&": "nullable",
  "?": "omitempty",
  "!": "always",
};

function readFields(id: string, inline: readonly { goName: string; protoNumber?: number }[]): GoField[] {
  const tokens = packedStructs[id]?.split(" ").filter((token) => token !== "") ?? [];
  return tokens.flatMap((token) => {
    if (token === "@") return readFields("meta.TypeMeta", [...inline, { goName: "TypeMeta" }]);
    const [, inlineNumber = "", inlined] = inlineToken.exec(token) ?? [];
    if (inlined !== undefined) {
      const target = absolute(inlined, packageOf(id));
      return readFields(target, [...inline, { goName: baseName(target), ...numbered(inlineNumber) }]);
    }
    const [, name = "", mark = "", number = "", type = ""] = fieldToken.exec(token) ?? [];
    const typeId = absolute(type, packageOf(id));
    const values = enums[typeId.replace(/^(\[\]|map\[[^\]]*\])/, "")];
    return {
      name,
      presence: presences[mark] ?? "omitempty",
      goType: reflectName(typeId),
      typeId,
      // TypeMeta is not sent in protobuf: the envelope has it.
      ...(inline[0]?.goName === "TypeMeta" ? {} : numbered(number)),
      ...(inline.length > 0 ? { inline } : {}),
      ...(values ? { enum: describeEnum(values) } : {}),
    };
  });
}

const numbered = (number: string): { protoNumber?: number } =>
  number === "" ? {} : { protoNumber: Number(number) };

function describeEnum(values: Readonly<Record<string, string>>): GoEnum {
  const lines = Object.entries(values).map(([value, text]) => ` - \`${JSON.stringify(value)}\` ${text}`);
  return {
    values: Object.keys(values).sort(),
    description: ["\n\nPossible enum values:", ...lines.sort().map((line) => line.trimEnd())].join("\n"),
  };
}

const builtIn = /^(any|string|bool|byte|int|u?int\d+|float\d+)$/;

/** A type with the package before every name: "[]Container" in core → "[]core.Container". */
function absolute(type: string, goPackage: string): string {
  const list = /^(\[\]|\*)(.*)$/.exec(type);
  if (list) return `${list[1]}${absolute(list[2] ?? "", goPackage)}`;
  const map = /^map\[([^\]]*)\](.*)$/.exec(type);
  if (map) return `map[${absolute(map[1] ?? "", goPackage)}]${absolute(map[2] ?? "", goPackage)}`;
  return builtIn.test(type) || type.includes(".") ? type : `${goPackage}.${type}`;
}

/** "core.Pod" → "v1.Pod", also inside lists and maps. */
function reflectName(typeId: string): string {
  return typeId
    .replace(/[\w/]+(?=\.)/g, (short) => packages[short]?.split(".").at(-1) ?? short.split("/").at(-1) ?? "")
    .replace(/\bbyte\b/, "uint8")
    .replace(/\bany\b/, "interface {}");
}

const packageOf = (id: string): string => id.slice(0, id.indexOf("."));
const baseName = (id: string): string => id.slice(id.indexOf(".") + 1);
const definitionName = (id: string): string => `${packages[packageOf(id)]}.${baseName(id)}`;

const scalars: Readonly<Record<string, Scalar>> = {
  string: "string",
  int32: "int32",
  int64: "int64",
  float64: "float64",
  bool: "boolean",
  "[]byte": "bytes",
  "api/resource.Quantity": "quantity",
  "meta.Time": "time",
  "meta.MicroTime": "microTime",
  "meta.Duration": "duration",
  "intstr.IntOrString": "intOrString",
  "runtime.RawExtension": "rawExtension",
  "meta.FieldsV1": "fieldsV1",
  any: "json",
  "apiextensions.JSON": "json",
  "apiextensions.JSONSchemaPropsOrArray": "json",
  "apiextensions.JSONSchemaPropsOrBool": "json",
  "apiextensions.JSONSchemaPropsOrStringArray": "json",
};

/**
 * Struct tables made of these facts alone, without lists' and patches' rules: also for the kinds that Kubernetes no
 * longer serves, whose wire forms upstream's fixtures still have.
 */
export function goStructTypes(): Map<string, StructType> {
  const structs = new Map<string, { -readonly [K in keyof StructType]: StructType[K] }>();
  const read = readGoTypes();
  for (const { name, goName } of read.values()) structs.set(name, { name, goName, fields: new Map() });
  const typeOf = (typeId: string): FieldType | undefined => {
    const scalar = scalars[typeId];
    if (scalar) return { kind: "scalar", scalar };
    const list = /^\[\](.*)$/.exec(typeId);
    if (list) return wrap(typeOf(list[1] ?? ""), (items) => ({ kind: "array", items }));
    const map = /^map\[[^\]]*\](.*)$/.exec(typeId);
    if (map) return wrap(typeOf(map[1] ?? ""), (values) => ({ kind: "map", values }));
    const struct = structs.get(definitionName(typeId));
    if (struct) return { kind: "struct", struct };
    const named = namedTypes[typeId]?.replace(/ message$/, "");
    return named === undefined ? undefined : typeOf(absolute(named, packageOf(typeId)));
  };
  for (const { name, fields } of read.values()) {
    const struct = structs.get(name);
    if (!struct) continue;
    struct.fields = new Map(
      fields.flatMap(({ typeId, enum: values, ...field }) => {
        const type = typeOf(typeId.replace(/^\*/, ""));
        return type ? [[field.name, { ...field, type, required: false }]] : [];
      }),
    );
  }
  return structs;
}

function wrap(type: FieldType | undefined, make: (type: FieldType) => FieldType): FieldType | undefined {
  return type && make(type);
}
