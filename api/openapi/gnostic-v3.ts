/**
 * A v3 document as protobuf, which clients ask for as spec.v3.v1.0+protobuf. Messages and numbers are those of
 * openapiv3/OpenAPIv3.proto in github.com/google/gnostic-models, of which the tables below name what the documents of
 * a cluster hold.
 */

import type { Pieces } from "./document.ts";
import {
  any,
  type Bytes,
  choice,
  double,
  extensions,
  flag,
  integer,
  join,
  message,
  NONE,
  text,
  texts,
} from "./gnostic-message.ts";

type Content = Readonly<Record<string, unknown>>;

/** Writes the value of a key under the number of its field. */
type Write = (number: number, value: never) => Bytes;

/** The keys of a message and their fields, in the order of the numbers. */
type Fields = Readonly<Record<string, readonly [number: number, write: Write]>>;

function fieldsOf(fields: Fields, content: Content): Bytes {
  return Object.entries(fields).flatMap(([key, [number, write]]) =>
    content[key] === undefined ? NONE : write(number, content[key] as never),
  );
}

/** A message. The table comes when it is needed: schemas hold schemas. */
const one =
  (fields: () => Fields, extensionNumber: number): Write =>
  (number, content: Content) =>
    message(number, [...fieldsOf(fields(), content), ...extensions(extensionNumber, content)]);

const list =
  (item: Write): Write =>
  (number, values: readonly never[]) =>
    values.flatMap((value) => item(number, value));

/** A message that is one of two: what it says itself, or a reference. */
const orReference =
  (item: Write): Write =>
  (number, content: Content) =>
    message(number, "$ref" in content ? message(2, fieldsOf(REFERENCE, content)) : item(1, content as never));

/** A message that repeats a name and its value, for the keys that `belongs` lets through. */
const map =
  (item: Write, entryNumber = 1, belongs: (key: string) => boolean = () => true): Write =>
  (number, content: Content) =>
    message(
      number,
      Object.entries(content)
        .filter(([key]) => belongs(key))
        .flatMap(([key, value]) => entry(entryNumber, key, item, value)),
    );

const entry = (number: number, key: string, item: Write, value: unknown): Bytes =>
  message(number, [...text(1, key), ...item(2, value as never)]);

/** A list with one schema. */
const items: Write = (number, content: Content) => message(number, schemaOrReference(1, content as never));

const additionalProperties: Write = (number, value: Content | boolean) =>
  message(number, typeof value === "boolean" ? choice(2, value) : schemaOrReference(1, value as never));

/** Lists and maps have no place in the message: of them it says only that there is a default. */
const defaultValue: Write = (number, value: unknown) => {
  if (typeof value === "number") return message(number, choice(1, value));
  if (typeof value === "boolean") return message(number, choice(2, value));
  return message(number, typeof value === "string" ? choice(3, value) : NONE);
};

const REFERENCE: Fields = { $ref: [1, text], summary: [2, text], description: [3, text] };

const schemaOrReference = orReference(one(() => SCHEMA, 36));

const EXTERNAL_DOCS: Fields = { description: [1, text], url: [2, text] };

const SCHEMA: Fields = {
  nullable: [1, flag],
  externalDocs: [6, one(() => EXTERNAL_DOCS, 3)],
  example: [7, any],
  title: [9, text],
  multipleOf: [10, double],
  maximum: [11, double],
  exclusiveMaximum: [12, flag],
  minimum: [13, double],
  exclusiveMinimum: [14, flag],
  maxLength: [15, integer],
  minLength: [16, integer],
  pattern: [17, text],
  maxItems: [18, integer],
  minItems: [19, integer],
  uniqueItems: [20, flag],
  maxProperties: [21, integer],
  minProperties: [22, integer],
  required: [23, texts],
  enum: [24, list(any)],
  type: [25, text],
  allOf: [26, list(schemaOrReference)],
  oneOf: [27, list(schemaOrReference)],
  anyOf: [28, list(schemaOrReference)],
  not: [29, one(() => SCHEMA, 36)],
  items: [30, items],
  properties: [31, map(schemaOrReference)],
  additionalProperties: [32, additionalProperties],
  default: [33, defaultValue],
  description: [34, text],
  format: [35, text],
};

const mediaTypes = map(one(() => ({ schema: [1, schemaOrReference] }), 5));

const PARAMETER: Fields = {
  name: [1, text],
  in: [2, text],
  description: [3, text],
  required: [4, flag],
  schema: [10, schemaOrReference],
  content: [13, mediaTypes],
};
const parameters = list(orReference(one(() => PARAMETER, 14)));

const REQUEST_BODY: Fields = { description: [1, text], content: [2, mediaTypes], required: [3, flag] };

const response = orReference(one(() => ({ description: [1, text], content: [3, mediaTypes] }), 5));

/** The codes; the field before them is for the answer to all others, which no operation here names. */
const responses = map(response, 2, (key) => /^[0-9X]{3}$/.test(key));

const OPERATION: Fields = {
  tags: [1, texts],
  summary: [2, text],
  description: [3, text],
  operationId: [5, text],
  parameters: [6, parameters],
  requestBody: [7, orReference(one(() => REQUEST_BODY, 4))],
  responses: [8, responses],
  deprecated: [10, flag],
};
const operation = one(() => OPERATION, 13);

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
const PATH_ITEM: Fields = {
  ...Object.fromEntries(METHODS.map((method, index) => [method, [index + 4, operation] as const])),
  parameters: [13, parameters],
};

const SECURITY_SCHEME: Fields = { type: [1, text], description: [2, text], name: [3, text], in: [4, text] };

const PATH = one(() => PATH_ITEM, 14);

/** Of the components, but for the schemas in field 1. */
const COMPONENTS: Fields = { securitySchemes: [7, map(orReference(one(() => SECURITY_SCHEME, 9)))] };

/** Of the document, but for the paths in field 4 and the components in field 5. */
const DOCUMENT: Fields = {
  openapi: [1, text],
  info: [2, one(() => ({ title: [1, text], description: [2, text], version: [6, text] }), 7)],
};

/** @param document what the JSON form says */
export function* encodeV3Document(document: object): Pieces<Uint8Array> {
  const { paths, components, ...head } = document as { paths?: Content; components?: Content };
  const parts = [join(fieldsOf(DOCUMENT, head))];
  if (paths) {
    const served = Object.entries(paths).filter(([path]) => path.startsWith("/"));
    parts.push(join(message(4, yield* entries(PATH, served))));
  }
  if (components) {
    const { schemas, ...others } = components as { schemas?: Content };
    const described = schemas ? message(1, yield* entries(schemaOrReference, Object.entries(schemas))) : NONE;
    parts.push(join(message(5, [...described, ...fieldsOf(COMPONENTS, others), ...extensions(10, others)])));
  }
  return join(parts);
}

function* entries(item: Write, values: readonly (readonly [string, unknown])[]): Pieces<Bytes> {
  const written: Uint8Array[] = [];
  for (const [key, value] of values) {
    written.push(join(entry(1, key, item, value)));
    yield;
  }
  return written;
}
