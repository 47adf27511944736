import { coreObjectDefaults } from "./core-objects.ts";
import type { DefaultsTable } from "./table.ts";

export const coreDefaults: DefaultsTable = { v1: { ...coreObjectDefaults } };
