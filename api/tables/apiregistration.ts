import type { TablesByKind } from "./columns.ts";

export const apiregistrationTables: TablesByKind = {};
