import type { TablesByKind } from "./columns.ts";

export const flowcontrolTables: TablesByKind = {};
