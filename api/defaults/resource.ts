import type { DefaultsTable } from "./table.ts";

export const resourceDefaults: DefaultsTable = {};
