/** Builds the OpenAPI v2 definitions from the client's models and the facts that the models lack. */

import { type Definitions, names, reference, type Schema } from "../api/openapi/schema.ts";
import type { ClientField, ClientModel } from "./client/models.ts";
import { lookUp, propertiesOf, structsOf } from "./fact-tables.ts";
import { extraDefinitions } from "./facts/definitions.ts";
import { fieldTypes } from "./facts/field-types.ts";
import { atomicBytes, atomicConditions, mapLists, setLists, untypedLists } from "./facts/list-types.ts";
import { atomicStructs, mapTypes } from "./facts/map-types.ts";
import { patchStrategies } from "./facts/patch-strategies.ts";
import { unions } from "./facts/unions.ts";

export function buildDefinitions(
  models: ReadonlyMap<string, ClientModel>,
  modelNames: ReadonlyMap<string, string>,
): Definitions {
  const definitions: Definitions = structuredClone(extraDefinitions);
  for (const [model, name] of modelNames) {
    const source = models.get(model);
    if (source) definitions[name] = definitionOf(source, modelNames);
  }
  applyFieldTypes(definitions);
  applyListTypes(definitions);
  applyPatchStrategies(definitions);
  applyMapTypes(definitions);
  applyUnions(definitions);
  return definitions;
}

function definitionOf(model: ClientModel, modelNames: ReadonlyMap<string, string>): Schema {
  const required = model.fields.filter((field) => field.required).map((field) => field.name);
  return {
    ...(model.description ? { description: model.description } : {}),
    type: "object",
    properties: Object.fromEntries(model.fields.map((field) => [field.name, propertyOf(field, modelNames)])),
    ...(required.length > 0 ? { required } : {}),
  };
}

function propertyOf(field: ClientField, modelNames: ReadonlyMap<string, string>): Schema {
  const schema = typeOf(field.type, field.format, modelNames);
  return field.description ? { description: field.description, ...schema } : schema;
}

/** Marks a type that only a fact can tell; none may remain. */
const UNKNOWN = "unknown";

const SCALARS: Readonly<Record<string, (format: string) => Schema>> = {
  string: (format) => (format ? { type: "string", format } : { type: "string" }),
  boolean: () => ({ type: "boolean" }),
  number: (format) => (format === "double" ? { type: "number", format } : { type: "integer", format }),
  Date: () => ({ $ref: reference(names.time) }),
  V1MicroTime: () => ({ $ref: reference(names.microTime) }),
  IntOrString: () => ({ $ref: reference(names.intOrString) }),
  any: () => ({ type: UNKNOWN }),
};

function typeOf(type: string, format: string, modelNames: ReadonlyMap<string, string>): Schema {
  const [, item] = /^Array<(.*)>$/.exec(type) ?? [];
  if (item !== undefined) return { type: "array", items: typeOf(item, format, modelNames) };
  const [, value] = /^\{ \[key: string\]: (.*); \}$/.exec(type) ?? [];
  if (value !== undefined) return { type: "object", additionalProperties: typeOf(value, format, modelNames) };
  const model = modelNames.get(type);
  if (model !== undefined) return { $ref: reference(model) };
  const scalar = SCALARS[type];
  if (!scalar) throw new Error(`client type ${type} not understood`);
  return scalar(format);
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  Quantity: names.quantity,
  RawExtension: names.rawExtension,
  FieldsV1: names.fieldsV1,
  JSON: names.json,
  JSONSchemaPropsOrArray: names.jsonSchemaPropsOrArray,
  JSONSchemaPropsOrBool: names.jsonSchemaPropsOrBool,
  JSONSchemaPropsOrStringArray: names.jsonSchemaPropsOrStringArray,
};

