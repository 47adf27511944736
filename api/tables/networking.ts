import type { TablesByKind } from "./columns.ts";

export const networkingTables: TablesByKind = {};
