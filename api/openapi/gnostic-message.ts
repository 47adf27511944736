/** Fields of protobuf messages, and what the messages of github.com/google/gnostic-models have in common. */

/** Bytes that make up a message, in the order of its fields. */
export type Bytes = readonly Uint8Array[];

export const NONE: Bytes = [];

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function sizeOf(parts: Bytes): number {
  return parts.reduce((size, part) => size + part.length, 0);
}

/** A field with a message, also an empty one. */
export function message(number: number, parts: Bytes): Bytes {
  return [varint(number * 8 + 2), varint(sizeOf(parts)), ...parts];
}

const encoder = new TextEncoder();

export function text(number: number, value: string | undefined): Bytes {
  return value ? message(number, [encoder.encode(value)]) : NONE;
}

export function texts(number: number, values: readonly string[] | undefined): Bytes {
  return values?.flatMap((value) => text(number, value)) ?? NONE;
}

export function flag(number: number, value: boolean | undefined): Bytes {
  return value ? [varint(number * 8), varint(1)] : NONE;
}

export function integer(number: number, value: number | undefined): Bytes {
  return value ? [varint(number * 8), varint(value)] : NONE;
}

export function double(number: number, value: number | undefined): Bytes {
  return value ? [varint(number * 8 + 1), eightBytes(value)] : NONE;
}

function eightBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}

/** An entry of a map: its name and its value. */
export function named(number: number, name: string, value: Bytes): Bytes {
  return message(number, [...text(1, name), ...message(2, value)]);
}

/** A choice: also written where its value is the default one. */
export function choice(number: number, value: string | number | boolean): Bytes {
  if (typeof value === "string") return message(number, [encoder.encode(value)]);
  if (typeof value === "boolean") return [varint(number * 8), varint(value ? 1 : 0)];
  return [varint(number * 8 + 1), eightBytes(value)];
}

/** Anything, as YAML. */
export function any(number: number, value: unknown): Bytes {
  return message(number, text(2, `${yaml(value, "")}\n`));
}

const PLAIN = /^[A-Za-z](?:[\w.,/+ -]*[\w.,/+-])?$/;
const QUOTABLE = /^[ !#-&(-[\]-~]+$/;
const NOT_TEXT = /^(true|false|null|yes|no|on|off|y|n)$/i;

function yaml(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return value.map((item) => `- ${yaml(item, `${indent}  `)}`).join(`\n${indent}`);
  }
  if (typeof value === "object" && value !== null) return yamlMap(Object.entries(value), indent);
  if (typeof value !== "string") return String(value);
  if (PLAIN.test(value) && !NOT_TEXT.test(value)) return value;
  // What is quoted twice reads the same in JSON and in YAML.
  return QUOTABLE.test(value) ? `'${value}'` : JSON.stringify(value);
}

function yamlMap(entries: readonly [string, unknown][], indent: string): string {
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, value]) => {
    const isNested = typeof value === "object" && value !== null && Object.keys(value).length > 0;
    if (!isNested) return `${yaml(key, "")}: ${yaml(value, "")}`;
    const inner = Array.isArray(value) ? indent : `${indent}  `;
    return `${yaml(key, "")}:\n${inner}${yaml(value, inner)}`;
  });
  return lines.join(`\n${indent}`);
}

export function extensions(number: number, value: object): Bytes {
  return Object.entries(value)
    .filter(([name, content]) => name.startsWith("x-") && content !== undefined)
    .flatMap(([name, content]) => message(number, [...text(1, name), ...any(2, content)]));
}

export function join(parts: Bytes): Uint8Array {
  const all = new Uint8Array(sizeOf(parts));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
