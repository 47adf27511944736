/** Scale, printer columns and selectable fields of a version. */
import { FieldPathError, type FoundField, findField } from "../../custom/field-path.ts";
import type { JsonSchema } from "../../custom/json-schema.ts";
import type { ScalePaths } from "../../custom/scale.ts";
import type { PrinterColumn } from "../../custom/table.ts";
import { duplicate, type FieldError, type FieldPath, invalid, required, tooMany } from "../field.ts";

/** Source: validateSimpleJSONPath. */
function validatePath(text: string, path: FieldPath): FieldError[] {
  return text.startsWith(".") ? [] : [invalid(path, text, "must be a simple json path starting with .")];
}

/** Source: ValidateCustomResourceDefinitionSubresources. */
export function validateScale(scale: ScalePaths | undefined, path: FieldPath): FieldError[] {
  if (!scale) return [];
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const errors = [
    ...validateReplicasPath(specReplicasPath, ".spec", path.child("scale.specReplicasPath")),
    ...validateReplicasPath(statusReplicasPath, ".status", path.child("scale.statusReplicasPath")),
  ];
  if (!labelSelectorPath) return errors;
  const at = path.child("scale.labelSelectorPath");
  const problems = validatePath(labelSelectorPath, at);
  if (problems.length === 0 && !/^\.(spec|status)\./.test(labelSelectorPath)) {
    problems.push(invalid(at, labelSelectorPath, "should be a json path under either .spec or .status"));
  }
  return [...errors, ...problems];
}

function validateReplicasPath(text: string, under: string, path: FieldPath): FieldError[] {
  if (text === "") return [required(path)];
  const errors = validatePath(text, path);
  if (errors.length > 0 || text.startsWith(`${under}.`)) return errors;
  return [invalid(path, text, `should be a json path under ${under}`)];
}

const columnTypes = ["boolean", "date", "integer", "number", "string"];
const columnFormats = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

/** Source: ValidateCustomResourceColumnDefinition. */
export function validateColumn(
  { name, type, format, jsonPath }: PrinterColumn,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const types = `must be one of ${columnTypes.join(",")}`;
  if (name === "") errors.push(required(path.child("name")));
  if (type === "") errors.push(required(path.child("type"), types));
  else if (!columnTypes.includes(type)) errors.push(invalid(path.child("type"), type, types));
  if (format && !columnFormats.includes(format)) {
    errors.push(invalid(path.child("format"), format, `must be one of ${columnFormats.join(",")}`));
  }
  const at = path.child("JSONPath");
  return [...errors, ...(jsonPath === "" ? [required(at)] : validatePath(jsonPath, at))];
}

export const maxSelectableFields = 8;

/** Source: ValidateCustomResourceSelectableFields. allowTooMany: they were stored so. */
export function validateSelectableFields(
  fields: readonly { jsonPath: string }[],
  schema: JsonSchema,
  path: FieldPath,
  allowTooMany: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, { jsonPath }] of fields.entries()) {
    const at = path.index(index).child("jsonPath");
    if (jsonPath === "") {
      errors.push(required(at));
      continue;
    }
    const found = foundField(schema, jsonPath);
    if (found instanceof FieldPathError) {
      errors.push(invalid(at, jsonPath, `is an invalid path: ${found.message}`));
      continue;
    }
    if (/^metadata([.[]|$)/.test(found.path)) {
      errors.push(invalid(at, jsonPath, "must not point to fields in metadata"));
    }
    if (!["string", "boolean", "integer"].includes(found.schema?.type ?? "")) {
      const detail =
        "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
      errors.push(invalid(at, jsonPath, detail));
    }
    if (seen.has(found.path)) errors.push(duplicate(at, jsonPath));
    seen.add(found.path);
  }
  if (seen.size > maxSelectableFields && !allowTooMany) {
    errors.push(tooMany(path, seen.size, maxSelectableFields));
  }
  return errors;
}

function foundField(schema: JsonSchema, jsonPath: string): FoundField | FieldPathError {
  try {
    return findField(jsonPath, schema, false);
  } catch (error) {
    if (error instanceof FieldPathError) return error;
    throw error;
  }
}
