import type { DefaultsTable } from "./table.ts";

export const flowcontrolDefaults: DefaultsTable = {};
