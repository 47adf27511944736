/**
 * The v2 document as protobuf, which client-go's DiscoveryClient.OpenAPISchema asks for. Messages and numbers are
 * those of openapiv2/OpenAPIv2.proto in github.com/google/gnostic-models.
 */
import type { DocumentOptions, DocumentV2, Parts } from "./document.ts";
import type { OperationV2, ParameterV2, PathItemV2 } from "./paths-v2.ts";
import type { Schema } from "./schema.ts";

/** Bytes that make up a message, in the order of its fields. */
type Bytes = readonly Uint8Array[];

const NONE: Bytes = [];

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function sizeOf(parts: Bytes): number {
  return parts.reduce((size, part) => size + part.length, 0);
}

/** A field with a message, also an empty one. */
function message(number: number, parts: Bytes): Bytes {
  return [varint(number * 8 + 2), varint(sizeOf(parts)), ...parts];
}

const encoder = new TextEncoder();

function text(number: number, value: string | undefined): Bytes {
  return value ? message(number, [encoder.encode(value)]) : NONE;
}

function texts(number: number, values: readonly string[] | undefined): Bytes {
  return values?.flatMap((value) => text(number, value)) ?? NONE;
}

function flag(number: number, value: boolean | undefined): Bytes {
  return value ? [varint(number * 8), varint(1)] : NONE;
}

function integer(number: number, value: number | undefined): Bytes {
  return value ? [varint(number * 8), varint(value)] : NONE;
}

function double(number: number, value: number | undefined): Bytes {
  if (!value) return NONE;
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return [varint(number * 8 + 1), bytes];
}

/** An entry of a map: its name and its value. */
function named(number: number, name: string, value: Bytes): Bytes {
  return message(number, [...text(1, name), ...message(2, value)]);
}

/** Anything, as YAML. */
function any(number: number, value: unknown): Bytes {
  return message(number, text(2, `${yaml(value, "")}\n`));
}

const PLAIN = /^[A-Za-z][\w.,/-]*$/;
const QUOTABLE = /^[ !#-&(-[\]-~]+$/;
const NOT_TEXT = /^(true|false|null|yes|no|on|off|y|n)$/i;

function yaml(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return value.map((item) => `- ${yaml(item, `${indent}  `)}`).join(`\n${indent}`);
  }
  if (typeof value === "object" && value !== null) return yamlMap(Object.entries(value), indent);
  if (typeof value !== "string") return String(value);
  if (PLAIN.test(value) && !NOT_TEXT.test(value)) return value;
  // What is quoted twice reads the same in JSON and in YAML.
  return QUOTABLE.test(value) ? `'${value}'` : JSON.stringify(value);
}

function yamlMap(entries: readonly [string, unknown][], indent: string): string {
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, value]) => {
    const isNested = typeof value === "object" && value !== null && Object.keys(value).length > 0;
    if (!isNested) return `${yaml(key, "")}: ${yaml(value, "")}`;
    const inner = Array.isArray(value) ? indent : `${indent}  `;
    return `${yaml(key, "")}:\n${inner}${yaml(value, inner)}`;
  });
  return lines.join(`\n${indent}`);
}

function extensions(number: number, value: object): Bytes {
  return Object.entries(value)
    .filter(([name, content]) => name.startsWith("x-") && content !== undefined)
    .flatMap(([name, content]) => message(number, [...text(1, name), ...any(2, content)]));
}

/** The whole document. */
export function* encodeV2Document(document: DocumentV2, { info }: DocumentOptions): Parts<Uint8Array> {
  yield join([...text(1, "2.0"), ...message(2, [...text(1, info.title), ...text(2, info.version)])]);
  yield* section(8, 2, document.paths, pathItem);
  yield* section(9, 1, document.definitions, schema);
  yield* section(10, 1, document.parameters, parameter);
  const bearer = [...text(1, "apiKey"), ...text(2, "authorization"), ...text(3, "header")];
  const scheme = message(2, [...bearer, ...text(4, "Bearer Token authentication")]);
  yield join([
    ...message(12, named(1, "BearerToken", NONE)),
    ...message(13, named(1, "BearerToken", scheme)),
  ]);
}

