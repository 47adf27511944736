import type { TablesByKind } from "./columns.ts";

export const certificatesTables: TablesByKind = {};
