/** Bytes that should be UTF-8 as text. */
import { isUtf8 } from "node:buffer";

/** As Go, each byte that is not UTF-8 becomes a U+FFFD of its own. */
export function decodeText(text: string | Uint8Array): string {
  return (typeof text === "string" ? text : decodeMarked(text)).toWellFormed();
}

/** Half a pair of surrogates stands for each byte that is not UTF-8; markedByte tells which. */
export function decodeMarked(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString();
  let out = "";
  for (let at = 0; at < buffer.length; ) {
    const size = characterSize(buffer, at);
    out += size === 0 ? String.fromCharCode(mark | buffer[at]!) : buffer.toString("utf8", at, at + size);
    at += size || 1;
  }
  return out;
}

const mark = 0xdc00;

export const markedByte = (code: number): number | undefined =>
  code >> 8 === mark >> 8 ? code & 0xff : undefined;

/** Bytes of the UTF-8 character at a place; 0 where there is none. */
function characterSize(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const size = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  return size > 0 && at + size <= bytes.length && isUtf8(bytes.subarray(at, at + size)) ? size : 0;
}
