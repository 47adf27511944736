import type { DefaultsTable } from "./table.ts";

export const admissionregistrationDefaults: DefaultsTable = {};
