import type { TablesByKind } from "./columns.ts";

export const appsTables: TablesByKind = {};
