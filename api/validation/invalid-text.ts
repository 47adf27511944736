import { type FieldError, type FieldPath, invalid } from "./field.ts";

/** One "Invalid value" for each thing that a check of names.ts found wrong with a text. */
export function invalidText(path: FieldPath, value: string, problems: readonly string[]): FieldError[] {
  return problems.map((problem) => invalid(path, value, problem));
}
