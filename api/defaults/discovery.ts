import type { DefaultsTable } from "./table.ts";

export const discoveryDefaults: DefaultsTable = {};
