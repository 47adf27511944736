import type { TablesByKind } from "./columns.ts";

export const nodeTables: TablesByKind = {};
