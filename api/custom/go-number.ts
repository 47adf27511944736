import type { JsonValue } from "../object.ts";

/** Whether Go reads a number as an int64. */
export function isInt64(value: JsonValue): value is number | bigint {
  return typeof value === "bigint" ? value === BigInt.asIntN(64, value) : Number.isSafeInteger(value);
}

/** fmt's %v of a float64: as JavaScript writes it, but for the exponents. */
export function goFloat(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e21)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  return String(value);
}
