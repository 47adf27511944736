/**
 * A protobuf answer as a tree of field numbers. Without the schema a length-delimited field may be text, bytes or a
 * message; the same guess is made for both servers, and that is all a comparison needs.
 */

import type { Json, JsonObject } from "./json.ts";

const MAGIC = Buffer.from("k8s\0", "latin1");

export function isProtobuf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).equals(MAGIC);
}

export function describeProtobuf(bytes: Uint8Array): Json {
  return { protobuf: describeMessage(Buffer.from(bytes.subarray(MAGIC.length))) ?? "unreadable" };
}

interface Cursor {
  at: number;
}

function readVarint(bytes: Buffer, cursor: Cursor): bigint | undefined {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bytes[cursor.at++];
    if (byte === undefined) return undefined;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return undefined;
}

function readField(bytes: Buffer, cursor: Cursor, wireType: number): Json | undefined {
  if (wireType === 0) {
    const number = readVarint(bytes, cursor);
    return number === undefined ? undefined : `number ${number}`;
  }
  if (wireType === 1 || wireType === 5) {
    const length = wireType === 1 ? 8 : 4;
    cursor.at += length;
    return cursor.at <= bytes.length
      ? `hex ${bytes.subarray(cursor.at - length, cursor.at).toString("hex")}`
      : undefined;
  }
  if (wireType !== 2) return undefined;
  const length = readVarint(bytes, cursor);
  if (length === undefined || length > BigInt(bytes.length - cursor.at)) return undefined;
  const content = bytes.subarray(cursor.at, cursor.at + Number(length));
  cursor.at += Number(length);
  return describeContent(content);
}

function describeContent(content: Buffer): Json {
  if (content.length === 0) return "";
  const text = content.toString("utf8");
  // Printable text is text, even where it could be read as a message.
  if (/^[\x20-\x7e\n\t]*$/.test(text)) return text;
  return describeMessage(content) ?? `base64 ${content.toString("base64")}`;
}

function describeMessage(bytes: Buffer): JsonObject | undefined {
  const fields: Record<string, Json[]> = {};
  const cursor = { at: 0 };
  while (cursor.at < bytes.length) {
    const tag = readVarint(bytes, cursor);
    if (tag === undefined || tag < 8n || tag >> 3n > 10_000n) return undefined;
    const value = readField(bytes, cursor, Number(tag & 7n));
    if (value === undefined) return undefined;
    const number = String(tag >> 3n);
    fields[number] = [...(fields[number] ?? []), value];
  }
  return fields;
}
