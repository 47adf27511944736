import type { TablesByKind } from "./columns.ts";

export const batchTables: TablesByKind = {};
