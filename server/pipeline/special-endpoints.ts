import type { SpecialTable, ViewTable } from "./endpoints.ts";

export const specialEndpoints: SpecialTable = new Map();
export const views: ViewTable = new Map();
