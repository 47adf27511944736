import type { TablesByKind } from "./columns.ts";

export const apiserverinternalTables: TablesByKind = {};
