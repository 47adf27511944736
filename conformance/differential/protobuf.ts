/** Writes protobuf by hand, for bodies that a schema would not let through. */

export type ProtobufValue = string | number | Uint8Array | ProtobufMessage;

/** Fields in the order in which they are written: number and value. */
export type ProtobufMessage = readonly (readonly [field: number, value: ProtobufValue])[];

const MAGIC = Buffer.from("k8s\0", "latin1");

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 0x80);
  }
}

/** A message: numbers as varints, everything else by its length. */
export function protobuf(message: ProtobufMessage): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [field, value] of message) {
    if (typeof value === "number") {
      parts.push(Buffer.from([...varint(field * 8), ...varint(value)]));
      continue;
    }
    const content =
      typeof value === "string" ? Buffer.from(value) : Array.isArray(value) ? protobuf(value) : value;
    const bytes = content as Uint8Array;
    parts.push(Buffer.from([...varint(field * 8 + 2), ...varint(bytes.length)]), bytes);
  }
  return Buffer.concat(parts);
}

/** A body as Go clients send it. Source: apimachinery/pkg/runtime/generated.proto, Unknown. */
export function envelope(apiVersion: string, kind: string, object: ProtobufMessage): Uint8Array {
  const unknown = protobuf([
    [
      1,
      [
        [1, apiVersion],
        [2, kind],
      ],
    ],
    [2, protobuf(object)],
  ]);
  return Buffer.concat([MAGIC, unknown]);
}
