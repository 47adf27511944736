/**
 * The v2 document as protobuf, which client-go's DiscoveryClient.OpenAPISchema asks for. Messages and numbers are
 * those of openapiv2/OpenAPIv2.proto in github.com/google/gnostic-models.
 */
import type { DocumentOptions, DocumentV2, Parts } from "./document.ts";
import {
  any,
  type Bytes,
  double,
  extensions,
  flag,
  integer,
  join,
  message,
  NONE,
  named,
  text,
  texts,
} from "./gnostic-message.ts";
import type { OperationV2, ParameterV2, PathItemV2 } from "./paths-v2.ts";
import type { Schema } from "./schema.ts";

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
