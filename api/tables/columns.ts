/**
 * What a resource shows in a meta/v1 Table (kubectl get). Source of every definition:
 * k8s.io/kubernetes/pkg/printers/internalversion/printers.go, always with the wide columns (priority 1).
 */
import type { FeatureGates } from "../feature-gates.ts";
import type { KubeObject } from "../object.ts";

/** A field's description in the API's own documentation: { struct: "io.k8s.api.core.v1.PodSpec", field: "nodeName" }. */
export interface FieldDoc {
  struct: string;
  field: string;
}

export interface Column {
  name: string;
  type: "string" | "integer" | "number" | "boolean" | "date";
  /** "name" for the column that identifies the object. */
  format?: string;
  description: string | FieldDoc;
  /** 0: always shown; 1: with -o wide. Default 0. */
  priority?: number;
}

export type Cell = string | number | bigint | boolean | null | readonly string[];

export interface RowContext {
  /** Milliseconds since the epoch: ages are counted from here. */
  now: number;
  gates: FeatureGates;
}

/** A meta/v1 TableRowCondition: rows of completed objects carry one. */
export interface RowCondition {
  type: "Completed";
  status: "True";
  reason: string;
  message: string;
}

export interface TableDefinition {
  columns: readonly Column[];
  /** One cell a column. Methods, so that a definition may name the object's own type. */
  row(object: KubeObject, context: RowContext): Cell[];
  conditions?(object: KubeObject): readonly RowCondition[] | undefined;
  /** Of no objects there are no rows, not even an empty list of them. */
  nullWhenEmpty?: boolean;
}

/** A group's tables by kind, without a version: all versions of a kind look alike. */
export type TablesByKind = Readonly<Record<string, TableDefinition>>;

const objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

export const nameColumn: Column = {
  name: "Name",
  type: "string",
  format: "name",
  description: { struct: objectMeta, field: "name" },
};

export const ageColumn: Column = {
  name: "Age",
  type: "string",
  description: { struct: objectMeta, field: "creationTimestamp" },
};

export const createdAtColumn: Column = {
  name: "Created At",
  type: "date",
  description: { struct: objectMeta, field: "creationTimestamp" },
};

/** Keeps a definition's own object type while it is written; tables are looked up by kind, so the type fits. */
export function defineTable<T extends KubeObject>(definition: {
  columns: readonly Column[];
  row(object: T, context: RowContext): Cell[];
  conditions?(object: T): readonly RowCondition[] | undefined;
}): TableDefinition {
  return definition as TableDefinition;
}
