import type { DefaultsTable } from "./table.ts";

export const storageDefaults: DefaultsTable = {};
