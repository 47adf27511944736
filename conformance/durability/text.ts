import { createHash } from "node:crypto";
import type { Entry } from "./door.ts";

/** The store puts the revision behind this. */
export const revisionMark = "revision=";

/** A value that shows whether it is whole: its key, a number, padding and a digest of all that. */
export function makeText(key: string, number: number, size: number): string {
  const body = `${key} ${number} ${"x".repeat(size)}`;
  return `${digestOf(body)} ${body} ${revisionMark}`;
}

/** The number in a value; undefined if anything about the value or its place is wrong. */
export function numberIn(entry: Entry): number | undefined {
  const [digest, key, number, padding, revision, ...rest] = Buffer.from(entry.bytes).toString().split(" ");
  if (rest.length > 0 || key !== entry.key) return undefined;
  if (revision !== `${revisionMark}${entry.revision}`) return undefined;
  if (digest !== digestOf(`${key} ${number} ${padding}`)) return undefined;
  return Number(number);
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
