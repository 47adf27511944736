import type { DefaultsTable } from "./table.ts";

export const apiregistrationDefaults: DefaultsTable = {};
