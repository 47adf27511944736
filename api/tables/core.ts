import type { TablesByKind } from "./columns.ts";
import { coreObjectTables } from "./core-objects.ts";
import { podTables } from "./core-pods.ts";

export const coreTables: TablesByKind = { ...coreObjectTables, ...podTables };
