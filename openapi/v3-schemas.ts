/** Turns v2 definitions into the v3 schemas: references wrapped in allOf, and the defaults that only v3 shows. */

import { type Definitions, names, referenced, type Schema } from "../api/openapi/schema.ts";
import { propertiesOf } from "./fact-tables.ts";
import { fieldDefaults } from "./facts/field-defaults.ts";

/** Kinds of JSON values that are no structs in Go: nothing is their default. */
const VALUES: ReadonlySet<string> = new Set([
  names.quantity,
  names.time,
  names.microTime,
  names.intOrString,
  names.rawExtension,
  names.json,
  names.fieldsV1,
  names.jsonSchemaPropsOrBool,
  names.jsonSchemaPropsOrArray,
  names.jsonSchemaPropsOrStringArray,
]);

const ZERO: Readonly<Record<string, unknown>> = { string: "", integer: 0, boolean: false, number: 0 };

export function buildV3Schemas(definitions: Definitions): Definitions {
  const defaults = new Map<Schema, unknown>();
  for (const [value, table] of Object.entries(fieldDefaults)) {
    for (const { schema } of propertiesOf(table, definitions)) {
      defaults.set(schema, value === "none" ? undefined : JSON.parse(value));
    }
  }
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [name, v3Schema(name, definition, defaults)]),
  );
}

function v3Schema(name: string, definition: Schema, defaults: ReadonlyMap<Schema, unknown>): Schema {
  if (name === names.quantity) return withoutType(definition, [{ type: "string" }, { type: "number" }]);
  if (name === names.intOrString) return withoutType(definition, [{ type: "integer" }, { type: "string" }]);
  if (!definition.properties) return { ...definition };
  const properties = Object.entries(definition.properties).map(([property, schema]) => [
    property,
    v3Property(
      schema,
      defaults.has(schema) ? defaults.get(schema) : defaultByRule(property, schema, definition),
    ),
  ]);
  return { ...definition, properties: Object.fromEntries(properties) };
}

function withoutType({ type: _, ...rest }: Schema, oneOf: Schema[]): Schema {
  return { ...rest, oneOf };
}

function defaultByRule(property: string, schema: Schema, holder: Schema): unknown {
  const required = holder.required?.includes(property) ?? false;
  if (schema.$ref === undefined) return required ? ZERO[schema.type ?? ""] : undefined;
  if (VALUES.has(referenced(schema.$ref))) return undefined;
  const isTopLevel =
    holder.properties?.["kind"] !== undefined && ["metadata", "spec", "status"].includes(property);
  return required || isTopLevel ? {} : undefined;
}

function v3Property({ $ref, items, additionalProperties, ...rest }: Schema, value: unknown): Schema {
  const schema: Schema = value === undefined ? rest : { ...rest, default: value };
  if ($ref !== undefined) {
    const target = { $ref: v3Reference($ref) };
    return Object.keys(schema).length === 0 ? target : { allOf: [target], ...schema };
  }
  if (items) schema.items = v3Element(items);
  if (additionalProperties) schema.additionalProperties = v3Element(additionalProperties);
  return schema;
}

/** Elements of lists and maps always have a default: Go can't leave them out. */
function v3Element(element: Schema): Schema {
  if (element.$ref !== undefined) {
    const target = { $ref: v3Reference(element.$ref) };
    return VALUES.has(referenced(element.$ref)) ? target : { allOf: [target], default: {} };
  }
  if (element.items) return { ...element, items: v3Element(element.items) };
  const zero = element.format === "byte" ? undefined : ZERO[element.type ?? ""];
  return zero === undefined ? { ...element } : { ...element, default: zero };
}

export function v3Reference(ref: string): string {
  return `#/components/schemas/${referenced(ref)}`;
}
