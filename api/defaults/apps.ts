import type { DefaultsTable } from "./table.ts";

export const appsDefaults: DefaultsTable = {};
