import type { DefaultsTable } from "./table.ts";

export const networkingDefaults: DefaultsTable = {};
