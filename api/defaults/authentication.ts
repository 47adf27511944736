import type { DefaultsTable } from "./table.ts";

export const authenticationDefaults: DefaultsTable = {};
