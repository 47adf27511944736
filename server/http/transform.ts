/** Table and PartialObjectMetadata. Source: handlers/response.go and printers/tableconvertor in upstream. */
import { metadataAlone } from "../../api/conversion/conversion.ts";
import type { JsonObject, KubeObject } from "../../api/object.ts";
import { badRequest } from "../../api/status.ts";
import type { Column, RowContext, TableDefinition } from "../../api/tables/columns.ts";
import type { ListPage } from "../registry/listing.ts";
import type { Transformation } from "./negotiate.ts";

export type IncludeObject = "Metadata" | "Object" | "None";

export interface TableOptions {
  includeObject: IncludeObject;
}

/** The includeObject parameter; BadRequest for an unknown one. */
export function tableOptions(query: URLSearchParams): TableOptions {
  const asked = query.get("includeObject") || "Metadata";
  if (asked === "Metadata" || asked === "Object" || asked === "None") return { includeObject: asked };
  throw badRequest(
    `Unable to convert to Table as requested: includeObject: Invalid value: "${asked}": must be 'Metadata', 'Object', 'None', or empty`,
  );
}

/** Of a hub object, or of the answer of a subresource that is an object of another kind. */
export function partialMetadata(object: KubeObject, version: Transformation["version"]): JsonObject {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: `meta.k8s.io/${version}`,
    metadata: metadataAlone(object) as unknown as JsonObject,
  };
}

/** metadata of a list's answer. */
export function listMetadata({ revision, continueToken, remainingItemCount }: ListPage): JsonObject {
  return {
    resourceVersion: String(revision),
    ...(continueToken === undefined ? {} : { continue: continueToken }),
    ...(remainingItemCount === undefined ? {} : { remainingItemCount }),
  };
}

export interface TableSource {
  definition: TableDefinition;
  version: Transformation["version"];
  options: TableOptions;
  context: RowContext;
  /** Text of a column's description. */
  describe(column: Column): string;
  /** The object as its version shows it, for includeObject=Object. */
  spoken(object: KubeObject): KubeObject;
}

/** A table without rows: its kind, metadata and, unless it goes on an earlier one, its columns. */
export function tableHead(source: TableSource, metadata: JsonObject, withColumns: boolean): JsonObject {
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${source.version}`,
    metadata,
    columnDefinitions: withColumns
      ? source.definition.columns.map((column) => columnJson(source, column))
      : null,
  };
}

function columnJson(source: TableSource, column: Column): JsonObject {
  return {
    name: column.name,
    type: column.type,
    format: column.format ?? "",
    description: source.describe(column),
    priority: column.priority ?? 0,
  };
}

/** The table of all that is asked for. */
export function wholeTable(
  source: TableSource,
  metadata: JsonObject,
  objects: readonly KubeObject[],
): JsonObject {
  const rows =
    objects.length === 0 && source.definition.nullWhenEmpty
      ? null
      : objects.map((object) => tableRow(source, object));
  return { ...tableHead(source, metadata, true), rows };
}

export function tableRow(source: TableSource, object: KubeObject): JsonObject {
  const cells = source.definition.row(object, source.context);
  const conditions = source.definition.conditions?.(object);
  return {
    cells: cells as unknown as JsonObject[],
    ...(conditions?.length ? { conditions: conditions as unknown as JsonObject[] } : {}),
    object: rowObject(source, object),
  };
}

function rowObject(source: TableSource, object: KubeObject): JsonObject | null {
  switch (source.options.includeObject) {
    case "None":
      return null;
    case "Object":
      return source.spoken(object) as unknown as JsonObject;
    case "Metadata":
      return partialMetadata(object, source.version);
  }
}