function applyFieldTypes(definitions: Definitions): void {
  for (const [type, table] of Object.entries(fieldTypes)) {
    const name = TYPE_NAMES[type] ?? lookUp(type, definitions).definition;
    for (const { schema } of propertiesOf(table, definitions)) {
      const element = schema.items ?? schema.additionalProperties ?? schema;
      delete element.type;
      element.$ref = reference(name);
    }
  }
  for (const { definition, property, schema } of eachProperty(definitions)) {
    const element = schema.items ?? schema.additionalProperties ?? schema;
    if (element.type === UNKNOWN) throw new Error(`no fact tells the type of ${definition}.${property}`);
  }
}

function applyListTypes(definitions: Definitions): void {
  for (const { definition, property, schema } of eachProperty(definitions)) {
    if (schema.type !== "array" || (definition.endsWith("List") && property === "items")) continue;
    schema["x-kubernetes-list-type"] = "atomic";
    if (property === "conditions") setMapList(schema, ["type"]);
  }
  for (const [keys, table] of Object.entries(mapLists)) {
    for (const { schema } of propertiesOf(table, definitions)) setMapList(schema, keys.split(" "));
  }
  for (const { schema } of propertiesOf(setLists, definitions)) schema["x-kubernetes-list-type"] = "set";
  for (const { schema } of propertiesOf(untypedLists, definitions)) delete schema["x-kubernetes-list-type"];
  for (const { schema } of propertiesOf(atomicBytes, definitions))
    schema["x-kubernetes-list-type"] = "atomic";
  for (const { schema } of propertiesOf(atomicConditions, definitions)) {
    schema["x-kubernetes-list-type"] = "atomic";
    delete schema["x-kubernetes-list-map-keys"];
  }
}

function setMapList(schema: Schema, keys: string[]): void {
  schema["x-kubernetes-list-type"] = "map";
  schema["x-kubernetes-list-map-keys"] = keys;
}

function applyPatchStrategies(definitions: Definitions): void {
  for (const { schema } of eachProperty(definitions)) {
    const key = schema["x-kubernetes-list-map-keys"]?.[0];
    if (key !== undefined) setPatchStrategy(schema, key, "merge");
  }
  for (const [rule, table] of Object.entries(patchStrategies)) {
    const [key, strategy] = rule.split(":");
    for (const { schema } of propertiesOf(table, definitions)) setPatchStrategy(schema, key, strategy);
  }
}

function setPatchStrategy(schema: Schema, key: string | undefined, strategy: string | undefined): void {
  delete schema["x-kubernetes-patch-merge-key"];
  delete schema["x-kubernetes-patch-strategy"];
  if (key) schema["x-kubernetes-patch-merge-key"] = key;
  if (strategy) schema["x-kubernetes-patch-strategy"] = strategy;
}

function applyMapTypes(definitions: Definitions): void {
  for (const schema of structsOf(atomicStructs, definitions)) schema["x-kubernetes-map-type"] = "atomic";
  for (const type of ["atomic", "granular"] as const) {
    for (const { schema } of propertiesOf(mapTypes[type], definitions))
      schema["x-kubernetes-map-type"] = type;
  }
}

function applyUnions(definitions: Definitions): void {
  for (const [struct, rule] of Object.entries(unions)) {
    const [discriminator = "", members = ""] = rule.split(": ");
    const fields = members.split(" ").map((field) => {
      propertiesOf(`${struct} ${field}`, definitions);
      return [field, field.charAt(0).toUpperCase() + field.slice(1)];
    });
    const union = { "fields-to-discriminateBy": Object.fromEntries(fields) };
    const { schema } = lookUp(struct, definitions);
    schema["x-kubernetes-unions"] = [discriminator ? { discriminator, ...union } : union];
  }
}

/** Every property of every definition. */
export function* eachProperty(
  definitions: Definitions,
): Generator<{ definition: string; property: string; schema: Schema }> {
  for (const [definition, { properties }] of Object.entries(definitions)) {
    for (const [property, schema] of Object.entries(properties ?? {})) yield { definition, property, schema };
  }
}
