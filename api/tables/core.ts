import type { TablesByKind } from "./columns.ts";
import { coreObjectTables } from "./core-objects.ts";

export const coreTables: TablesByKind = { ...coreObjectTables };
