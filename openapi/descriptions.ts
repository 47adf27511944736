/**
 * Descriptions that the client lacks: it drops those of properties that hold a struct, and line breaks. They are
 * read from kubernetes-models, as text, as far as it has them: it knows stable versions only.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { groupVersionOfPath, type Operation } from "../api/openapi/operation.ts";
import { type Definitions, names, referenced, type Schema, shortName } from "../api/openapi/schema.ts";
import { packageOf } from "./client/names.ts";
import { commentText } from "./client/source.ts";
import { eachProperty } from "./definitions.ts";
import {
  definitionDescriptions,
  metadataDescription,
  propertyDescriptions,
  withoutMetadataDescription,
} from "./facts/descriptions.ts";

const MODELS = new URL(".", import.meta.resolve("kubernetes-models"));
const META_MODELS = new URL(".", import.meta.resolve("@kubernetes-models/apimachinery"));

interface Model {
  description: string;
  properties: Map<string, string>;
}

export function applyDescriptions(definitions: Definitions, operations: readonly Operation[]): void {
  moveTypeDescriptions(definitions);
  const groups = new Map<string, string>();
  for (const { path } of operations) {
    const place = groupVersionOfPath(path);
    if (place) groups.set(packageOf(place.group), place.group);
  }
  for (const [name, definition] of Object.entries(definitions)) {
    const model = readModel(name, groups);
    if (!model) continue;
    fillIn(definition, model.description);
    for (const [property, schema] of Object.entries(definition.properties ?? {})) {
      fillIn(schema, model.properties.get(property));
    }
  }
  copyFromOtherVersions(definitions);
  describeInOwnWords(definitions);
}

const DESCRIBED_BY_TYPE: readonly string[] = [
  names.intOrString,
  names.microTime,
  names.json,
  names.jsonSchemaPropsOrArray,
  names.jsonSchemaPropsOrBool,
];

/**
 * The client describes some properties of these types by the text of their type ("IntOrString is a type…"), which belongs to the
 * type's definition. The property's own text is then to be found elsewhere.
 */
function moveTypeDescriptions(definitions: Definitions): void {
  for (const { schema } of eachProperty(definitions)) {
    const name = schema.$ref === undefined ? undefined : referenced(schema.$ref);
    const definition = name === undefined ? undefined : definitions[name];
    if (name === undefined || !definition || !DESCRIBED_BY_TYPE.includes(name)) continue;
    if (!schema.description?.startsWith(`${shortName(name)} `)) continue;
    definition.description ??= schema.description;
    delete schema.description;
  }
}

function describeInOwnWords(definitions: Definitions): void {
  for (const [name, text] of Object.entries(definitionDescriptions)) {
    const definition = definitions[name];
    if (!definition) throw new Error(`a description names the missing definition ${name}`);
    definition.description ??= text;
  }
  const unused = new Set(Object.keys(propertyDescriptions));
  for (const { definition, property, schema } of eachProperty(definitions)) {
    const [goPackage = "", , kind = ""] = definition.split(".").slice(-3);
    const key = `${goPackage}.${kind}.${property}`;
    unused.delete(key);
    if (property === "metadata" && !schema.description && !withoutMetadataDescription.has(definition)) {
      schema.description = metadataDescription[kind.endsWith("List") ? "list" : "object"];
    }
    const text = propertyDescriptions[key];
    if (text !== undefined) schema.description ??= text;
  }
  if (unused.size > 0) throw new Error(`descriptions name missing fields: ${[...unused].join(", ")}`);
}

/** Where a definition has no text, the model's; where they say the same, the model's line breaks. */
function fillIn(schema: Schema, description: string | undefined): void {
  if (!description) return;
  const same = schema.description !== undefined && words(schema.description) === words(description);
  if (schema.description === undefined || same) schema.description = description;
}

function words(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function readModel(name: string, groups: ReadonlyMap<string, string>): Model | undefined {
  const file = fileOf(name, groups);
  if (!file || !existsSync(fileURLToPath(file))) return undefined;
  const source = readFileSync(fileURLToPath(file), "utf8");
  const start = source.indexOf("export interface I");
  const end = source.indexOf("\n}", start);
  const [, comment = ""] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(source.slice(0, start)) ?? [];
  const properties = new Map<string, string>();
  const property = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*^ {4}"([^"]+)"\??: /gm;
  for (const [, text = "", key = ""] of source.slice(start, end).matchAll(property)) {
    properties.set(key, modelText(text));
  }
  return { description: modelText(comment), properties };
}

/** Without the values of an enum: they are added where all enums are. */
function modelText(comment: string): string {
  return commentText(comment)
    .replace(/\n\nPossible enum values:[\s\S]*$/, "")
    .replaceAll("\\*", "*")
    .replaceAll("/_*", "/*");
}

function fileOf(name: string, groups: ReadonlyMap<string, string>): URL | undefined {
  const [, inMeta] = /^io\.k8s\.apimachinery\.pkg\.(.+)$/.exec(name) ?? [];
  if (inMeta !== undefined) return new URL(`${inMeta.replaceAll(".", "/")}.d.ts`, META_MODELS);
  const [goPackage = "", version, kind] = name.split(".").slice(-3);
  const group = groups.get(goPackage);
  if (group === undefined) return undefined;
  return new URL(`${group === "" ? "" : `${group}/`}${version}/${kind}.d.ts`, MODELS);
}

/** A property that holds a struct reads the same in every version of its kind. */
function copyFromOtherVersions(definitions: Definitions): void {
  const texts = new Map<string, string>();
  const keyOf = (name: string, property: string) => `${name.replace(/\.v\d\w*(?=\.[^.]+$)/, "")}.${property}`;
  const properties = Object.entries(definitions).flatMap(([name, definition]) =>
    Object.entries(definition.properties ?? {}).map(([property, schema]) => ({
      key: keyOf(name, property),
      schema,
    })),
  );
  for (const { key, schema } of properties) if (schema.description) texts.set(key, schema.description);
  for (const { key, schema } of properties) {
    const text = texts.get(key);
    if (schema.description === undefined && text !== undefined) schema.description = text;
  }
}