/** A field with all entries of a map. Its length comes first, so entries are kept until all are written. */
function* section<T>(
  number: number,
  entryNumber: number,
  values: ReadonlyMap<string, T>,
  write: (value: T) => Bytes,
): Parts<Uint8Array> {
  const entries: Uint8Array[] = [];
  for (const name of [...values.keys()].sort()) {
    const value = values.get(name);
    if (value !== undefined) entries.push(join(named(entryNumber, name, write(value))));
    yield new Uint8Array();
  }
  yield* message(number, entries);
}

function join(parts: Bytes): Uint8Array {
  const all = new Uint8Array(sizeOf(parts));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch"];

function pathItem({ parameters, ...methods }: PathItemV2): Bytes {
  const operations = METHODS.flatMap((method, index) => {
    const value = methods[method];
    return value && !Array.isArray(value) ? message(index + 2, operation(value)) : NONE;
  });
  return [...operations, ...(parameters?.flatMap((one) => message(9, parameterItem(one))) ?? NONE)];
}

function operation(value: OperationV2): Bytes {
  const responses = Object.entries(value.responses).map(([code, { description, schema: body }]) => {
    const content = body ? message(2, message(1, schema(body as Schema))) : NONE;
    return named(1, code, message(1, [...text(1, description), ...content]));
  });
  return [
    ...texts(1, value.tags),
    ...text(3, value.description),
    ...text(5, value.operationId),
    ...texts(6, value.produces),
    ...texts(7, value.consumes),
    ...(value.parameters?.flatMap((one) => message(8, parameterItem(one))) ?? NONE),
    ...message(9, responses.flat()),
    ...texts(10, value.schemes),
    ...flag(11, value.deprecated),
    ...extensions(13, value),
  ];
}

function parameterItem(value: ParameterV2 | { $ref: string }): Bytes {
  return "$ref" in value ? message(2, text(1, value.$ref)) : message(1, parameter(value));
}

function parameter(value: ParameterV2): Bytes {
  const { description, name, in: place, required, type, uniqueItems } = value;
  if (place === "body") {
    const head = [...text(1, description), ...text(2, name), ...text(3, place), ...flag(4, required)];
    return message(1, [...head, ...message(5, schema((value.schema ?? {}) as Schema))]);
  }
  const head = [...flag(1, required), ...text(2, place), ...text(3, description), ...text(4, name)];
  // Query parameters have one field more, which moves the numbers behind it.
  const [kind, typeNumber, uniqueNumber] = place === "query" ? [3, 6, 20] : [4, 5, 19];
  return message(2, message(kind, [...head, ...text(typeNumber, type), ...flag(uniqueNumber, uniqueItems)]));
}

function schema(value: Schema): Bytes {
  const properties = Object.entries(value.properties ?? {}).flatMap(([name, one]) =>
    named(1, name, schema(one)),
  );
  const additionalProperties: Schema | boolean | undefined = value.additionalProperties;
  return [
    ...text(1, value.$ref),
    ...text(2, value.format),
    ...text(3, value.title),
    ...text(4, value.description),
    ...(value.default === undefined ? NONE : any(5, value.default)),
    ...double(6, value.multipleOf),
    ...double(7, value.maximum),
    ...flag(8, value.exclusiveMaximum),
    ...double(9, value.minimum),
    ...flag(10, value.exclusiveMinimum),
    ...integer(11, value.maxLength),
    ...integer(12, value.minLength),
    ...text(13, value.pattern),
    ...integer(14, value.maxItems),
    ...integer(15, value.minItems),
    ...flag(16, value.uniqueItems),
    ...integer(17, value.maxProperties),
    ...integer(18, value.minProperties),
    ...texts(19, value.required),
    ...(value.enum?.flatMap((one) => any(20, one)) ?? NONE),
    ...(additionalProperties === undefined ? NONE : message(21, additional(additionalProperties))),
    ...(value.type ? message(22, text(1, value.type)) : NONE),
    ...(value.items ? message(23, message(1, schema(value.items))) : NONE),
    ...(value.allOf?.flatMap((one) => message(24, schema(one))) ?? NONE),
    ...(value.properties ? message(25, properties) : NONE),
    ...extensions(31, value),
  ];
}

/** A custom resource may say just true or false. */
function additional(value: Schema | boolean): Bytes {
  return typeof value === "boolean" ? flag(2, value) : message(1, schema(value));
}
