/**
 * Parts of definitions as messages show them: upstream's internal types, printed as JSON with their Go names and every
 * field. Source: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/types{,_jsonschema}.go.
 */
import type { DefinitionVersion } from "../../custom/definition.ts";
import { schemaOf } from "../../custom/definition.ts";
import type { JsonSchema, ValidationRule } from "../../custom/json-schema.ts";

/** What stands once, outside of the versions. */
export interface Common {
  schema: boolean;
  subresources: boolean;
  columns: boolean;
  selectableFields: boolean;
}

export function internalVersion(version: DefinitionVersion, common: Common): object {
  const { name, served, storage, deprecated, deprecationWarning, schema, subresources } = version;
  const own = schemaOf(version);
  return {
    Name: name,
    Served: served,
    Storage: storage,
    Deprecated: deprecated ?? false,
    DeprecationWarning: deprecationWarning ?? null,
    Schema: common.schema || !schema ? null : { OpenAPIV3Schema: own ? internalSchema(own) : null },
    Subresources: common.subresources || !subresources ? null : internalSubresources(subresources),
    AdditionalPrinterColumns: common.columns ? null : internalColumns(version),
    SelectableFields: common.selectableFields
      ? null
      : (version.selectableFields?.map(({ jsonPath }) => ({ JSONPath: jsonPath })) ?? null),
  };
}

function internalSubresources({ status, scale }: NonNullable<DefinitionVersion["subresources"]>): object {
  return {
    Status: status ? {} : null,
    Scale: scale
      ? {
          SpecReplicasPath: scale.specReplicasPath,
          StatusReplicasPath: scale.statusReplicasPath,
          LabelSelectorPath: scale.labelSelectorPath ?? null,
        }
      : null,
  };
}

function internalColumns({ additionalPrinterColumns: columns }: DefinitionVersion): object[] | null {
  const shown = columns?.map(({ name, type, format = "", description = "", priority = 0, jsonPath }) => ({
    Name: name,
    Type: type,
    Format: format,
    Description: description,
    Priority: priority,
    JSONPath: jsonPath,
  }));
  return shown ?? null;
}

export function internalSchema(schema: JsonSchema): object {
  const text = (value: string | undefined) => value ?? "";
  const flag = (value: boolean | undefined) => value ?? false;
  const either = <T>(value: T | undefined) => value ?? null;
  const each = (list: readonly JsonSchema[] | undefined) => list?.map(internalSchema) ?? null;
  return {
    ID: text(schema.id),
    Schema: text(schema.$schema),
    Ref: either(schema.$ref),
    Description: text(schema.description),
    Type: text(schema.type),
    Nullable: flag(schema.nullable),
    Format: text(schema.format),
    Title: text(schema.title),
    Default: either(schema.default),
    Maximum: either(schema.maximum),
    ExclusiveMaximum: flag(schema.exclusiveMaximum),
    Minimum: either(schema.minimum),
    ExclusiveMinimum: flag(schema.exclusiveMinimum),
    MaxLength: either(schema.maxLength),
    MinLength: either(schema.minLength),
    Pattern: text(schema.pattern),
    MaxItems: either(schema.maxItems),
    MinItems: either(schema.minItems),
    UniqueItems: flag(schema.uniqueItems),
    MultipleOf: either(schema.multipleOf),
    Enum: either(schema.enum),
    MaxProperties: either(schema.maxProperties),
    MinProperties: either(schema.minProperties),
    Required: either(schema.required),
    Items: internalItems(schema.items),
    AllOf: each(schema.allOf),
    OneOf: each(schema.oneOf),
    AnyOf: each(schema.anyOf),
    Not: schema.not ? internalSchema(schema.not) : null,
    Properties: internalMap(schema.properties),
    AdditionalProperties: schemaOrBool(schema.additionalProperties),
    PatternProperties: internalMap(schema.patternProperties),
    Dependencies: internalDependencies(schema.dependencies),
    AdditionalItems: schemaOrBool(schema.additionalItems),
    Definitions: internalMap(schema.definitions),
    ExternalDocs: schema.externalDocs
      ? { Description: schema.externalDocs["description"] ?? "", URL: schema.externalDocs["url"] ?? "" }
      : null,
    Example: either(schema.example),
    XPreserveUnknownFields: either(schema["x-kubernetes-preserve-unknown-fields"]),
    XEmbeddedResource: flag(schema["x-kubernetes-embedded-resource"]),
    XIntOrString: flag(schema["x-kubernetes-int-or-string"]),
    XListMapKeys: either(schema["x-kubernetes-list-map-keys"]),
    XListType: either(schema["x-kubernetes-list-type"]),
    XMapType: either(schema["x-kubernetes-map-type"]),
    XValidations: schema["x-kubernetes-validations"]?.map(internalRule) ?? null,
  };
}

export function internalItems(items: JsonSchema["items"]): object | null {
  if (items === undefined) return null;
  if (Array.isArray(items)) return { Schema: null, JSONSchemas: items.map(internalSchema) };
  return { Schema: items ? internalSchema(items) : null, JSONSchemas: null };
}

export function internalRule({
  rule,
  message = "",
  messageExpression = "",
  reason,
  fieldPath = "",
  optionalOldSelf,
}: ValidationRule): object {
  return {
    Rule: rule,
    Message: message,
    MessageExpression: messageExpression,
    Reason: reason ?? null,
    FieldPath: fieldPath,
    OptionalOldSelf: optionalOldSelf ?? null,
  };
}

/** Go prints the keys of a map in their order. */
function sortedMap<T>(map: Record<string, T> | undefined, show: (value: T) => unknown): object | null {
  if (!map) return null;
  const keys = Object.keys(map).sort();
  return Object.fromEntries(keys.map((key) => [key, show(map[key]!)]));
}

const internalMap = (map: Record<string, JsonSchema> | undefined) => sortedMap(map, internalSchema);

const internalDependencies = (map: JsonSchema["dependencies"]) =>
  sortedMap(map, (value) =>
    Array.isArray(value)
      ? { Schema: null, Property: value }
      : { Schema: value && internalSchema(value), Property: null },
  );

function schemaOrBool(value: JsonSchema | boolean | undefined): object | null {
  if (value === undefined) return null;
  return typeof value === "boolean"
    ? { Allows: value, Schema: null }
    : { Allows: true, Schema: internalSchema(value) };
}
