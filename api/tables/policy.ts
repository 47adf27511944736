import type { TablesByKind } from "./columns.ts";

export const policyTables: TablesByKind = {};
