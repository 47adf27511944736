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
export function metaKind(kind: string): StructType | undefined {
  switch (kind) {
    case "Status":
      return metaStruct("Status");
    case "PartialObjectMetadata":
      return partialObjectMetadata();
    case "PartialObjectMetadataList":
      return struct("PartialObjectMetadataList", [
        field("metadata", 1, { kind: "struct", struct: metaStruct("ListMeta") }, "v1.ListMeta"),
        field(
          "items",
          2,
          { kind: "array", items: { kind: "struct", struct: partialObjectMetadata() } },
          "[]v1.PartialObjectMetadata",
        ),
      ]);
    default:
      return undefined;
  }
}

const partialObjectMetadata = (): StructType =>
  struct("PartialObjectMetadata", [
    field("metadata", 1, { kind: "struct", struct: metaStruct("ObjectMeta") }, "v1.ObjectMeta"),
  ]);
