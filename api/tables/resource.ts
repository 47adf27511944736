import type { TablesByKind } from "./columns.ts";

export const resourceTables: TablesByKind = {};
