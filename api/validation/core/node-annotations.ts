/**
 * Annotations of nodes that hold JSON, from before there were fields for it.
 * Source: ValidateNodeSpecificAnnotations in pkg/apis/core/validation/validation.go.
 */
import { JsonError, parseJson } from "../../json.ts";
import type { JsonObject, JsonValue } from "../../object.ts";
import { type FieldError, type FieldPath, invalid, required } from "../field.ts";
import { type Taint, validateTaints } from "./taints.ts";

const taintsAnnotation = "scheduler.alpha.kubernetes.io/taints";
const avoidPodsAnnotation = "scheduler.alpha.kubernetes.io/preferAvoidPods";

export function validateNodeAnnotations(
  annotations: Readonly<Record<string, string>>,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const taints = annotations[taintsAnnotation];
  if (taints) errors.push(...validateTaintsAnnotation(taints, path));
  const avoidPods = annotations[avoidPodsAnnotation];
  if (avoidPods) errors.push(...validateAvoidPodsAnnotation(avoidPods, path));
  return errors;
}

/** Go's name of the type of a JSON value in "cannot unmarshal" errors. */
function jsonKind(value: JsonValue): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "object") return "object";
  if (typeof value === "boolean") return "bool";
  return typeof value === "string" ? "string" : "number";
}

class UnmarshalError extends Error {}

/** json.Unmarshal into a Go type that is made of objects: the text's error, or what read makes of its value. */
function unmarshal<T>(text: string, read: (value: JsonValue) => T): T | string {
  try {
    return read(parseJson(text).value);
  } catch (error) {
    if (error instanceof JsonError || error instanceof UnmarshalError) return error.message;
    throw error;
  }
}

function listOf(value: JsonValue, goType: string, itemType: string): JsonObject[] {
  if (value === null) return [];
  if (!Array.isArray(value)) {
    throw new UnmarshalError(`json: cannot unmarshal ${jsonKind(value)} into Go ${goType}`);
  }
  return value.map((item) => objectOf(item ?? {}, itemType));
}

function objectOf(value: JsonValue, goType: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new UnmarshalError(`json: cannot unmarshal ${jsonKind(value)} into Go ${goType}`);
}

function validateTaintsAnnotation(text: string, path: FieldPath): FieldError[] {
  const taints = unmarshal(text, (value) =>
    listOf(value, "value of type []core.Taint", "value of type core.Taint").map(readTaint),
  );
  if (typeof taints === "string") return [invalid(path, taintsAnnotation, taints)];
  return validateTaints(taints, path.child(taintsAnnotation));
}

/** The internal type has no JSON tags: field names match in any case. */
function readTaint(object: JsonObject): Taint {
  const taint: Taint = {};
  for (const [name, value] of Object.entries(object)) {
    const field = (["key", "value", "effect"] as const).find((known) => known === name.toLowerCase());
    if (!field || value === null) continue;
    if (typeof value !== "string") {
      const goName = field[0]!.toUpperCase() + field.slice(1);
      const type = field === "effect" ? "core.TaintEffect" : "string";
      throw new UnmarshalError(
        `json: cannot unmarshal ${jsonKind(value)} into Go struct field Taint.${goName} of type ${type}`,
      );
    }
    taint[field] = value;
  }
  return taint;
}

function validateAvoidPodsAnnotation(text: string, path: FieldPath): FieldError[] {
  const controllers = unmarshal(text, (value) => {
    const { preferAvoidPods = null } = objectOf(value ?? {}, "value of type v1.AvoidPods");
    const field = "struct field AvoidPods.preferAvoidPods of type";
    const entries = listOf(
      preferAvoidPods,
      `${field} []v1.PreferAvoidPodsEntry`,
      `${field} v1.PreferAvoidPodsEntry`,
    );
    return entries.map((entry) => {
      const signature = objectOf(entry["podSignature"] ?? {}, "value of type v1.PodSignature");
      const controller = signature["podController"] ?? null;
      return controller === null ? undefined : objectOf(controller, "value of type v1.OwnerReference");
    });
  });
  if (typeof controllers === "string")
    return [invalid(path.child("AvoidPods"), avoidPodsAnnotation, controllers)];
  return controllers.flatMap((controller, index) => {
    const at = path.child(avoidPodsAnnotation).index(index).child("PodSignature");
    if (!controller) return [required(at)];
    if (controller["controller"] === true) return [];
    return [invalid(at.child("PodController", "Controller"), false, "must point to a controller")];
  });
}
