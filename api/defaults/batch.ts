import type { DefaultsTable } from "./table.ts";

export const batchDefaults: DefaultsTable = {};
