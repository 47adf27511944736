/**
 * Where the client's generated sources are, and how their text is escaped. They are read as text: importing the
 * 900 modules would take seconds and would lose the comments.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The package whose sources the specification is rebuilt from; only its folder of generated files matters. */
const GENERATED = new URL(".", import.meta.resolve("@kubernetes/client-node/dist/gen/index.js"));

export function readSource(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, GENERATED)), "utf8");
}

/** The text of a block comment without its frame. */
export function commentText(raw: string): string {
  return raw
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, ""))
    .join("\n")
    .trim();
}

/** Undoes the escapes of model comments. */
export function unescapeQuotes(text: string): string {
  return text
    .replace(/\\(['"\\])/g, "$1")
    .replaceAll("*_/", "*/")
    .replaceAll("/_*", "/*");
}

const ENTITIES: Readonly<Record<string, string>> = { quot: '"', lt: "<", gt: ">", amp: "&" };

/** Undoes the escapes of operation comments: HTML entities inside backslashes. */
export function unescapeHtml(text: string): string {
  return text
    .replace(/&(?:#x([0-9A-Fa-f]+)|#(\d+)|(quot|lt|gt|amp));/g, (_, hex, decimal, name) => {
      if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
      return decimal ? String.fromCodePoint(Number(decimal)) : (ENTITIES[name] ?? "");
    })
    .replace(/\\(['"\\])/g, "$1");
}
