import type { TablesByKind } from "./columns.ts";

export const autoscalingTables: TablesByKind = {};
