import type { JsonValue } from "../object.ts";

/** Whether Go reads a number as an int64. */
export function isInt64(value: JsonValue): value is number | bigint {
  return typeof value === "bigint" ? value === BigInt.asIntN(64, value) : Number.isSafeInteger(value);
}
