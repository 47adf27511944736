/** TypeScript types of the built-in kinds: generated/types.d.ts, through openapi-typescript. */
import openapiTypeScript, { astToString, type OpenAPI3 } from "openapi-typescript";
import ts from "typescript";
import { type Definitions, names, type Schema } from "../api/openapi/schema.ts";

/** What these hold in a decoded object; the specification says less. */
const VALUE_TYPES: Readonly<Record<string, string>> = {
  [names.quantity]: "string",
  [names.time]: "string",
  [names.microTime]: "string",
  [names.intOrString]: "number | string",
  [names.rawExtension]: "JsonObject",
  [names.fieldsV1]: "JsonObject",
  [names.json]: "JsonValue",
  [names.jsonSchemaPropsOrArray]: "JsonValue",
  [names.jsonSchemaPropsOrBool]: "JsonValue",
  [names.jsonSchemaPropsOrStringArray]: "JsonValue",
  [names.patch]: "JsonValue",
};

const MANAGED_FIELDS_ENTRY = "io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry";

export async function typeScriptTypes(v3Schemas: Definitions): Promise<string> {
  const schemas = Object.fromEntries(
    Object.entries(v3Schemas).map(([name, schema]) => [name, withoutScalarDefaults(name, schema)]),
  );
  const document = {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1" },
    paths: {},
    components: { schemas },
  };
  const nodes = await openapiTypeScript(document as unknown as OpenAPI3, {
    alphabetize: true,
    emptyObjectsUnknown: true,
    inject: 'import type { JsonObject, JsonValue } from "../../api/object.ts";\n',
    transform: (_, { path }) => valueType(path),
  });
  return astToString(nodes);
}

function valueType(path: string | undefined): ts.TypeNode | undefined {
  const name = decodeURIComponent(path ?? "").replace("#/components/schemas/", "");
  const type = VALUE_TYPES[name];
  if (type === undefined) return undefined;
  const parts = type.split(" | ").map((part) => ts.factory.createTypeReferenceNode(part));
  return ts.factory.createUnionTypeNode(parts);
}

/**
 * A default makes openapi-typescript call a field present. That is right for {} (Go always writes a struct that is
 * no pointer), but a scalar's default says nothing of what a client sent.
 */
function withoutScalarDefaults(name: string, schema: Schema): Schema {
  if (!schema.properties) return schema;
  const properties = Object.entries(schema.properties).map(([property, { default: value, ...rest }]) => {
    const narrowed =
      name === MANAGED_FIELDS_ENTRY && property === "operation"
        ? { ...rest, enum: ["Apply", "Update"] }
        : rest;
    return [
      property,
      typeof value === "object" && value !== null ? { ...narrowed, default: value } : narrowed,
    ];
  });
  return { ...schema, properties: Object.fromEntries(properties) };
}
