import type { JsonSchema } from "./json-schema.ts";

/** A schema and all that it holds, the whole before its parts. Source: SchemaHas. */
export function* eachSchema(schema: JsonSchema): Generator<JsonSchema> {
  yield schema;
  for (const part of partsOf(schema)) yield* eachSchema(part);
}

function* partsOf(schema: JsonSchema): Generator<JsonSchema> {
  const { items, additionalItems, additionalProperties, not, dependencies = {} } = schema;
  if (items) yield* Array.isArray(items) ? items : [items];
  for (const list of [schema.allOf, schema.anyOf, schema.oneOf]) yield* list ?? [];
  if (not) yield not;
  yield* Object.values(schema.properties ?? {});
  if (typeof additionalProperties === "object") yield additionalProperties;
  yield* Object.values(schema.patternProperties ?? {});
  if (typeof additionalItems === "object") yield additionalItems;
  yield* Object.values(schema.definitions ?? {});
  for (const dependency of Object.values(dependencies)) {
    if (dependency && !Array.isArray(dependency)) yield dependency;
  }
}

/** A copy in which each schema that says something about values is replaced, the parts before the whole. */
export function mapSchema(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
  const map = (part: JsonSchema) => mapSchema(part, change);
  const copy = { ...schema };
  const { items, additionalProperties, properties, not } = schema;
  if (items) copy.items = Array.isArray(items) ? items.map(map) : map(items);
  if (typeof additionalProperties === "object") copy.additionalProperties = map(additionalProperties);
  if (properties) {
    copy.properties = Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, map(part)]));
  }
  for (const junctor of ["allOf", "oneOf", "anyOf"] as const) {
    const list = schema[junctor];
    if (list) copy[junctor] = list.map(map);
  }
  if (not) copy.not = map(not);
  return change(copy);
}
