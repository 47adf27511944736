/**
 * Paths into a schema, as validation rules and selectable fields name them: `.spec.size`, `.spec['a.b']`.
 * Source: ValidFieldPath of k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go.
 */
import { type JsonSchema, propertyOf } from "./json-schema.ts";

/** What a path leads to; no schema: any value, where additional properties are only allowed. */
export interface FoundField {
  /** The path as upstream writes it: `spec[a.b]` for a key of a map. */
  path: string;
  schema: JsonSchema | undefined;
}

export class FieldPathError extends Error {}

const tokens = /'(?:.*?[^\\])??'|'.*|[.[\]]|[^.[\]]+/gs;

/** Throws FieldPathError. subscripts: whether `['name']` is understood. */
export function findField(jsonPath: string, schema: JsonSchema, subscripts: boolean): FoundField {
  const parts = jsonPath.match(tokens)?.values() ?? [].values();
  let found: FoundField = { path: "", schema };
  for (const part of parts) {
    if (part === "[") {
      if (!subscripts) throw new FieldPathError("array notation is not allowed");
      found = step(found, unquoted(next(parts)));
      const closing = next(parts);
      if (closing !== "]") throw new FieldPathError(`expected ] but got ${closing}`);
    } else if (part === ".") found = step(found, next(parts));
    else throw new FieldPathError(`expected [ or . but got: ${part}`);
  }
  return found;
}

function next(parts: Iterator<string, undefined>): string {
  const { value } = parts.next();
  if (value === undefined) throw new FieldPathError("unexpected end of JSON path");
  return value;
}

function step({ path, schema }: FoundField, name: string): FoundField {
  const isNamed = Object.keys(schema?.properties ?? {}).length > 0;
  const additional = schema?.additionalProperties;
  if (!isNamed && additional !== undefined) {
    return { path: `${path}[${name}]`, schema: typeof additional === "object" ? additional : undefined };
  }
  const property = propertyOf(schema, name);
  if (!property) throw new FieldPathError("does not refer to a valid field");
  return { path: path === "" ? name : `${path}.${name}`, schema: property };
}

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "'": "'",
  "\\": "\\",
};

function unquoted(token: string): string {
  if (token.length < 2 || !token.startsWith("'") || !token.endsWith("'")) {
    throw new FieldPathError(`expected single quoted string but got ${token}`);
  }
  return token.slice(1, -1).replace(/\\./g, (sequence) => {
    const text = escapes[sequence.charAt(1)];
    if (text !== undefined) return text;
    throw new FieldPathError(`invalid string literal: invalid escape char ${sequence}`);
  });
}
