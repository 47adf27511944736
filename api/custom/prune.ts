/** What a structural schema leaves of an object. Source: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning. */
import type { JsonObject, JsonValue } from "../object.ts";
import {
  additionalOf,
  isJsonObject,
  itemsOf,
  type JsonSchema,
  propertyOf,
  resourceRoot,
} from "./json-schema.ts";

const metaFields: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

/** Removes, in place, what the schema does not specify; returns the paths of what went, sorted. */
export function pruneUnknown(object: JsonObject, schema: JsonSchema | undefined): string[] {
  const unknown: string[] = [];
  prune(object, resourceRoot(schema), "", unknown);
  return unknown.sort();
}

/** The same of a part of an object. */
export function pruneBy(value: JsonValue, schema: JsonSchema): void {
  prune(value, schema, "", []);
}

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

function prune(value: JsonValue, schema: JsonSchema | undefined, path: string, unknown: string[]): void {
  if (schema?.["x-kubernetes-preserve-unknown-fields"]) pruneSpecified(value, schema, path, unknown);
  else if (Array.isArray(value)) {
    value.forEach((item, index) => {
      prune(item, itemsOf(schema), `${path}[${index}]`, unknown);
    });
  } else if (isJsonObject(value)) {
    for (const key of Object.keys(value)) pruneMember(value, key, schema, path, unknown);
  }
}

function pruneMember(
  value: JsonObject,
  key: string,
  schema: JsonSchema | undefined,
  path: string,
  unknown: string[],
): void {
  if (schema?.["x-kubernetes-embedded-resource"] && metaFields.has(key)) return;
  const property = propertyOf(schema, key);
  if (property || (schema && schema.additionalProperties !== undefined)) {
    prune(value[key]!, property ?? additionalOf(schema), join(path, key), unknown);
    return;
  }
  if (!schema || !metaFields.has(key) || path !== "") unknown.push(join(path, key));
  delete value[key];
}

/** Below a place that preserves unknown fields only what is specified again is pruned. */
function pruneSpecified(
  value: JsonValue,
  schema: JsonSchema | undefined,
  path: string,
  unknown: string[],
): void {
  if (!schema) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      pruneSpecified(item, itemsOf(schema), `${path}[${index}]`, unknown);
    });
    return;
  }
  if (!isJsonObject(value)) return;
  for (const key of Object.keys(value)) {
    if (schema["x-kubernetes-embedded-resource"] && metaFields.has(key)) continue;
    const property = propertyOf(schema, key);
    if (property || schema.additionalProperties !== undefined) {
      prune(value[key]!, property ?? additionalOf(schema), join(path, key), unknown);
    }
  }
}
