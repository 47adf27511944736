import type { TablesByKind } from "./columns.ts";

export const storageTables: TablesByKind = {};
