/**
 * Defaults fit the schema that they stand in.
 * Source: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting/validation.go.
 */
import { cloneJson } from "../json-clone.ts";
import { jsonEqual } from "../json-equal.ts";
import { DecodeError } from "../schema/decode-error.ts";
import { type FieldError, type FieldPath, invalid } from "../validation/field.ts";
import { itemsOf, type JsonSchema, resourceRoot } from "./json-schema.ts";
import { coerceEmbedded, validateEmbedded } from "./object-meta.ts";
import { pruneBy } from "./prune.ts";
import { fieldErrors } from "./value-result.ts";
import { validateValue } from "./value-validation.ts";

/** requirePruned: a default has no unknown fields. */
export function validateDefaults(schema: JsonSchema, path: FieldPath, requirePruned: boolean): FieldError[] {
  return validate(resourceRoot(schema), path, false, requirePruned);
}

const metaFields: readonly string[] = ["metadata", "apiVersion", "kind"];

function validate(
  schema: JsonSchema,
  path: FieldPath,
  insideMeta: boolean,
  requirePruned: boolean,
): FieldError[] {
  const isResource = schema["x-kubernetes-embedded-resource"] === true;
  const inside = insideMeta && !isResource;
  const errors: FieldError[] = [];
  if (schema.default !== undefined && schema.default !== null) {
    errors.push(...validateDefault(schema, path.child("default"), inside, requirePruned));
  }
  const items = itemsOf(schema);
  if (items) errors.push(...validate(items, path.child("items"), inside, requirePruned));
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const isMeta = inside || (isResource && metaFields.includes(name));
    errors.push(...validate(property, path.child("properties").key(name), isMeta, requirePruned));
  }
  return errors;
}

function validateDefault(
  schema: JsonSchema,
  path: FieldPath,
  insideMeta: boolean,
  requirePruned: boolean,
): FieldError[] {
  const value = schema.default!;
  const errors: FieldError[] = [];
  if (!insideMeta) {
    const pruned = cloneJson(value);
    pruneBy(pruned, schema);
    if (requirePruned && !jsonEqual(pruned, value))
      errors.push(invalid(path, value, "must not have unknown fields"));
    try {
      coerceEmbedded(cloneJson(value), schema, { strict: false, dropInvalid: false });
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return [...errors, invalid(path, value, error.message)];
    }
    const embedded = validateEmbedded(value, schema, path);
    if (embedded.length > 0) return [...errors, ...embedded];
  }
  return [...errors, ...fieldErrors(validateValue(value, schema, undefined).problems, String(path))];
}
