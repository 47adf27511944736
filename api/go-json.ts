import { stringifyJson } from "./json.ts";

const escapes: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/** The text that Go's json.Marshal writes: some characters are escaped, so that it can stand in HTML. */
export function goJson(value: unknown): string {
  return escapeForHtml(stringifyJson(value));
}

/** The same of what is JSON already. */
export function escapeForHtml(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (char) => escapes[char]!);
}
