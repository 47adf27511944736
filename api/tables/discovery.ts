import type { TablesByKind } from "./columns.ts";

export const discoveryTables: TablesByKind = {};
