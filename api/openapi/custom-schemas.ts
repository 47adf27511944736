/**
 * The schemas that a custom resource publishes: its own, with the fields that every object has, and that of its
 * list. Sources: k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder/builder.go, .../openapi/v2/conversion.go
 * and pkg/apiserver/schema/{kubeopenapi,unfold}.go.
 */
import { type CustomVersion, customDefinitionName } from "./custom-operations.ts";
import { reference } from "./schema.ts";
import type { Specification } from "./specification.ts";

/** A structural schema, as a CustomResourceDefinition holds it; it may say anything that JSON schema can. */
export interface StructuralSchema {
  [keyword: string]: unknown;
  type?: string;
  properties?: Record<string, StructuralSchema>;
  items?: StructuralSchema;
  additionalProperties?: StructuralSchema | boolean;
  required?: string[];
  nullable?: boolean;
}

const CONVENTIONS = "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md";

const META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

/** The two kinds of documents refer to a definition differently. */
interface Form {
  isV2: boolean;
  refer(definition: string, description?: string): StructuralSchema;
}

const V2: Form = {
  isV2: true,
  refer: (definition, description) => ({
    ...(description ? { description } : {}),
    $ref: reference(definition),
  }),
};

const V3: Form = {
  isV2: false,
  refer: (definition, description) => {
    const target = { $ref: `#/components/schemas/${definition}` };
    return description ? { description, allOf: [target] } : target;
  },
};

/** Descriptions of the fields that every object has. */
export interface CommonTexts {
  apiVersion: string | undefined;
  kind: string | undefined;
  metadata: string | undefined;
  listMetadata: string | undefined;
}

/** The texts are those of built-in kinds. */
export function commonTexts(specification: Specification): CommonTexts {
  const pod = specification.schema("io.k8s.api.core.v1.Pod").properties ?? {};
  const list = specification.schema("io.k8s.api.core.v1.PodList").properties ?? {};
  return {
    apiVersion: pod["apiVersion"]?.description,
    kind: pod["kind"]?.description,
    metadata: pod["metadata"]?.description,
    listMetadata: list["metadata"]?.description,
  };
}

/** What upstream says of the type of an embedded resource. */
const embeddedTexts = {
  apiVersion: `apiVersion defines the versioned schema of this representation of an object. More info: ${CONVENTIONS}#resources`,
  kind: `kind is a string value representing the type of this object. In CamelCase. More info: ${CONVENTIONS}#types-kinds`,
};

function typeMeta({
  apiVersion,
  kind,
}: Pick<CommonTexts, "apiVersion" | "kind">): Record<string, StructuralSchema> {
  return {
    apiVersion: { type: "string", description: apiVersion },
    kind: { type: "string", description: kind },
  };
}

export interface CustomSchemaSource {
  texts: CommonTexts;
  custom: CustomVersion;
  schema: StructuralSchema | undefined;
  /** spec.preserveUnknownFields of the definition. */
  preserveUnknownFields: boolean;
  /** JSON paths of selectable fields. */
  selectableFields: readonly string[];
}

/** The definitions of a kind and its list, by name. */
export function customSchemas(
  source: CustomSchemaSource,
  version: "v2" | "v3",
): Map<string, StructuralSchema> {
  const form = version === "v2" ? V2 : V3;
  const { custom } = source;
  return new Map([
    [customDefinitionName(custom, custom.kind), kindSchema(source, form)],
    [customDefinitionName(custom, custom.listKind), listSchema(source, form)],
  ]);
}

function kindSchema(
  { custom, texts, schema, preserveUnknownFields, selectableFields }: CustomSchemaSource,
  form: Form,
): StructuralSchema {
  const extensions = kindExtensions(custom, custom.kind, selectableFields);
  const isOpen =
    form.isV2 && (preserveUnknownFields || schema?.["x-kubernetes-preserve-unknown-fields"] === true);
  // With properties, kubectl would take any other field for a mistake.
  if (!schema || isOpen) return { type: "object", ...extensions };
  const published = form.isV2 ? schemaV2(schema) : schemaV3(schema);
  return {
    ...published,
    properties: {
      ...mapValues(published.properties, (one) => withEmbedded(one, form, texts)),
      metadata: form.refer(`${META}ObjectMeta`, texts.metadata),
      ...typeMeta(texts),
    },
    ...extensions,
  };
}

