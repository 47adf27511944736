import type { DefaultsTable } from "./table.ts";

export const apiextensionsDefaults: DefaultsTable = {};
