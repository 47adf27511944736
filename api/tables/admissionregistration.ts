import type { TablesByKind } from "./columns.ts";

export const admissionregistrationTables: TablesByKind = {};
