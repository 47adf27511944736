/**
 * The run-time table of types: one string a struct, so that start-up parses a few hundred strings and a struct is
 * taken apart when it is first used (api/schema/tables.ts reads what is written here).
 */
import { type Definitions, names, referenced, type Schema, shortName } from "./schema.ts";

export interface TypeTable {
  /** Packed structs by definition name. */
  structs: Record<string, string>;
  /** Number of a struct (its place in structs) by "group/version/Kind". */
  kinds: Record<string, number>;
}

/** Definitions that are single values at run time. */
const SCALARS: Readonly<Record<string, string>> = {
  [names.quantity]: "quantity",
  [names.time]: "time",
  [names.microTime]: "microTime",
  [names.intOrString]: "intOrString",
  [names.rawExtension]: "rawExtension",
  [names.fieldsV1]: "fieldsV1",
  [names.json]: "json",
  [names.jsonSchemaPropsOrArray]: "json",
  [names.jsonSchemaPropsOrBool]: "json",
  [names.jsonSchemaPropsOrStringArray]: "json",
  [names.patch]: "json",
};

export function buildTypeTable(definitions: Definitions, v3Schemas: Definitions): TypeTable {
  const structNames = Object.keys(definitions)
    .filter((name) => SCALARS[name] === undefined)
    .sort();
  const numbers = new Map(structNames.map((name, number) => [name, number]));
  const kinds: Record<string, number> = {};
  const structs: Record<string, string> = {};
  for (const [name, number] of numbers) {
    const definition = definitions[name] ?? {};
    const gvks = definition["x-kubernetes-group-version-kind"] ?? [];
    // DeleteOptions and WatchEvent belong to every group: they are found by name.
    const [gvk] = gvks.length === 1 ? gvks : [];
    if (gvk) kinds[`${gvk.group}/${gvk.version}/${gvk.kind}`] = number;
    structs[name] = packStruct(name, definition, v3Schemas[name] ?? {}, numbers);
  }
  return { structs, kinds };
}

function packStruct(
  name: string,
  definition: Schema,
  v3Schema: Schema,
  numbers: ReadonlyMap<string, number>,
): string {
  const head = [shortName(name), definition["x-kubernetes-map-type"] ?? ""].join("\t").trimEnd();
  const fields = Object.entries(definition.properties ?? {}).map(([property, schema]) =>
    packField(property, schema, {
      required: definition.required?.includes(property) ?? false,
      default: v3Schema.properties?.[property]?.default,
      numbers,
    }),
  );
  return [head, ...fields].join("\n");
}

interface FieldFacts {
  required: boolean;
  default: unknown;
  numbers: ReadonlyMap<string, number>;
}

function packField(name: string, schema: Schema, facts: FieldFacts): string {
  const isZero = isZeroValue(facts.default);
  const attributes: [string, string | undefined][] = [
    ["r", facts.required ? "" : undefined],
    ["l", schema["x-kubernetes-list-type"]],
    ["k", schema["x-kubernetes-list-map-keys"]?.join(",")],
    ["m", schema["x-kubernetes-map-type"]],
    ["pk", schema["x-kubernetes-patch-merge-key"]],
    ["ps", schema["x-kubernetes-patch-strategy"]],
    ["d", facts.default === undefined || isZero ? undefined : JSON.stringify(facts.default)],
  ];
  const packed = attributes.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  return [name, typeCode(schema, facts.numbers), presenceOf(schema, isZero), ...packed].join("\t");
}

function isZeroValue(value: unknown): boolean {
  return value === "" || value === 0 || value === false || (typeof value === "object" && value !== null);
}

/** "a" always, "p" pointer, "o" omitempty. */
function presenceOf(schema: Schema, hasZeroDefault: boolean): string {
  if (hasZeroDefault) return "a";
  return schema.$ref === undefined ? "o" : "p";
}

/** A scalar's name, "#" and the number of a struct, "[]" before the items of a list, "{}" before a map's values. */
function typeCode(schema: Schema, numbers: ReadonlyMap<string, number>): string {
  if (schema.$ref !== undefined) {
    const name = referenced(schema.$ref);
    return SCALARS[name] ?? `#${numbers.get(name)}`;
  }
  if (schema.items) return `[]${typeCode(schema.items, numbers)}`;
  if (schema.additionalProperties) return `{}${typeCode(schema.additionalProperties, numbers)}`;
  if (schema.type === "integer") return schema.format === "int32" ? "int32" : "int64";
  if (schema.type === "number") return "float64";
  if (schema.type === "boolean") return "boolean";
  if (schema.type !== "string") throw new Error(`schema type ${schema.type} not understood`);
  return schema.format === "byte" ? "bytes" : "string";
}