function listSchema({ custom, texts, selectableFields }: CustomSchemaSource, form: Form): StructuralSchema {
  const { kind, listKind, plural } = custom;
  return {
    description: `${listKind} is a list of ${kind}`,
    type: "object",
    required: ["items"],
    properties: {
      ...typeMeta(texts),
      items: {
        description: `List of ${plural}. More info: ${CONVENTIONS}`,
        type: "array",
        items: form.refer(customDefinitionName(custom, kind)),
      },
      metadata: form.refer(`${META}ListMeta`, texts.listMetadata),
    },
    ...kindExtensions(custom, listKind, selectableFields),
  };
}

function kindExtensions(
  { group, version }: CustomVersion,
  kind: string,
  selectable: readonly string[],
): StructuralSchema {
  const fields = selectable.map((path) => ({ fieldPath: path.replace(/^\./, "") }));
  return {
    "x-kubernetes-group-version-kind": [{ group, kind, version }],
    ...(fields.length > 0 ? { "x-kubernetes-selectable-fields": fields } : {}),
  };
}

function mapValues(
  values: Record<string, StructuralSchema> | undefined,
  change: (schema: StructuralSchema) => StructuralSchema,
): Record<string, StructuralSchema> {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, change(value)]));
}

/** Changes the schemas within a schema. */
function within(
  schema: StructuralSchema,
  change: (schema: StructuralSchema) => StructuralSchema,
): StructuralSchema {
  const { properties, items, additionalProperties } = schema;
  return {
    ...schema,
    ...(properties ? { properties: mapValues(properties, change) } : {}),
    ...(items ? { items: change(items) } : {}),
    ...(typeof additionalProperties === "object"
      ? { additionalProperties: change(additionalProperties) }
      : {}),
  };
}

const INT_OR_STRING = [{ type: "integer" }, { type: "string" }];

/** Keywords that say nothing when they are false are not written. */
const FLAGS = [
  "nullable",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
];

function schemaV3(schema: StructuralSchema): StructuralSchema {
  const result = within(schema, schemaV3);
  for (const flag of FLAGS) if (result[flag] === false) delete result[flag];
  if (result["x-kubernetes-int-or-string"] !== true || isIntOrString(result)) return result;
  if (result["anyOf"] === undefined) return { ...result, anyOf: INT_OR_STRING };
  const allOf = Array.isArray(result["allOf"]) ? result["allOf"] : [];
  return { ...result, allOf: [{ anyOf: INT_OR_STRING }, ...allOf] };
}

/** The schema says already that it is an integer or a string. */
function isIntOrString({ anyOf, allOf }: StructuralSchema): boolean {
  const [first] = Array.isArray(allOf) ? (allOf as StructuralSchema[]) : [];
  return [anyOf, first?.["anyOf"]].some((value) => JSON.stringify(value) === JSON.stringify(INT_OR_STRING));
}

/** What v2 can't say, or kubectl would take for more than it is, is left out. */
function schemaV2(schema: StructuralSchema): StructuralSchema {
  const {
    allOf: _1,
    oneOf: _2,
    anyOf: _3,
    not: _4,
    default: _5,
    nullable,
    ...result
  } = withoutNullable(schema);
  for (const flag of FLAGS) if (result[flag] === false) delete result[flag];
  const isOpen = result["x-kubernetes-preserve-unknown-fields"] === true;
  if (nullable || isOpen) {
    delete result.items;
    delete result.properties;
  }
  if (nullable || (isOpen && result.type === "object") || (result.type === "array" && !result.items))
    delete result.type;
  return within(result, schemaV2);
}

/** A field that may be null is not called required. */
function withoutNullable(schema: StructuralSchema): StructuralSchema {
  const { required, properties = {}, additionalProperties, ...rest } = schema;
  const values = typeof additionalProperties === "object" && additionalProperties.nullable === true;
  const kept = values ? [] : (required ?? []).filter((name) => properties[name]?.nullable !== true);
  return {
    ...rest,
    ...(schema.properties ? { properties } : {}),
    ...(additionalProperties === undefined ? {} : { additionalProperties }),
    ...(kept.length > 0 ? { required: kept } : {}),
  };
}

function withEmbedded(schema: StructuralSchema, form: Form, texts: CommonTexts): StructuralSchema {
  const result = within(schema, (one) => withEmbedded(one, form, texts));
  if (result["x-kubernetes-embedded-resource"] !== true) return result;
  if (form.isV2 && result["x-kubernetes-preserve-unknown-fields"] === true) return result;
  const required = result.required ?? [];
  return {
    ...result,
    properties: {
      ...result.properties,
      ...typeMeta(embeddedTexts),
      metadata: form.refer(`${META}ObjectMeta`, texts.metadata),
    },
    required: [...required, ...["kind", "apiVersion"].filter((name) => !required.includes(name))],
  };
}
