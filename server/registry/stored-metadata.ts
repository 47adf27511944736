import { deepFreeze } from "../../api/deep-freeze.ts";
import type { ObjectMeta } from "../../api/object.ts";
import type { Entry } from "../storage/contract.ts";

const metadataField = Buffer.from('"metadata":{');
const [quote, backslash, comma, m] = [0x22, 0x5c, 0x2c, 0x6d];

/** What an entry says in its metadata before managedFields, frozen; the rest is not decoded. */
export function decodeMetadata({ bytes }: Entry): ObjectMeta {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Before it there are kind and apiVersion.
  const start = buffer.indexOf(metadataField) + metadataField.length - 1;
  return deepFreeze(JSON.parse(`${buffer.toString("utf8", start, endOfOwnMetadata(buffer, start))}}`));
}

/** Where managedFields or else the end of the metadata object begins. */
function endOfOwnMetadata(buffer: Buffer, start: number): number {
  let depth = 0;
  for (let at = start; ; at++) {
    const byte = buffer[at]!;
    if (byte === quote) {
      // No other field begins with m.
      if (depth === 1 && buffer[at + 1] === m && buffer[at - 1] === comma) return at - 1;
      at = closingQuote(buffer, at);
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
    } else if (byte === 0x7d || byte === 0x5d) {
      if (--depth === 0) return at;
    }
  }
}

function closingQuote(buffer: Buffer, start: number): number {
  let at = start + 1;
  for (; buffer[at] !== quote; at++) if (buffer[at] === backslash) at++;
  return at;
}
