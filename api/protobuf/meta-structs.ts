/** Kinds of meta/v1 that have a protobuf form but no place in OpenAPI. Source: apimachinery's meta/v1 generated.proto. */
import { loadTables } from "../schema/tables.ts";
import type { Field, FieldType, StructType } from "../schema/types.ts";

const metaPackage = "io.k8s.apimachinery.pkg.apis.meta.v1";

function metaStruct(name: string): StructType {
  const struct = loadTables().struct(`${metaPackage}.${name}`);
  if (!struct) throw new Error(`the tables have no ${name}`);
  return struct;
}

function field(name: string, protoNumber: number, type: FieldType, goType: string): [string, Field] {
  return [name, { name, type, presence: "always", required: false, goType, protoNumber }];
}

function typeMeta(): [string, Field][] {
  return ["kind", "apiVersion"].map((name) => [
    name,
    {
      name,
      type: { kind: "scalar", scalar: "string" },
      presence: "omitempty",
      required: false,
      goType: "string",
      inline: [{ goName: "TypeMeta" }],
    },
  ]);
}

function struct(goName: string, fields: [string, Field][]): StructType {
  return { name: `${metaPackage}.${goName}`, goName, fields: new Map([...typeMeta(), ...fields]) };
}

/** The struct of a kind of group meta.k8s.io, or of core's Status. */
export function metaKind(kind: string, apiVersion: string): StructType | undefined {
  switch (kind) {
    case "Status":
      return metaStruct("Status");
    case "PartialObjectMetadata":
      return partialObjectMetadata();
    case "PartialObjectMetadataList":
      // The older version numbers its fields the other way round.
      return apiVersion === "meta.k8s.io/v1beta1"
        ? partialObjectMetadataList({ metadata: 2, items: 1 })
        : partialObjectMetadataList({ metadata: 1, items: 2 });
    default:
      return undefined;
  }
}

const partialObjectMetadata = (): StructType =>
  struct("PartialObjectMetadata", [
    field("metadata", 1, { kind: "struct", struct: metaStruct("ObjectMeta") }, "v1.ObjectMeta"),
  ]);

function partialObjectMetadataList(numbers: { metadata: number; items: number }): StructType {
  const item: FieldType = { kind: "struct", struct: partialObjectMetadata() };
  const metadata: FieldType = { kind: "struct", struct: metaStruct("ListMeta") };
  return struct("PartialObjectMetadataList", [
    field("metadata", numbers.metadata, metadata, "v1.ListMeta"),
    field("items", numbers.items, { kind: "array", items: item }, "[]v1.PartialObjectMetadata"),
  ]);
}
