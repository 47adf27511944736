/** A field that takes a number or a string, such as a port or a percentage: apimachinery's pkg/util/intstr. */
import { goQuote } from "./go-format.ts";

export type IntOrString = number | string;

/** A string that is neither a number nor a percentage where one is needed; the message is upstream's. */
export class IntOrStringError extends Error {
  override readonly name = "IntOrStringError";
}

const decimal = /^[+-]?\d+$/;

/** strconv.Atoi, the way in which it fails included. */
function atoi(text: string): number {
  if (!decimal.test(text))
    throw new IntOrStringError(`strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`);
  const value = BigInt(text.replace(/^\+/, ""));
  if (BigInt.asIntN(64, value) !== value)
    throw new IntOrStringError(`strconv.Atoi: parsing ${goQuote(text)}: value out of range`);
  return Number(value);
}

/** The number, or the number that a string spells; 0 for any other string. */
export function intValue(value: IntOrString): number {
  if (typeof value === "number") return value;
  try {
    return atoi(value);
  } catch {
    return 0;
  }
}

/**
 * A number as it is, a percentage of a total rounded up or down (GetScaledValueFromIntOrPercent).
 * @throws IntOrStringError where a string is not a percentage.
 */
export function scaledIntOrPercent(value: IntOrString, total: number, roundUp: boolean): number {
  if (typeof value === "number") return value;
  if (!value.endsWith("%"))
    throw new IntOrStringError("invalid value for IntOrString: invalid type: string is not a percentage");
  const scaled = (percentOf(value) * total) / 100;
  return roundUp ? Math.ceil(scaled) : Math.floor(scaled);
}

function percentOf(value: string): number {
  try {
    return atoi(value.slice(0, -1));
  } catch (error) {
    throw new IntOrStringError(
      `invalid value for IntOrString: invalid value ${goQuote(value)}: ${error instanceof Error ? error.message : error}`,
    );
  }
}

/** An int32 where the text spells one, else the text (intstr.Parse). */
export function parseIntOrString(text: string): IntOrString {
  if (!decimal.test(text)) return text;
  const value = Number(text);
  return value >= -(2 ** 31) && value < 2 ** 31 ? value : text;
}
