import type { TablesByKind } from "./columns.ts";

export const coreTables: TablesByKind = {};
