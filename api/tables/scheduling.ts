import type { TablesByKind } from "./columns.ts";

export const schedulingTables: TablesByKind = {};
