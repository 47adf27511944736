import { stringifyJson } from "../../json.ts";
import { type FieldError, type FieldPath, invalid, required, tooLong } from "../field.ts";
import { byteLength } from "../names.ts";

/** validateRawExtension: an object that is not too long, unless it is stored already. */
export function validateRawExtension(
  value: unknown,
  path: FieldPath,
  stored: boolean,
  maxLength: number,
): FieldError[] {
  if (value === undefined || value === null) return [required(path)];
  if (!stored && byteLength(stringifyJson(value)) > maxLength) return [tooLong(path, maxLength)];
  if (typeof value === "object" && !Array.isArray(value)) return [];
  return [invalid(path, "<value omitted>", "must be a valid JSON object")];
}
