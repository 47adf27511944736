/** Schemas as the two kinds of documents write them. They are kept in the v3 form, which says more. */
import { type GroupVersionKind, names, orderKeys, reference, type Schema } from "./schema.ts";

/** Definitions that every group version registers: their kinds depend on the document. */
export const kindsOfAllGroups: ReadonlySet<string> = new Set([names.deleteOptions, names.watchEvent]);

/** A kind of every group version, in the order in which upstream lists them. */
export function kindInAll(name: string, groupVersions: readonly string[]): GroupVersionKind[] {
  const kind = name.slice(name.lastIndexOf(".") + 1);
  return groupVersions.map((groupVersion) => {
    const [group = "", version = ""] = groupVersion.split("/");
    return { group, kind, version };
  });
}

const V3_PREFIX = "#/components/schemas/";

/** Turns a v3 schema into a v2 definition: no defaults, no wrapped references, one type. */
export function definitionV2(name: string, { oneOf: _, ...schema }: Schema): Schema {
  if (name === names.quantity || name === names.intOrString) return orderKeys({ ...schema, type: "string" });
  return orderKeys(propertyV2(schema));
}

function propertyV2({ allOf, default: _, items, additionalProperties, properties, ...rest }: Schema): Schema {
  const $ref = allOf?.[0]?.$ref ?? rest.$ref;
  return {
    ...rest,
    ...($ref === undefined ? {} : { $ref: reference($ref.slice(V3_PREFIX.length)) }),
    ...(items ? { items: propertyV2(items) } : {}),
    ...(additionalProperties ? { additionalProperties: propertyV2(additionalProperties) } : {}),
    ...(properties ? { properties: mapValues(properties, propertyV2) } : {}),
  };
}

const POSSIBLE_VALUES = "Possible enum values:";

/**
 * The schema as a server with the feature gate OpenAPIEnums off writes it.
 * Source: pruneEnums in k8s.io/apiserver/pkg/util/openapi/enablement.go.
 */
export function withoutEnums(schema: Schema): Schema {
  const { enum: _, description, items, additionalProperties, properties, ...rest } = schema;
  const end = description?.indexOf(POSSIBLE_VALUES) ?? -1;
  const kept = end < 0 ? description : description?.slice(0, end).trim();
  return {
    ...(kept ? { description: kept } : {}),
    ...rest,
    ...(items ? { items: withoutEnums(items) } : {}),
    ...(additionalProperties ? { additionalProperties: withoutEnums(additionalProperties) } : {}),
    ...(properties ? { properties: mapValues(properties, withoutEnums) } : {}),
  };
}

function mapValues(
  schemas: Record<string, Schema>,
  change: (schema: Schema) => Schema,
): Record<string, Schema> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, change(schema)]));
}

/** Names of the schemas that the JSON text of a v3 schema or path refers to. */
export function referencesIn(text: string): string[] {
  return [...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name = ""]) => name);
}
