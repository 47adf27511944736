import type { DefaultsTable } from "./table.ts";

export const coreDefaults: DefaultsTable = {};
