import { coreObjectDefaults } from "./core-objects.ts";
import { podDefaults } from "./core-pod.ts";
import type { DefaultsTable } from "./table.ts";

export const coreDefaults: DefaultsTable = { v1: { ...coreObjectDefaults, ...podDefaults } };
