import type { DefaultsTable } from "./table.ts";

export const rbacDefaults: DefaultsTable = {};
