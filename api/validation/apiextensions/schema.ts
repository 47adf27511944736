/** The schema of a version. Source: validateCustomResourceDefinitionValidation and what it calls. */

import { validateDefaults } from "../../custom/default-validation.ts";
import type { CustomResourceDefinition } from "../../custom/definition.ts";
import { schemaOf } from "../../custom/definition.ts";
import { eachSchema } from "../../custom/each-schema.ts";
import { additionalOf, itemsOf, type JsonSchema, propertyOf } from "../../custom/json-schema.ts";
import { structuralProblem, validateStructural } from "../../custom/structural.ts";
import { type FieldError, FieldPath, forbidden, invalid, notSupportedText, required } from "../field.ts";
import { internalItems, internalSchema } from "./internal-form.ts";
import { validateRules } from "./rules.ts";

export interface SchemaOptions {
  requireStructural: boolean;
  requireValidTypes: boolean;
  requirePrunedDefaults: boolean;
  requireAtomicSets: boolean;
  requireListMapKeys: boolean;
}

/** What was stored once is not asked for more than it keeps to already. */
export function schemaOptions(old: CustomResourceDefinition | undefined): SchemaOptions {
  const schemas = (old?.spec.versions ?? []).flatMap((version) => schemaOf(version) ?? []);
  const none = (fits: (schema: JsonSchema) => boolean) =>
    schemas.every((schema) => [...eachSchema(schema)].every((part) => !fits(part)));
  const isStructural = (schema: JsonSchema) =>
    structuralProblem(schema) === undefined && validateStructural(schema, anywhere).length === 0;
  return {
    requireStructural: schemas.every(isStructural),
    requireValidTypes: none(({ type }) => !!type && !types.includes(type)),
    requirePrunedDefaults: schemas.every((schema) => !hasUnprunedDefaults(schema)),
    requireAtomicSets: none((schema) => validateSetItems(schema, anywhere).length > 0),
    requireListMapKeys: none((schema) => validateListMapKeys(schema, anywhere).length > 0),
  };
}

const anywhere = FieldPath.of("");

function hasUnprunedDefaults(schema: JsonSchema): boolean {
  const errors = validateDefaults(schema, anywhere, true);
  return errors.some(({ body }) => body.endsWith("must not have unknown fields"));
}

/** Keywords that would be lost when the status is validated alone, by their Go names where they are allowed. */
const allowedAtRoot: Readonly<Record<string, string>> = {
  description: "Description",
  type: "Type",
  format: "Format",
  title: "Title",
  maximum: "Maximum",
  exclusiveMaximum: "ExclusiveMaximum",
  minimum: "Minimum",
  exclusiveMinimum: "ExclusiveMinimum",
  maxLength: "MaxLength",
  minLength: "MinLength",
  pattern: "Pattern",
  maxItems: "MaxItems",
  minItems: "MinItems",
  uniqueItems: "UniqueItems",
  multipleOf: "MultipleOf",
  required: "Required",
  items: "Items",
  properties: "Properties",
  externalDocs: "ExternalDocs",
  example: "Example",
  "x-kubernetes-preserve-unknown-fields": "XPreserveUnknownFields",
  "x-kubernetes-validations": "XValidations",
};

export function validateSchema(
  schema: JsonSchema,
  hasStatus: boolean,
  options: SchemaOptions,
  path: FieldPath,
): FieldError[] {
  const at = path.child("openAPIV3Schema");
  const errors = hasStatus ? validateRoot(schema, path) : [];
  if (schema.nullable) {
    errors.push(forbidden(path.child("openAPIV3Schema.nullable"), "nullable cannot be true at the root"));
  }
  let unstructured: string | undefined;
  if (options.requireStructural) {
    unstructured = structuralProblem(schema);
    if (unstructured === undefined) {
      const structural = validateStructural(schema, at);
      if (structural.length > 0) errors.push(...structural);
      else errors.push(...validateDefaults(schema, at, options.requirePrunedDefaults));
    }
  }
  errors.push(...new SchemaValidator(options).validate(schema, at, rootPlace));
  // Says the same as others, which say it better.
  if (errors.length === 0 && unstructured !== undefined) errors.push(invalid(at, "", unstructured));
  return errors;
}

function validateRoot(schema: JsonSchema, path: FieldPath): FieldError[] {
  for (const [keyword, value] of Object.entries(schema)) {
    if (value === undefined || value === false || value === "") continue;
    if (keyword === "type" && value !== "object") {
      const detail =
        'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
      return [invalid(path.child("openAPIV3Schema.type"), value, detail)];
    }
    if (Object.hasOwn(allowedAtRoot, keyword)) continue;
    const allowed = Object.values(allowedAtRoot).join(" ");
    const detail = `only [${allowed}] fields are allowed at the root of the schema if the status subresource is enabled`;
    return [invalid(path.child("openAPIV3Schema"), internalSchema(schema), detail)];
  }
  return [];
}

