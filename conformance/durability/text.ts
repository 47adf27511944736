import { createHash } from "node:crypto";
import type { Entry } from "./door.ts";

/** The store puts the revision behind this. */
export const revisionMark = "revision=";

/** A text that shows whether it is whole: its key, a number, padding and a digest of all that. */
export function makeText(key: string, number: number, size: number): string {
  const body = `${key} ${number} ${"x".repeat(size)}`;
  return `${digestOf(body)} ${body}`;
}

/** The number in a text; undefined if anything about the text or its place is wrong. */
export function numberInText(key: string, text: string): number | undefined {
  const [digest, owner, number, padding, ...rest] = text.split(" ");
  if (rest.length > 0 || owner !== key) return undefined;
  return digest === digestOf(`${owner} ${number} ${padding}`) ? Number(number) : undefined;
}

/** The number in a value that ends in its revision. */
export function numberIn(entry: Entry): number | undefined {
  const text = Buffer.from(entry.bytes).toString();
  const mark = ` ${revisionMark}${entry.revision}`;
  return text.endsWith(mark) ? numberInText(entry.key, text.slice(0, -mark.length)) : undefined;
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
