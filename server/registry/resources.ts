import type { ResourceDefinition } from "./strategy.ts";

/** Every resource that behaves specially: one line each. */
const definitions: readonly ResourceDefinition[] = [];

export const resourceDefinitions: ReadonlyMap<string, ResourceDefinition> = new Map(
  definitions.map((definition) => [`${definition.resource}.${definition.group}`, definition]),
);
