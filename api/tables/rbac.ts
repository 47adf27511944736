import type { TablesByKind } from "./columns.ts";

export const rbacTables: TablesByKind = {};
