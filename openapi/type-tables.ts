/**
 * The run-time table of types: one string a struct, so that start-up parses a few hundred strings and a struct is
 * taken apart when it is first used (api/schema/packed-struct.ts reads what is written here).
 */

import type { Definitions, Schema } from "../api/openapi/schema.ts";
import { goTypeOf } from "../api/schema/go-type-name.ts";
import type { FieldType, Presence, StructType } from "../api/schema/types.ts";
import { extraTypes } from "./facts/extra-types.ts";
import { type GoField, goStructTypes, readGoTypes } from "./go-types.ts";

export interface TypeTable {
  /** Packed structs by definition name. */
  structs: Record<string, string>;
  /** Number of a struct (its place in structs) by "group/version/Kind". */
  kinds: Record<string, number>;
}

export function buildTypeTable(definitions: Definitions, v3Schemas: Definitions): TypeTable {
  const goTypes = readGoTypes();
  const graph = goStructTypes();
  const structNames = [...reachable(rootTypes(definitions, graph))].sort();
  const numbers = new Map(structNames.map((name, number) => [name, number]));
  const structs = structNames.map((name): [string, string] => {
    const schema = definitions[name] ?? {};
    const fields = (goTypes.get(name)?.fields ?? []).map((field) => {
      const type = graph.get(name)?.fields.get(field.name)?.type;
      if (!type) throw new Error(`go-types.json: the type of ${name}.${field.name} is not understood`);
      const property = schema.properties?.[field.name];
      const value = v3Schemas[name]?.properties?.[field.name]?.default;
      const required = schema.required?.includes(field.name) ?? false;
      return packField(field, { type, property, required, default: value, numbers });
    });
    assertSameFields(name, schema, fields.length);
    const head = `${goTypes.get(name)?.goName}\t${schema["x-kubernetes-map-type"] ?? ""}`.trimEnd();
    return [name, [head, ...fields].join("\n")];
  });
  return { structs: Object.fromEntries(structs), kinds: kindNumbers(definitions, numbers) };
}

/** The structs of the specification, and the ones beyond it that the server needs. */
function rootTypes(definitions: Definitions, graph: ReadonlyMap<string, StructType>): StructType[] {
  const described = Object.entries(definitions).flatMap(([name, { properties, type }]) => {
    const struct = graph.get(name);
    // Without properties, a definition is a single value (a Quantity) unless Go knows it as an empty struct.
    if (properties && !struct) throw new Error(`go-types.json lacks ${name}`);
    return struct && (properties || (type === "object" && struct.fields.size === 0)) ? [struct] : [];
  });
  const extra = Object.entries(extraTypes).flatMap(([goPackage, { types }]) =>
    types.split(" ").map((type) => {
      const struct = graph.get(`${goPackage}.${type}`);
      if (!struct) throw new Error(`go-types.json lacks ${goPackage}.${type}`);
      return struct;
    }),
  );
  return [...described, ...extra];
}

function reachable(roots: readonly StructType[]): Set<string> {
  const names = new Set<string>();
  const visit = (struct: StructType): void => {
    if (names.has(struct.name)) return;
    names.add(struct.name);
    for (const { type } of struct.fields.values()) {
      const inner = innermost(type);
      if (inner.kind === "struct") visit(inner.struct);
    }
  };
  for (const root of roots) visit(root);
  return names;
}

function innermost(type: FieldType): FieldType {
  if (type.kind === "array") return innermost(type.items);
  return type.kind === "map" ? innermost(type.values) : type;
}

function kindNumbers(definitions: Definitions, numbers: ReadonlyMap<string, number>): Record<string, number> {
  const kinds: Record<string, number> = {};
  for (const [name, number] of numbers) {
    const gvks = definitions[name]?.["x-kubernetes-group-version-kind"] ?? [];
    // DeleteOptions and WatchEvent belong to every group: they are found by name.
    const [gvk] = gvks.length === 1 ? gvks : [];
    if (gvk) kinds[`${gvk.group}/${gvk.version}/${gvk.kind}`] = number;
  }
  for (const [goPackage, { group, types }] of Object.entries(extraTypes)) {
    const version = goPackage.slice(goPackage.lastIndexOf(".") + 1);
    for (const type of types.split(" ")) {
      const number = numbers.get(`${goPackage}.${type}`);
      if (number !== undefined) kinds[`${group}/${version}/${type}`] = number;
    }
  }
  return kinds;
}

function assertSameFields(name: string, schema: Schema, count: number): void {
  const described = Object.keys(schema.properties ?? {}).length;
  if (schema.properties && described !== count) {
    throw new Error(`go-types.json has ${count} fields of ${name}, the client ${described}`);
  }
}

const PRESENCE: Readonly<Record<Presence, string>> = {
  pointer: "p",
  nullable: "n",
  omitempty: "o",
  always: "a",
};

interface FieldFacts {
  type: FieldType;
  property: Schema | undefined;
  required: boolean;
  default: unknown;
  numbers: ReadonlyMap<string, number>;
}

function packField(field: GoField, { type, property, required, numbers, ...facts }: FieldFacts): string {
  const attributes: [string, string | undefined][] = [
    ["r", required ? "" : undefined],
    ["l", property?.["x-kubernetes-list-type"]],
    ["k", property?.["x-kubernetes-list-map-keys"]?.join(",")],
    ["m", property?.["x-kubernetes-map-type"]],
    ["pk", property?.["x-kubernetes-patch-merge-key"]],
    ["ps", property?.["x-kubernetes-patch-strategy"]],
    ["d", isZero(facts.default) ? undefined : JSON.stringify(facts.default)],
    ["e", field.enum && JSON.stringify(field.enum.values)],
    ["g", field.goType === goTypeOf(type) ? undefined : field.goType],
    ["n", field.protoNumber?.toString()],
    ["i", field.inline?.map(({ goName, protoNumber }) => `${goName}:${protoNumber ?? ""}`).join(",")],
  ];
  const packed = attributes.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
  return [field.name, typeCode(type, numbers), PRESENCE[field.presence], ...packed].join("\t");
}

function isZero(value: unknown): boolean {
  return !value || typeof value === "object";
}

/** A scalar's name, "#" and the number of a struct, "[]" before the items of a list, "{}" before a map's values. */
function typeCode(type: FieldType, numbers: ReadonlyMap<string, number>): string {
  switch (type.kind) {
    case "scalar":
      return type.scalar;
    case "struct":
      return `#${numbers.get(type.struct.name)}`;
    case "array":
      return `[]${typeCode(type.items, numbers)}`;
    case "map":
      return `{}${typeCode(type.values, numbers)}`;
  }
}
