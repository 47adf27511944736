/** Takes apart the structs of openapi/generated/types.json, which type-tables.ts in openapi/ packs. */
import { goTypeOf } from "./go-type-name.ts";
import type { Field, FieldType, Presence, Scalar, StructType } from "./types.ts";

/**
 * The first line has the Go name and the map type; each other line a field: name, type, presence and attributes,
 * divided by tabs.
 */
export function unpackStruct(packed: string, structs: readonly StructType[]): Omit<StructType, "name"> {
  const [head = "", ...lines] = packed.split("\n");
  const [goName = "", mapType] = head.split("\t");
  const fields = lines.map((line) => unpackField(line, structs));
  return {
    goName,
    fields: new Map(fields.map((field) => [field.name, field])),
    ...(mapType ? { mapType: mapType === "atomic" ? "atomic" : "granular" } : {}),
  };
}

const PRESENCE: Readonly<Record<string, Presence>> = {
  a: "always",
  n: "nullable",
  o: "omitempty",
  p: "pointer",
};

function unpackField(line: string, structs: readonly StructType[]): Field {
  const [name = "", code = "", presence = "", ...packed] = line.split("\t");
  const attributes = new Map(packed.map((one): [string, string] => split(one, "=")));
  const type = unpackType(code, structs);
  const [listType, mapType] = [attributes.get("l"), attributes.get("m")];
  const listMapKeys = attributes.get("k")?.split(",");
  const [patchMergeKey, patchStrategy] = [attributes.get("pk"), attributes.get("ps")];
  const [defaultValue, values] = [attributes.get("d"), attributes.get("e")];
  const [protoNumber, inline] = [attributes.get("n"), attributes.get("i")];
  return {
    name,
    type,
    presence: PRESENCE[presence] ?? "omitempty",
    required: attributes.has("r"),
    goType: attributes.get("g") ?? goTypeOf(type),
    ...(listType === undefined ? {} : { listType: listType as NonNullable<Field["listType"]> }),
    ...(listMapKeys ? { listMapKeys } : {}),
    ...(mapType === undefined ? {} : { mapType: mapType as NonNullable<Field["mapType"]> }),
    ...(patchMergeKey === undefined ? {} : { patchMergeKey }),
    ...(patchStrategy === undefined ? {} : { patchStrategy }),
    ...(defaultValue === undefined ? {} : { default: JSON.parse(defaultValue) as unknown }),
    ...(values === undefined ? {} : { enum: JSON.parse(values) as string[] }),
    ...(protoNumber === undefined ? {} : { protoNumber: Number(protoNumber) }),
    ...(inline === undefined ? {} : { inline: unpackInline(inline) }),
  };
}

/** "VolumeSource:2" a struct, outermost first; without a number protobuf does not know it. */
function unpackInline(packed: string): NonNullable<Field["inline"]> {
  return packed.split(",").map((one) => {
    const [goName, number] = split(one, ":");
    return { goName, ...(number === "" ? {} : { protoNumber: Number(number) }) };
  });
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return [text.slice(0, at), text.slice(at + 1)];
}

function unpackType(code: string, structs: readonly StructType[]): FieldType {
  if (code.startsWith("[]")) return { kind: "array", items: unpackType(code.slice(2), structs) };
  if (code.startsWith("{}")) return { kind: "map", values: unpackType(code.slice(2), structs) };
  if (!code.startsWith("#")) return { kind: "scalar", scalar: code as Scalar };
  const struct = structs[Number(code.slice(1))];
  if (!struct) throw new Error(`types.json names struct ${code}, which it does not have`);
  return { kind: "struct", struct };
}
