/** Enums, as a live server publishes them: values on the property or its items, texts in the description. */
import type { Definitions } from "../api/openapi/schema.ts";
import { readGoTypes } from "./go-types.ts";

export function applyEnums(definitions: Definitions): void {
  for (const { name, fields } of readGoTypes().values()) {
    for (const { name: property, enum: values } of fields) {
      const schema = definitions[name]?.properties?.[property];
      if (!schema || !values) continue;
      const element = schema.items ?? schema.additionalProperties ?? schema;
      element.enum = [...values.values];
      // The text belongs to the type, so it shows only where the property is of that type itself.
      if (element === schema)
        schema.description = ((schema.description ?? "") + values.description).trimStart();
    }
  }
}
