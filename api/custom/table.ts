/** Printer columns. Source: k8s.io/apiextensions-apiserver/pkg/registry/customresource/tableconvertor. */
import type { JsonValue, KubeObject } from "../object.ts";
import { type Cell, type Column, nameColumn, type TableDefinition } from "../tables/columns.ts";
import { age } from "../tables/human-duration.ts";
import { parseTime, TimeError } from "../time.ts";
import { type JsonPath, JsonPathError, parseJsonPath, printJson } from "./json-path.ts";

export interface PrinterColumn {
  name: string;
  type: string;
  jsonPath: string;
  format?: string;
  description?: Column["description"];
  priority?: number;
}

const ageColumn: PrinterColumn = {
  name: "Age",
  type: "date",
  description: { struct: "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta", field: "creationTimestamp" },
  jsonPath: ".metadata.creationTimestamp",
};

/** The columns of a custom resource's Scale. Source: getScaleColumnsForVersion of apiextensions-apiserver. */
export const scaleColumns: readonly PrinterColumn[] = [
  { name: "Desired", type: "integer", description: "Number of desired replicas", jsonPath: ".spec.replicas" },
  {
    name: "Available",
    type: "integer",
    description: "Number of actual replicas",
    jsonPath: ".status.replicas",
  },
  ageColumn,
];

/** The table of a version; without columns of its own it shows the age. */
export function customTable(columns: readonly PrinterColumn[] = []): TableDefinition {
  const parsed: { column: Column; path: JsonPath }[] = [];
  for (const column of columns.length > 0 ? columns : [ageColumn]) {
    const path = tryParse(column.jsonPath);
    // A path that cannot be read ends the columns, as upstream has it.
    if (!path) break;
    parsed.push({ column: shownColumn(column), path });
  }
  return {
    columns: [nameColumn, ...parsed.map(({ column }) => column)],
    row: (object, { now }) => [
      object.metadata.name ?? "",
      ...parsed.map(({ column, path }) => cellOf(path, column.type, object, now)),
    ],
  };
}

function shownColumn({ name, type, format, description, priority, jsonPath }: PrinterColumn): Column {
  return {
    name,
    type: type as Column["type"],
    ...(format ? { format } : {}),
    description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
    ...(priority === undefined ? {} : { priority }),
  };
}

function tryParse(text: string): JsonPath | undefined {
  try {
    return parseJsonPath(text);
  } catch (error) {
    if (error instanceof JsonPathError) return undefined;
    throw error;
  }
}

function cellOf(path: JsonPath, type: string, object: KubeObject, now: number): Cell {
  let value: JsonValue | undefined;
  try {
    value = path(object as unknown as JsonValue)[0];
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
  }
  if (value === undefined) return null;
  return type === "string" ? printJson(value) : typedCell(value, type, now);
}

function typedCell(value: JsonValue, type: string, now: number): Cell {
  const isNumber = typeof value === "number" || typeof value === "bigint";
  if (type === "integer" && isNumber) return typeof value === "bigint" ? value : Math.trunc(value);
  if (type === "number" && isNumber) return value;
  if (type === "boolean" && typeof value === "boolean") return value;
  if (type === "date" && typeof value === "string") return dateCell(value, now);
  return null;
}

function dateCell(text: string, now: number): Cell {
  if (text === "" || text === "null") return "<unknown>";
  try {
    parseTime(text);
    return age(text, now);
  } catch (error) {
    if (error instanceof TimeError) return "<invalid>";
    throw error;
  }
}
