import type { TablesByKind } from "./columns.ts";

export const coordinationTables: TablesByKind = {};
