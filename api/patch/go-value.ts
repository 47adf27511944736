/** JSON trees as Go's fmt prints them with %v, which is how patch errors show them to clients. */
import { goFloat } from "../go-format.ts";
import type { JsonValue } from "../object.ts";

/** fmt's %v of an unmarshalled JSON value: map[a:1 b:[x <nil>]], keys sorted. */
export function goValue(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return "<nil>";
  if (Array.isArray(value)) return `[${value.map(goValue).join(" ")}]`;
  if (typeof value !== "object") return goScalar(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${key}:${goValue(value[key])}`);
  return `map[${members.join(" ")}]`;
}

function goScalar(value: string | number | bigint | boolean): string {
  return typeof value === "number" && !Number.isSafeInteger(value) ? goFloat(value) : String(value);
}

/** fmt's %s of an unmarshalled JSON value. */
export function goString(value: JsonValue): string {
  if (typeof value === "string" || (typeof value === "object" && value !== null)) return goValue(value);
  return value === null ? "%!s(<nil>)" : `%!s(${goTypeName(value)}=${goValue(value)})`;
}

/** The name of the Go type that holds an unmarshalled JSON value. */
export function goTypeName(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return "%!s(<nil>)";
  if (Array.isArray(value)) return "[]interface {}";
  switch (typeof value) {
    case "object":
      return "map[string]interface {}";
    case "boolean":
      return "bool";
    case "string":
      return "string";
    default:
      return typeof value === "bigint" || Number.isInteger(value) ? "int64" : "float64";
  }
}

/** What encoding/json calls a JSON value in "cannot unmarshal" errors. */
export function jsonKindName(value: JsonValue): string {
  if (Array.isArray(value)) return "array";
  switch (typeof value) {
    case "object":
      return "object";
    case "boolean":
      return "bool";
    case "string":
      return "string";
    default:
      return "number";
  }
}

export function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
