import type { DefaultsTable } from "./table.ts";

export const schedulingDefaults: DefaultsTable = {};
