/**
 * Whether a schema says in one place what its objects look like, and elsewhere only which values are good.
 * Source: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/{validation,complete,convert}.go.
 */
import { jsonEqual } from "../json-equal.ts";
import { type FieldError, type FieldPath, forbidden, invalid, required } from "../validation/field.ts";
import { additionalOf, itemsOf, type JsonSchema, propertyOf } from "./json-schema.ts";
import { patternProblem } from "./pattern.ts";

type Level = "root" | "item" | "field";

/** Sorted by their text. */
export function validateStructural(schema: JsonSchema, path: FieldPath): FieldError[] {
  const errors = [
    ...validateInvariants(schema, "root", path),
    ...validateComplete(schema, schema, path, path),
  ];
  const textOf = ({ field, body }: FieldError) => `${field}: ${body}`;
  return errors.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

const unsupported = [
  "id",
  "$schema",
  "$ref",
  "patternProperties",
  "dependencies",
  "additionalItems",
  "definitions",
] as const;

/** Why there is no structural form of a schema at all; undefined: there is one. */
export function structuralProblem(schema: JsonSchema): string | undefined {
  for (const keyword of unsupported) {
    const value = schema[keyword];
    const isEmpty =
      value === undefined || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
    if (!isEmpty) return `OpenAPIV3Schema '${keyword.replace("$schema", "schema")}' is not supported`;
  }
  if (schema["x-kubernetes-preserve-unknown-fields"] === false) {
    return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  }
  if (Array.isArray(schema.items) && schema.items.length > 0)
    return "OpenAPIV3Schema 'items' must be a schema, but is an array";
  for (const part of partsOf(schema)) {
    const problem = structuralProblem(part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function partsOf(schema: JsonSchema): JsonSchema[] {
  const { allOf = [], anyOf = [], oneOf = [], not, properties = {} } = schema;
  const more = [not, itemsOf(schema), additionalOf(schema)].filter((part) => part !== undefined);
  return [...allOf, ...anyOf, ...oneOf, ...more, ...Object.values(properties)];
}

const intOrString: JsonSchema[] = [{ type: "integer" }, { type: "string" }];
const isIntOrString = (anyOf: readonly JsonSchema[] | undefined): boolean => jsonEqual(anyOf, intOrString);

function validateInvariants(schema: JsonSchema, level: Level, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { type = "", properties = {}, additionalProperties } = schema;
  const items = itemsOf(schema);
  if (type === "array" && !items) errors.push(required(path.child("items"), "must be specified"));
  if (items) errors.push(...validateInvariants(items, "item", path.child("items")));
  for (const [name, property] of Object.entries(properties)) {
    errors.push(...validateInvariants(property, "field", path.child("properties").key(name)));
  }
  if (additionalProperties !== undefined) {
    const at = path.child("additionalProperties");
    if (level === "root") errors.push(forbidden(at, "must not be used at the root"));
    const additional = additionalOf(schema);
    if (additional) errors.push(...validateInvariants(additional, "field", at));
  }
  errors.push(...validateExtensions(schema, path));
  const skipAnyOf = isIntOrString(schema.anyOf);
  const skipFirstAllOf = isIntOrString(schema.allOf?.[0]?.anyOf);
  errors.push(...validateJunctors(schema, skipAnyOf, skipFirstAllOf, path));
  errors.push(...validateType(schema, level, path), ...validateMeta(schema, level, path));
  return errors;
}

function validateExtensions(schema: JsonSchema, path: FieldPath): FieldError[] {
  if (!schema["x-kubernetes-int-or-string"]) return [];
  return (["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"] as const)
    .filter((extension) => schema[extension])
    .map((extension) =>
      invalid(path.child(extension), true, "must be false if x-kubernetes-int-or-string is true"),
    );
}

const emptyTypes: Readonly<Record<Level, string>> = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
};

function validateType(schema: JsonSchema, level: Level, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { type = "" } = schema;
  const at = path.child("type");
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  const isOpen = schema["x-kubernetes-int-or-string"] || schema["x-kubernetes-preserve-unknown-fields"];
  if (isEmbedded && type !== "object") {
    const detail = "must be object if x-kubernetes-embedded-resource is true";
    errors.push(type === "" ? required(at, detail) : invalid(at, type, detail));
  } else if (type === "" && !isOpen) {
    errors.push(required(at, emptyTypes[level]));
  }
  if (isEmbedded && schema.additionalProperties !== undefined) {
    const detail = "must not be used if x-kubernetes-embedded-resource is set";
    errors.push(forbidden(path.child("additionalProperties"), detail));
  }
  if (level === "root" && type !== "" && type !== "object") {
    errors.push(invalid(at, type, "must be object at the root"));
  }
  return errors;
}

/** kind, apiVersion and metadata are what they are in every object. */
function validateMeta(schema: JsonSchema, level: Level, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const isEmbedded = schema["x-kubernetes-embedded-resource"] === true;
  const isResource = level === "root" || isEmbedded;
  const properties = path.child("properties");
  for (const name of ["kind", "apiVersion"]) {
    const property = propertyOf(schema, name);
    if (!property || !isResource || property.type === "string") continue;
    errors.push(invalid(properties.key(name).child("type"), property.type ?? "", "must be string"));
  }
  const metadata = propertyOf(schema, "metadata");
  if (metadata) {
    const at = properties.key("metadata");
    if (isResource && metadata.type !== "object") {
      errors.push(invalid(at.child("type"), metadata.type ?? "", "must be object"));
    }
    if (level === "root" && saysMoreThanNames(metadata)) {
      const detail =
        "must not specify anything other than name and generateName, but metadata is implicitly specified";
      errors.push(forbidden(at, detail));
    }
  }
  const isEmpty = Object.keys(schema.properties ?? {}).length === 0;
  if (isEmbedded && !schema["x-kubernetes-preserve-unknown-fields"] && isEmpty) {
    const detail =
      "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields";
    errors.push(required(properties, detail));
  }
  return errors;
}

function saysMoreThanNames({
  type: _type,
  default: _default,
  properties = {},
  ...rest
}: JsonSchema): boolean {
  const others = Object.keys(properties).filter((name) => name !== "name" && name !== "generateName");
  return (
    others.length > 0 ||
    Object.values(rest).some((value) => value !== undefined && value !== false && value !== "")
  );
}

/** Value validation: what stands under allOf, anyOf, oneOf and not, and the pattern. */
function validateJunctors(
  schema: JsonSchema,
  skipAnyOf: boolean,
  skipFirstAllOf: boolean,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const { anyOf = [], allOf = [], oneOf = [], not, pattern } = schema;
  const visit = (junctor: string, list: readonly JsonSchema[], skipFirst: boolean): void => {
    for (const [index, part] of list.entries()) {
      errors.push(...validateNested(part, skipFirst && index === 0, path.child(junctor).index(index)));
    }
  };
  if (!skipAnyOf) visit("anyOf", anyOf, false);
  visit("allOf", allOf, skipFirstAllOf);
  visit("oneOf", oneOf, false);
  if (not) errors.push(...validateNested(not, false, path.child("not")));
  const problem = pattern ? patternProblem(pattern) : undefined;
  if (problem !== undefined) {
    const detail = `must be a valid regular expression, but isn't: ${problem}`;
    errors.push(invalid(path.child("pattern"), pattern, detail));
  }
  return errors;
}

/** Keywords that say something about structure, with what is asked of them below a junctor. */
const structureKeywords: readonly [keyof JsonSchema, string][] = [
  ["type", "empty"],
  ["additionalProperties", "undefined"],
  ["default", "undefined"],
  ["title", "empty"],
  ["description", "empty"],
  ["nullable", "false"],
  ["x-kubernetes-preserve-unknown-fields", "false"],
  ["x-kubernetes-embedded-resource", "false"],
  ["x-kubernetes-int-or-string", "false"],
  ["x-kubernetes-list-map-keys", "empty"],
  ["x-kubernetes-list-type", "undefined"],
  ["x-kubernetes-map-type", "undefined"],
  ["x-kubernetes-validations", "empty"],
];

function validateNested(schema: JsonSchema, skipAnyOf: boolean, path: FieldPath): FieldError[] {
  const errors = validateJunctors(schema, skipAnyOf, false, path);
  const items = itemsOf(schema);
  if (items) errors.push(...validateNested(items, false, path.child("items")));
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    errors.push(...validateNested(property, false, path.child("properties").key(name)));
  }
  for (const [keyword, wanted] of structureKeywords) {
    const value = schema[keyword];
    const isSet = value !== undefined && value !== "" && value !== false && value !== null;
    if (!isSet || (Array.isArray(value) && value.length === 0)) continue;
    errors.push(forbidden(path.child(keyword), `must be ${wanted} to be structural`));
  }
  if (propertyOf(schema, "metadata")) {
    const detail = "must not be specified in a nested context";
    errors.push(forbidden(path.child("properties").key("metadata"), detail));
  }
  return errors;
}

/** What is said of values must be about something that is specified. */
function validateComplete(
  nested: JsonSchema,
  structure: JsonSchema | undefined,
  structurePath: FieldPath,
  path: FieldPath,
): FieldError[] {
  const { not, allOf = [], anyOf = [], oneOf = [] } = nested;
  const visit = (part: JsonSchema, at: FieldPath) =>
    validateNestedComplete(part, structure, structurePath, at);
  const errors = not ? visit(not, path.child("not")) : [];
  for (const [junctor, list] of Object.entries({ allOf, anyOf, oneOf })) {
    for (const [index, part] of list.entries()) errors.push(...visit(part, path.child(junctor).index(index)));
  }
  return errors;
}

function validateNestedComplete(
  nested: JsonSchema,
  structure: JsonSchema | undefined,
  structurePath: FieldPath,
  path: FieldPath,
): FieldError[] {
  const missing = (at: FieldPath, from: FieldPath) => required(at, `because it is defined in ${from}`);
  if (!structure) return [missing(structurePath, path)];
  const errors = validateComplete(nested, structure, structurePath, path);
  const items = itemsOf(nested);
  if (items) {
    const at = structurePath.child("items");
    errors.push(...validateNestedComplete(items, itemsOf(structure), at, path.child("items")));
  }
  for (const [name, property] of Object.entries(nested.properties ?? {})) {
    const own = propertyOf(structure, name);
    const at = structurePath.child("properties").key(name);
    const from = path.child("properties").key(name);
    if (own) errors.push(...validateNestedComplete(property, own, at, from));
    else errors.push(missing(at, from));
  }
  return errors;
}
