/** Booleans of flags and query strings, as Go's strconv.ParseBool reads them. */
import { goQuote } from "./go-format.ts";

const VALUES: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "TRUE", "true", "True"].map((text): [string, boolean] => [text, true]),
  ...["0", "f", "F", "FALSE", "false", "False"].map((text): [string, boolean] => [text, false]),
]);

/** Undefined where Go fails with goBoolError. */
export function parseGoBool(text: string): boolean | undefined {
  return VALUES.get(text);
}

export function goBoolError(text: string): string {
  return `strconv.ParseBool: parsing ${goQuote(text)}: invalid syntax`;
}
