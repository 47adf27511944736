/**
 * Wrong variants of a right object, made by machine: each value in turn is left out, emptied, or replaced by a bad one
 * or by one of another type. What a server says to them shows most of its decoding, defaulting and validation.
 */

import { edited, isObject, type Json, type JsonObject } from "./json.ts";

export interface Mutation {
  /** "spec.replicas = -1" */
  readonly remark: string;
  readonly object: JsonObject;
}

type Replacement = Json | undefined;

function replacements(value: Json): Replacement[] {
  if (typeof value === "string") return [undefined, "", "Bad Value!", 7];
  if (typeof value === "number") return [undefined, -1, 0, 99_999_999, "text"];
  if (typeof value === "boolean") return [undefined, !value, "true"];
  if (Array.isArray(value)) return [undefined, [], [...value, ...value.slice(0, 1)], [null], "text"];
  if (isObject(value)) return [undefined, {}, "text"];
  return [];
}

function* nodes(value: Json, path: readonly string[]): Iterable<[readonly string[], Json]> {
  if (path.length > 0) yield [path, value];
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) yield* nodes(item, [...path, key]);
}

const pointer = (path: readonly string[]) =>
  path.map((part) => `/${part.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

function shown(value: Replacement): string {
  if (value === undefined) return "absent";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** All single faults below the fields named; apiVersion, kind and metadata are the same for every kind. */
export function mutations(object: JsonObject): Mutation[] {
  const found: Mutation[] = [];
  for (const [path, value] of nodes(object, [])) {
    if (["apiVersion", "kind", "metadata"].includes(path[0] ?? "")) continue;
    for (const replacement of replacements(value)) {
      const changed = edited(object, { [pointer(path)]: replacement });
      found.push({ remark: `${path.join(".")} = ${shown(replacement)}`, object: changed });
    }
  }
  return found;
}
