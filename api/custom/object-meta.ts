/**
 * kind, apiVersion and metadata of a custom resource and of what is embedded in it: typed, though the rest is not.
 * Source: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta.
 */
import { setKey } from "../json.ts";
import type { JsonObject, JsonValue, ObjectMeta } from "../object.ts";
import { decodeStruct } from "../schema/decode.ts";
import { DecodeError } from "../schema/decode-error.ts";
import { loadTables } from "../schema/tables.ts";
import type { StructType } from "../schema/types.ts";
import { type FieldError, FieldPath, invalid, required } from "../validation/field.ts";
import { checkDns1035Label, nameIsPathSegment } from "../validation/names.ts";
import { validateAnyObjectMeta } from "../validation/object-meta.ts";
import { additionalOf, isJsonObject, itemsOf, type JsonSchema, propertyOf } from "./json-schema.ts";

export function objectMetaStruct(): StructType {
  const struct = loadTables().struct("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
  if (!struct) throw new TypeError("no type for ObjectMeta");
  return struct;
}

export interface CoerceOptions {
  /** Report unknown fields. */
  strict: boolean;
  /** What was stored once stays readable: fields of a wrong type are left out. */
  dropInvalid: boolean;
}

/** An ObjectMeta in the form of the API with the paths of its unknown fields. @throws DecodeError */
export function coerceObjectMeta(
  value: JsonValue,
  path: string,
  { strict, dropInvalid }: CoerceOptions,
): { metadata: JsonObject; unknown: string[] } {
  const struct = objectMetaStruct();
  try {
    const { value: metadata, strictErrors } = decodeStruct(struct, value ?? {}, { strict });
    return { metadata, unknown: strictErrors.map((error) => unknownPath(error, path)) };
  } catch (error) {
    if (!dropInvalid || !(error instanceof DecodeError) || !isJsonObject(value)) throw error;
    return { metadata: decodeByField(struct, value), unknown: [] };
  }
}

function unknownPath(error: string, path: string): string {
  const field = /^unknown field "(.*)"$/s.exec(error)?.[1] ?? error;
  return `${path}.${field}`;
}

function decodeByField(struct: StructType, value: JsonObject): JsonObject {
  const kept: JsonObject = {};
  for (const [name, member] of Object.entries(value)) {
    try {
      decodeStruct(struct, { [name]: member });
      setKey(kept, name, member);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }
  return decodeStruct(struct, kept).value;
}

/** Brings embedded objects into form, in place; returns the paths of unknown fields. @throws DecodeError */
export function coerceEmbedded(
  value: JsonValue,
  schema: JsonSchema | undefined,
  options: CoerceOptions,
): string[] {
  const unknown: string[] = [];
  coerce(value, schema, "", options, unknown);
  return unknown.sort();
}

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

function coerce(
  value: JsonValue,
  schema: JsonSchema | undefined,
  path: string,
  options: CoerceOptions,
  unknown: string[],
): void {
  if (!schema) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      coerce(item, itemsOf(schema), `${path}[${index}]`, options, unknown);
    });
    return;
  }
  if (!isJsonObject(value)) return;
  if (schema["x-kubernetes-embedded-resource"]) coerceResource(value, path, options, unknown);
  for (const key of Object.keys(value)) {
    const property = propertyOf(schema, key);
    const inner = property ?? additionalOf(schema);
    const at = property ? join(path, key) : `${path}[${key}]`;
    if (inner) coerce(value[key]!, inner, at, options, unknown);
  }
}

function coerceResource(value: JsonObject, path: string, options: CoerceOptions, unknown: string[]): void {
  const refuse = (key: string, problem: string): DecodeError => {
    const { field, body } = invalid(join(path, key), value[key], problem);
    return new DecodeError(`${field}: ${body}`);
  };
  for (const key of ["apiVersion", "kind"]) {
    if (!Object.hasOwn(value, key) || typeof value[key] === "string") continue;
    if (!options.dropInvalid) throw refuse(key, "must be a string");
    delete value[key];
  }
  if (!Object.hasOwn(value, "metadata")) return;
  try {
    const coerced = coerceObjectMeta(value["metadata"]!, join(path, "metadata"), options);
    unknown.push(...coerced.unknown);
    value["metadata"] = coerced.metadata;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    if (!options.dropInvalid) throw refuse("metadata", error.message);
  }
}

/** Checks kind, apiVersion and metadata of embedded objects; the root has its own checks. */
export function validateEmbedded(
  value: JsonValue,
  schema: JsonSchema | undefined,
  path?: FieldPath,
): FieldError[] {
  if (!schema) return [];
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return value.flatMap((item, index) => validateEmbedded(item, items, path?.index(index)));
  }
  if (!isJsonObject(value)) return [];
  const errors = schema["x-kubernetes-embedded-resource"] && path ? validateResource(value, path) : [];
  for (const key of Object.keys(value)) {
    const property = propertyOf(schema, key);
    const at = property ? childOf(path, key) : (path?.key(key) ?? FieldPath.of(`[${key}]`));
    errors.push(...validateEmbedded(value[key]!, property ?? additionalOf(schema), at));
  }
  return errors;
}

export const childOf = (path: FieldPath | undefined, name: string): FieldPath =>
  path ? path.child(name) : FieldPath.of(name);

function validateResource(value: JsonObject, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { apiVersion, kind, metadata } = value;
  if (apiVersion === undefined) errors.push(required(path.child("apiVersion")));
  if (kind === undefined) errors.push(required(path.child("kind")));
  if (apiVersion !== undefined) errors.push(...validateApiVersion(apiVersion, path.child("apiVersion")));
  if (kind !== undefined) errors.push(...validateKind(kind, path.child("kind")));
  if (metadata !== undefined) errors.push(...validateMetadata(metadata, path.child("metadata")));
  return errors;
}

function validateApiVersion(value: JsonValue, path: FieldPath): FieldError[] {
  if (typeof value !== "string") return [invalid(path, value, "must be a string")];
  if (value === "") return [invalid(path, value, "must not be empty")];
  if (value.split("/").length <= 2) return [];
  return [invalid(path, value, `unexpected GroupVersion string: ${value}`)];
}

function validateKind(value: JsonValue, path: FieldPath): FieldError[] {
  if (typeof value !== "string") return [invalid(path, value, "must be a string")];
  if (value === "") return [invalid(path, value, "must not be empty")];
  const problems = checkDns1035Label(value.toLowerCase());
  if (problems.length === 0) return [];
  return [invalid(path, value, `may have mixed case, but should otherwise match: ${problems.join(",")}`)];
}

function validateMetadata(value: JsonValue, path: FieldPath): FieldError[] {
  try {
    const { metadata } = coerceObjectMeta(value, "", { strict: false, dropInvalid: false });
    const meta = metadata as ObjectMeta;
    // A name is not asked for.
    const named = meta.name ? meta : { ...meta, name: "fakename" };
    return validateAnyObjectMeta(named, !!meta.namespace, nameIsPathSegment, path);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [invalid(path, value, error.message)];
  }
}
