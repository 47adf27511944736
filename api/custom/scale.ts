/** The replica counts of a custom resource. Source: validator.go and etcd.go of upstream's registry/customresource. */
import { setKey, stringifyJson } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { type FieldError, invalid } from "../validation/field.ts";
import { isInt64 } from "./go-number.ts";
import { isJsonObject } from "./json-schema.ts";

export interface ScalePaths {
  specReplicasPath: string;
  statusReplicasPath: string;
  labelSelectorPath?: string;
}

export class ScaleError extends Error {
  override readonly name = "ScaleError";
}

export const pathParts = (path: string): string[] => path.replace(/^\./, "").split(".");

/** Undefined: there is nothing. @throws ScaleError where the path leads through something else than objects. */
function valueAt(object: JsonObject, path: string): JsonValue | undefined {
  const parts = pathParts(path);
  let value: JsonValue | undefined = object;
  for (const [index, part] of parts.entries()) {
    if (value === null) return undefined;
    if (!isJsonObject(value)) {
      const at = `.${parts.slice(0, index + 1).join(".")}`;
      const problem = `${at} accessor error: ${goText(value)} is of the type ${goType(value)}, expected map[string]interface{}`;
      throw new ScaleError(problem);
    }
    if (!Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

/** @throws ScaleError */
export function replicasAt(object: JsonObject, path: string): number | undefined {
  const value = valueAt(object, path);
  if (value === undefined) return undefined;
  if (isInt64(value)) return Number(value);
  throw wrongType(value, path, "int64");
}

/** @throws ScaleError */
export function textAt(object: JsonObject, path: string): string | undefined {
  const value = valueAt(object, path);
  if (value === undefined || typeof value === "string") return value;
  throw wrongType(value, path, "string");
}

/** Makes the objects on the way. @throws ScaleError */
export function setReplicas(object: JsonObject, path: string, replicas: number): void {
  const parts = pathParts(path);
  let at = object;
  for (const [index, part] of parts.slice(0, -1).entries()) {
    if (!Object.hasOwn(at, part)) setKey(at, part, {});
    const next = at[part]!;
    if (!isJsonObject(next)) {
      const above = parts.slice(0, index + 1).join(".");
      throw new ScaleError(`value cannot be set because .${above} is not a map[string]interface{}`);
    }
    at = next;
  }
  setKey(at, parts.at(-1)!, replicas);
}

function wrongType(value: JsonValue, path: string, wanted: string): ScaleError {
  const at = `.${pathParts(path).join(".")}`;
  return new ScaleError(
    `${at} accessor error: ${goText(value)} is of the type ${goType(value)}, expected ${wanted}`,
  );
}

const goText = (value: JsonValue | undefined): string =>
  typeof value === "string" ? value : value === null ? "<nil>" : stringifyJson(value);

function goType(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return "[]interface {}";
  if (typeof value === "object") return "map[string]interface {}";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string") return "string";
  return isInt64(value) ? "int64" : "float64";
}

const maxInt32 = 2147483647;

function validateReplicas(object: JsonObject, path: string): FieldError[] {
  return explained(path, 0, () => {
    const replicas = replicasAt(object, path) ?? 0;
    if (replicas < 0) return [invalid(path, replicas, "should be a non-negative integer")];
    if (replicas <= maxInt32) return [];
    return [invalid(path, replicas, `should be less than or equal to ${maxInt32}`)];
  });
}

function explained(path: string, zero: JsonValue, run: () => FieldError[]): FieldError[] {
  try {
    return run();
  } catch (error) {
    if (error instanceof ScaleError) return [invalid(path, zero, error.message)];
    throw error;
  }
}

export function validateScaleSpec(object: JsonObject, scale: ScalePaths | undefined): FieldError[] {
  return scale ? validateReplicas(object, scale.specReplicasPath) : [];
}

export function validateScaleStatus(object: JsonObject, scale: ScalePaths | undefined): FieldError[] {
  if (!scale) return [];
  const { statusReplicasPath, labelSelectorPath } = scale;
  const errors = validateReplicas(object, statusReplicasPath);
  if (labelSelectorPath === undefined) return errors;
  return [
    ...errors,
    ...explained(labelSelectorPath, "", () => {
      textAt(object, labelSelectorPath);
      return [];
    }),
  ];
}
