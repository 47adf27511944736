/** Limits of numbers. Source: numberValidator of k8s.io/kube-openapi/pkg/validation/validate. */
import { goFloat } from "../go-format.ts";
import { isInt64 } from "./go-number.ts";
import type { JsonSchema } from "./json-schema.ts";
import { type Problem, ValueResult } from "./value-result.ts";

interface Numeric {
  path: string;
  value: number | bigint;
  isInt: boolean;
  /** "integer", "number", or "" where the type is open. */
  type: string;
  format: string;
}

export function validateNumber(
  value: number | bigint,
  schema: JsonSchema,
  types: readonly string[],
  format: string,
  path: string,
): ValueResult {
  const result = new ValueResult();
  const type = types.length === 1 ? types[0]! : "";
  const number: Numeric = { path, value, isInt: isInt64(value), type, format: type === "" ? "" : format };
  const { multipleOf, maximum, minimum, exclusiveMaximum = false, exclusiveMinimum = false } = schema;
  const add = (...problems: (Problem | undefined)[]) =>
    result.add(...problems.filter((one) => one !== undefined));
  add(rangeProblem(number, value, "Checked"));
  if (multipleOf !== undefined) {
    const range = rangeProblem(number, multipleOf, "MultipleOf");
    add(range, multipleProblem(number, multipleOf, !range));
  }
  // Upstream reports the lower limit first.
  if (minimum !== undefined) {
    const range = rangeProblem(number, minimum, "Minimum boundary");
    add(range, limitProblem(number, minimum, exclusiveMinimum, "minimum", !range));
  }
  if (maximum !== undefined) {
    const range = rangeProblem(number, maximum, "Maximum boundary");
    add(range, limitProblem(number, maximum, exclusiveMaximum, "maximum", !range));
  }
  result.matches++;
  return result;
}

const maxFloat32 = 3.4028234663852886e38;

/** Whether a value, or a limit in the schema, can be of the type and format at all. */
function rangeProblem(
  { type, format, path }: Numeric,
  value: number | bigint,
  what: string,
): Problem | undefined {
  const max = format === "int32" ? 2147483647n : 9223372036854775807n;
  const isWhole = typeof value === "bigint" || Number.isInteger(value);
  const fits =
    type === "integer"
      ? isWhole && BigInt(value) <= max && BigInt(value) >= -max - 1n
      : format !== "float" || Math.abs(Number(value)) <= maxFloat32;
  if (fits) return undefined;
  const wanted = format === "" ? "(default format)" : `with format ${format}`;
  const message = `${what} value must be of type ${type} ${wanted} in ${path}`;
  return { kind: "composite", name: "", message };
}

function multipleProblem(number: Numeric, multipleOf: number, native: boolean): Problem | undefined {
  const { path, value } = number;
  const asInt = native && number.isInt;
  const factor = asInt ? Math.trunc(multipleOf) : multipleOf;
  const shown = asInt ? String(factor) : goFloat(factor);
  if (factor <= 0) {
    const message = `factor MultipleOf declared for ${path} must be positive: ${shown}`;
    return { kind: "other", name: path, value: factor, message };
  }
  const isMultiple = asInt
    ? BigInt(value) % BigInt(factor) === 0n
    : isNearlyWhole(factor < 1 ? (1 / factor) * Number(value) : Number(value) / factor);
  if (isMultiple) return undefined;
  const message = `${path} in body should be a multiple of ${shown}`;
  return { kind: "other", name: path, value, message };
}

/** Source: swag.IsFloat64AJSONInteger. */
function isNearlyWhole(value: number): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  const whole = Math.trunc(value);
  if (value === whole) return true;
  return whole !== 0 && Math.abs(value - whole) / (Math.abs(value) + Math.abs(whole)) < 1e-9;
}

function limitProblem(
  number: Numeric,
  limit: number,
  exclusive: boolean,
  which: "minimum" | "maximum",
  native: boolean,
): Problem | undefined {
  const { path, value } = number;
  const asInt = native && number.isInt;
  const bound = asInt ? Math.trunc(limit) : limit;
  const own = asInt ? value : Number(value);
  const beyond = which === "minimum" ? own < bound : own > bound;
  if (!beyond && !(exclusive && Number(own) === bound)) return undefined;
  const relation = which === "minimum" ? "greater than" : "less than";
  const shown = asInt ? String(bound) : goFloat(bound);
  const message = `${path} in body should be ${relation} ${exclusive ? "" : "or equal to "}${shown}`;
  return { kind: "other", name: path, value, message };
}
