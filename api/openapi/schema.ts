/** The parts of OpenAPI that Kubernetes publishes, as plain JSON values. */

import type { JsonValue } from "../object.ts";
import { sortKeys } from "../sort-keys.ts";

/** An OpenAPI v2 schema as upstream writes it: a definition, a property or an element type. */
export interface Schema {
  description?: string;
  type?: string;
  format?: string;
  $ref?: string;
  items?: Schema;
  additionalProperties?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  enum?: unknown[];
  default?: unknown;
  title?: string;
  nullable?: boolean;
  multipleOf?: number;
  maximum?: number;
  exclusiveMaximum?: boolean;
  minimum?: number;
  exclusiveMinimum?: boolean;
  maxLength?: number;
  minLength?: number;
  pattern?: string;
  maxItems?: number;
  minItems?: number;
  uniqueItems?: boolean;
  maxProperties?: number;
  minProperties?: number;
  allOf?: Schema[];
  oneOf?: Schema[];
  "x-kubernetes-group-version-kind"?: GroupVersionKind[];
  "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  "x-kubernetes-list-map-keys"?: string[];
  "x-kubernetes-map-type"?: "atomic" | "granular";
  "x-kubernetes-patch-merge-key"?: string;
  "x-kubernetes-patch-strategy"?: string;
  "x-kubernetes-unions"?: Union[];
}

export interface Union {
  discriminator?: string;
  "fields-to-discriminateBy": Record<string, string>;
}

export interface GroupVersionKind {
  group: string;
  kind: string;
  version: string;
}

/** Schemas by definition name, e.g. "io.k8s.api.core.v1.Pod". */
export type Definitions = Record<string, Schema>;

const META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
const APIEXTENSIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";

/** Definitions that the generator handles by name. */
export const names = {
  quantity: "io.k8s.apimachinery.pkg.api.resource.Quantity",
  intOrString: "io.k8s.apimachinery.pkg.util.intstr.IntOrString",
  rawExtension: "io.k8s.apimachinery.pkg.runtime.RawExtension",
  versionInfo: "io.k8s.apimachinery.pkg.version.Info",
  time: `${META}Time`,
  microTime: `${META}MicroTime`,
  fieldsV1: `${META}FieldsV1`,
  patch: `${META}Patch`,
  deleteOptions: `${META}DeleteOptions`,
  watchEvent: `${META}WatchEvent`,
  ownerReference: `${META}OwnerReference`,
  json: `${APIEXTENSIONS}JSON`,
  jsonSchemaPropsOrArray: `${APIEXTENSIONS}JSONSchemaPropsOrArray`,
  jsonSchemaPropsOrBool: `${APIEXTENSIONS}JSONSchemaPropsOrBool`,
  jsonSchemaPropsOrStringArray: `${APIEXTENSIONS}JSONSchemaPropsOrStringArray`,
} as const;

/** The last part of a definition name or of a reference to one. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

const V2_PREFIX = "#/definitions/";

export function reference(name: string): string {
  return V2_PREFIX + name;
}

/** The definition that a v2 reference names. */
export function referenced(ref: string): string {
  return ref.slice(V2_PREFIX.length);
}

/** Keywords in the order of the fields of SchemaProps in k8s.io/kube-openapi/pkg/validation/spec; extensions follow. */
const KEYWORDS =
  "$ref description type nullable format title default maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems multipleOf enum maxProperties minProperties required items allOf oneOf anyOf not properties additionalProperties externalDocs example".split(
    " ",
  );

/** A copy with its keys in the order in which upstream writes them, and without those that are undefined. */
export function orderKeys(schema: Schema): Schema {
  const entries: [string, unknown][] = KEYWORDS.map((key) => [key, schema[key as keyof Schema]]);
  const extensions = Object.entries(schema).filter(([key]) => key.startsWith("x-"));
  return Object.fromEntries(
    [...entries, ...extensions.sort(byName)]
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, ordered(key, value)]),
  );
}

function ordered(keyword: string, value: unknown): unknown {
  if (keyword === "properties") {
    const properties = Object.entries(value as Record<string, Schema>).sort(byName);
    return Object.fromEntries(properties.map(([name, schema]) => [name, orderKeys(schema)]));
  }
  if (keyword === "allOf" || keyword === "oneOf") return (value as Schema[]).map(orderKeys);
  if (keyword === "items" || keyword === "additionalProperties") return orderKeys(value as Schema);
  return sortKeys(value as JsonValue);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
