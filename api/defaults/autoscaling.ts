import type { DefaultsTable } from "./table.ts";

export const autoscalingDefaults: DefaultsTable = {};