const types = ["array", "boolean", "integer", "number", "object", "string"];
const metaFields = ["metadata", "kind", "apiVersion"];

/** Where in the whole a schema stands. */
interface Place {
  isRoot: boolean;
  insideMeta: boolean;
  /** Why defaults may not be set here. */
  noDefaults?: string;
}

const rootPlace: Place = { isRoot: true, insideMeta: false };

class SchemaValidator {
  readonly #options: SchemaOptions;

  constructor(options: SchemaOptions) {
    this.#options = options;
  }

  validate(schema: JsonSchema, path: FieldPath, place: Place): FieldError[] {
    const errors = this.#keywords(schema, path, place);
    if (schema.uniqueItems) {
      const detail = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
      errors.push(forbidden(path.child("uniqueItems"), detail));
    }
    errors.push(...this.#parts(schema, path, { ...place, isRoot: false }, place.isRoot));
    errors.push(...validateExtensions(schema, path));
    if (this.#options.requireAtomicSets) errors.push(...validateSetItems(schema, path));
    errors.push(...validateListMap(schema, path));
    if (this.#options.requireListMapKeys) errors.push(...validateListMapKeys(schema, path));
    errors.push(...validateRules(schema, path.child("x-kubernetes-validations")));
    return errors;
  }

  #keywords(schema: JsonSchema, path: FieldPath, { noDefaults, insideMeta }: Place): FieldError[] {
    const errors: FieldError[] = [];
    const { type = "" } = schema;
    if (this.#options.requireValidTypes && type !== "" && !types.includes(type)) {
      errors.push(notSupportedText(path.child("type"), type, types));
    }
    if (schema.default !== undefined && schema.default !== null && noDefaults !== undefined) {
      errors.push(forbidden(path.child("default"), `must not be set ${noDefaults}`));
    }
    for (const keyword of unsupported) {
      if (isSet(schema, keyword)) errors.push(forbidden(path.child(keyword), `${keyword} is not supported`));
    }
    if (type === "null") {
      const detail = "type cannot be set to null, use nullable as an alternative";
      errors.push(forbidden(path.child("type"), detail));
    }
    if (Array.isArray(schema.items) && schema.items.length > 0) {
      errors.push(forbidden(path.child("items"), "items must be a schema object and not an array"));
    }
    if (insideMeta && schema["x-kubernetes-embedded-resource"]) {
      const detail = "must not be used inside of resource meta";
      errors.push(forbidden(path.child("x-kubernetes-embedded-resource"), detail));
    }
    return errors;
  }

  #parts(schema: JsonSchema, path: FieldPath, place: Place, isRoot: boolean): FieldError[] {
    const errors: FieldError[] = [];
    const { properties = {}, additionalProperties } = schema;
    const visit = (part: JsonSchema | undefined, at: FieldPath, where = place): void => {
      if (part) errors.push(...this.validate(part, at, where));
    };
    if (additionalProperties !== undefined) {
      const at = path.child("additionalProperties");
      if (Object.keys(properties).length > 0 && additionalProperties !== true) {
        errors.push(forbidden(at, "additionalProperties and properties are mutual exclusive"));
      }
      const noDefaults = "inside additionalProperties applying to object metadata";
      visit(additionalOf(schema), at, place.insideMeta ? { ...place, noDefaults } : place);
    }
    for (const [name, property] of Object.entries(properties)) {
      const isMeta = (isRoot || schema["x-kubernetes-embedded-resource"]) && metaFields.includes(name);
      const inMeta: Place = { ...place, insideMeta: true };
      if (isRoot) inMeta.noDefaults = `in top-level ${name}`;
      visit(property, path.child("properties").key(name), isMeta ? inMeta : place);
    }
    visit(schema.not, path.child("not"));
    for (const junctor of ["allOf", "oneOf", "anyOf"] as const) {
      for (const [index, part] of (schema[junctor] ?? []).entries())
        visit(part, path.child(junctor).index(index));
    }
    for (const [name, part] of Object.entries(schema.definitions ?? {})) {
      visit(part, path.child("definitions").key(name));
    }
    visit(itemsOf(schema), path.child("items"));
    if (Array.isArray(schema.items)) {
      for (const [index, part] of schema.items.entries()) visit(part, path.child("items").index(index));
    }
    for (const [name, part] of Object.entries(schema.dependencies ?? {})) {
      if (part && !Array.isArray(part)) visit(part, path.child("dependencies").key(name));
    }
    return errors;
  }
}

const unsupported = [
  "id",
  "additionalItems",
  "patternProperties",
  "definitions",
  "dependencies",
  "$ref",
] as const;

function isSet(schema: JsonSchema, keyword: (typeof unsupported)[number]): boolean {
  const value = schema[keyword];
  if (keyword === "id") return value !== undefined && value !== "";
  if (keyword === "patternProperties" || keyword === "definitions") {
    return Object.keys(schema[keyword] ?? {}).length > 0;
  }
  return value !== undefined;
}

function validateExtensions(schema: JsonSchema, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const preserve = "x-kubernetes-preserve-unknown-fields";
  if (schema[preserve] === false)
    errors.push(invalid(path.child(preserve), false, "must be true or undefined"));
  const kinds = [
    ["x-kubernetes-map-type", "object", ["atomic", "granular"]],
    ["x-kubernetes-list-type", "array", ["atomic", "set", "map"]],
  ] as const;
  for (const [extension, type, allowed] of kinds) {
    const value = schema[extension];
    if (value === undefined) continue;
    const detail = `must be ${type} if ${extension} is specified`;
    if (!schema.type) errors.push(required(path.child("type"), detail));
    else if (schema.type !== type) errors.push(invalid(path.child("type"), schema.type, detail));
    if (!(allowed as readonly string[]).includes(value)) {
      errors.push(notSupportedText(path.child(extension), value, allowed));
    }
  }
  return errors;
}

/** Items of a set are compared as a whole. */
function validateSetItems(schema: JsonSchema, path: FieldPath): FieldError[] {
  const items = itemsOf(schema);
  if (schema["x-kubernetes-list-type"] !== "set" || schema.type !== "array" || !items) return [];
  const listType = items["x-kubernetes-list-type"];
  const mapType = items["x-kubernetes-map-type"];
  const detail = "must be atomic as item of a list with x-kubernetes-list-type=set";
  const at = path.child("items");
  if (items.type === "array" && listType !== undefined && listType !== "atomic") {
    return [invalid(at.child("x-kubernetes-list-type"), listType, detail)];
  }
  if (items.type === "object" && mapType !== "atomic") {
    return [invalid(at.child("x-kubernetes-map-type"), listType ?? null, detail)];
  }
  return [];
}

function validateListMap(schema: JsonSchema, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const type = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const typePath = path.child("x-kubernetes-list-type");
  const keysPath = path.child("x-kubernetes-list-map-keys");
  if (keys.length > 0 && type !== "map") {
    const detail = "must be map if x-kubernetes-list-map-keys is non-empty";
    errors.push(type === undefined ? required(typePath, detail) : invalid(typePath, type, detail));
  }
  if (type !== "map") return errors;
  const items = itemsOf(schema);
  const itemsPath = path.child("items");
  if (keys.length === 0)
    errors.push(required(keysPath, "must not be empty if x-kubernetes-list-type is map"));
  if (schema.items === undefined) {
    errors.push(required(itemsPath, "must have a schema if x-kubernetes-list-type is map"));
  } else if (!items) {
    const detail = "must only have a single schema if x-kubernetes-list-type is map";
    errors.push(invalid(itemsPath, internalItems(schema.items), detail));
  }
  if (!items) return errors;
  if (items.type !== "object") {
    const detail = "must be object if parent array's x-kubernetes-list-type is map";
    errors.push(invalid(itemsPath.child("type"), items.type ?? "", detail));
    return errors;
  }
  for (const [index, key] of keys.entries()) {
    const property = propertyOf(items, key);
    if (!property) errors.push(invalid(keysPath, keys, "entries must all be names of item properties"));
    else if (property.type === "array" || property.type === "object") {
      const detail = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      errors.push(invalid(itemsPath.child("properties").key(key).child("type"), items.type, detail));
    }
    if (keys.indexOf(key) < index) errors.push(invalid(keysPath, keys, "must not contain duplicate entries"));
  }
  return errors;
}

/** Source: validateMapListKeysMapSet. */
function validateListMapKeys(schema: JsonSchema, path: FieldPath): FieldError[] {
  const items = itemsOf(schema);
  const type = schema["x-kubernetes-list-type"];
  if (!items || (type !== "set" && type !== "map")) return [];
  const errors: FieldError[] = [];
  const at = path.child("items");
  if (items.nullable) {
    errors.push(forbidden(at.child("nullable"), `cannot be nullable when x-kubernetes-list-type is ${type}`));
  }
  if (type === "set") return errors;
  for (const key of schema["x-kubernetes-list-map-keys"] ?? []) {
    const property = propertyOf(items, key);
    if (!property) continue;
    const about = "this property is in x-kubernetes-list-map-keys, so it";
    const keyPath = at.child("properties").key(key);
    const isThere = items.required?.includes(key) || (property.default ?? null) !== null;
    if (!isThere) {
      errors.push(
        required(keyPath.child("default"), `${about} must have a default or be a required property`),
      );
    }
    if (property.nullable) errors.push(forbidden(keyPath.child("nullable"), `${about} cannot be nullable`));
  }
  return errors;
}
