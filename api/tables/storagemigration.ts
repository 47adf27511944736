import type { TablesByKind } from "./columns.ts";

export const storagemigrationTables: TablesByKind = {};
