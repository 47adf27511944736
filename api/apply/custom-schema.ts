/**
 * The apply schema of a custom resource. Sources: k8s.io/apiextensions-apiserver/pkg/controller/openapi/builder (what
 * is added to a CRD's schema) and k8s.io/kube-openapi/pkg/schemaconv (what apply makes of OpenAPI).
 */
import type { JsonValue } from "../object.ts";
import {
  booleanScalar,
  deduced,
  FieldMap,
  LazyField,
  type ListSchema,
  listOf,
  listType,
  type MapSchema,
  mapType,
  numericScalar,
  type Schema,
  stringScalar,
  untypedAtomic,
  untypedScalar,
} from "./schema.ts";

/** The part of a CRD's structural schema that apply looks at. */
export interface StructuralSchema {
  type?: string;
  format?: string;
  default?: JsonValue;
  properties?: Readonly<Record<string, StructuralSchema>>;
  additionalProperties?: StructuralSchema | boolean;
  items?: StructuralSchema;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  "x-kubernetes-embedded-resource"?: boolean;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-list-type"?: string;
  "x-kubernetes-list-map-keys"?: readonly string[];
  "x-kubernetes-map-type"?: string;
}

/**
 * The schema of one version of a custom resource. objectMeta is structSchema of meta/v1 ObjectMeta: upstream puts it
 * in place of what the CRD says about metadata.
 */
export function customSchema(root: StructuralSchema | undefined, objectMeta: Schema): Schema {
  if (root === undefined) return mapType(new FieldMap(() => [], false, deduced));
  return new Builder(objectMeta).resource(root);
}

class Builder {
  readonly #objectMeta: Schema;

  constructor(objectMeta: Schema) {
    this.#objectMeta = objectMeta;
  }

  resource(schema: StructuralSchema): Schema {
    return mapType(this.#object(schema, preserves(schema), true));
  }

  /** keepsUnknown: this schema or one above it preserves unknown fields. */
  #schema(schema: StructuralSchema, above: boolean): Schema {
    const keepsUnknown = above || preserves(schema);
    switch (schema.type ?? "") {
      case "":
        return {
          scalar: "untyped",
          list: this.#list(schema, keepsUnknown),
          map: this.#object(schema, keepsUnknown, false),
        };
      case "object":
        return mapType(this.#object(schema, keepsUnknown, false));
      case "array":
        return listType(this.#list(schema, keepsUnknown));
      case "integer":
      case "number":
        return numericScalar;
      case "boolean":
        return booleanScalar;
      case "string":
        // Texts with another format are not checked.
        return schema.format === undefined || schema.format === "" || schema.format === "byte"
          ? stringScalar
          : untypedScalar;
      default:
        return untypedScalar;
    }
  }

  #object(schema: StructuralSchema, keepsUnknown: boolean, root: boolean): MapSchema {
    const resource = root || schema["x-kubernetes-embedded-resource"] === true;
    const properties = Object.entries(schema.properties ?? {});
    const fields = (): LazyField[] => {
      const own = properties.map(
        ([name, property]) => new LazyField(name, () => this.#schema(property, keepsUnknown)),
      );
      if (!resource) return own;
      return [...own.filter(({ name }) => !resourceFields.includes(name)), ...this.#resourceFields()];
    };
    const atomic = schema["x-kubernetes-map-type"] === "atomic";
    return new FieldMap(
      fields,
      atomic,
      this.#element(schema, keepsUnknown, resource || properties.length > 0),
    );
  }

  #resourceFields(): LazyField[] {
    return [
      new LazyField("apiVersion", () => stringScalar),
      new LazyField("kind", () => stringScalar),
      new LazyField("metadata", () => this.#objectMeta),
    ];
  }

  /** What is allowed besides the declared properties. */
  #element(
    { additionalProperties }: StructuralSchema,
    keepsUnknown: boolean,
    hasProperties: boolean,
  ): Schema | undefined {
    if (additionalProperties === undefined) return keepsUnknown || !hasProperties ? deduced : undefined;
    if (typeof additionalProperties === "boolean") return additionalProperties ? deduced : undefined;
    return this.#schema(additionalProperties, keepsUnknown);
  }

  #list(schema: StructuralSchema, keepsUnknown: boolean): ListSchema {
    const { items } = schema;
    const type = schema["x-kubernetes-list-type"];
    if (items === undefined) return listOf(untypedAtomic, type !== "set" && type !== "map");
    const itemSchema = this.#schema(items, keepsUnknown);
    if (type === "set") return listOf(itemSchema, false);
    if (type !== "map") return listOf(itemSchema, true);
    const keys = (schema["x-kubernetes-list-map-keys"] ?? []).map((name) => ({
      name,
      default: ownProperty(items, name)?.default,
    }));
    return listOf(itemSchema, false, keys);
  }
}

const resourceFields: readonly string[] = ["apiVersion", "kind", "metadata"];

const preserves = (schema: StructuralSchema): boolean =>
  schema["x-kubernetes-preserve-unknown-fields"] === true;

function ownProperty({ properties }: StructuralSchema, name: string): StructuralSchema | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}
