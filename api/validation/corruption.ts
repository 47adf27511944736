/** For tests of validation: valid objects with one thing changed. */
import type { FieldError } from "./field.ts";

/** A JSON pointer to what is changed, the value that takes its place (undefined: removed), and what is said of it. */
export type Corruption = readonly [pointer: string, value: unknown, problems: readonly string[]];

/** A copy of the object with the change. */
export function corrupted<T>(object: T, pointer: string, value: unknown): T {
  const copy = structuredClone(object);
  const keys = pointer
    .slice(1)
    .split("/")
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop()!;
  const holder = keys.reduce((at, key) => at[key] as Members, copy as Members);
  if (value !== undefined) holder[last] = structuredClone(value);
  else if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else delete holder[last];
  return copy;
}

interface Members {
  [key: string]: unknown;
}

export const problems = (errors: readonly FieldError[]): string[] =>
  errors.map(({ field, body }) => `${field}: ${body}`);
