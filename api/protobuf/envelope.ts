/**
 * application/vnd.kubernetes.protobuf: four bytes "k8s\0", then a runtime.Unknown with the object's type and its
 * message. Source: apimachinery's pkg/runtime/serializer/protobuf.
 */
import type { JsonObject } from "../object.ts";
import { tryNormalize } from "../schema/normalize.ts";
import type { StructType } from "../schema/types.ts";
import { decodeMessage, readFields } from "./decode.ts";
import { writeMessage } from "./encode.ts";
import { wireTypes } from "./layout.ts";
import { metaKind } from "./meta-structs.ts";
import { ProtobufError } from "./protobuf-error.ts";
import { Reader } from "./reader.ts";
import { ReverseWriter } from "./reverse-writer.ts";

export const protobufPrefix = Buffer.from("k8s\0");

/** Has no protobuf form: 406 with this message, in upstream. */
export class NotMarshalableError extends Error {
  override readonly name = "NotMarshalableError";
}

const bytesTag = (number: number): number => (number << 3) | wireTypes.bytes;

/**
 * An object, normalized, in its envelope. Without a struct it is one of meta/v1's own kinds (Status,
 * PartialObjectMetadata).
 */
export function encodeProtobuf(object: JsonObject, struct: StructType | undefined): Buffer {
  const { kind = "", apiVersion = "" } = object as { kind?: string; apiVersion?: string };
  const known = struct ?? metaKind(kind, apiVersion);
  if (!known)
    throw new NotMarshalableError(
      `object *v1.${kind} does not implement the protobuf marshalling interface and cannot be encoded to a protobuf message`,
    );
  const writer = new ReverseWriter();
  // contentType and contentEncoding, always empty and always written.
  writeText(writer, 4, "");
  writeText(writer, 3, "");
  writePart(writer, 2, () => writeMessage(writer, known, object));
  writePart(writer, 1, () => {
    writeText(writer, 2, kind);
    writeText(writer, 1, apiVersion);
  });
  writer.bytes(protobufPrefix);
  return writer.finish();
}

function writeText(writer: ReverseWriter, number: number, text: string): void {
  writer.string(text);
  writer.byte(bytesTag(number));
}

function writePart(writer: ReverseWriter, number: number, write: () => void): void {
  const end = writer.length;
  write();
  writer.varint(writer.length - end);
  writer.byte(bytesTag(number));
}

/** A watch event around an encoded object, with its length as four bytes before it. */
export function encodeWatchFrame(type: string, object: Uint8Array): Buffer {
  const writer = new ReverseWriter(object.length + 64);
  writePart(writer, 2, () =>
    writePart(writer, 1, () => {
      writer.bytes(object);
    }),
  );
  writeText(writer, 1, type);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(writer.length);
  writer.bytes(length);
  return writer.finish();
}

export interface Envelope {
  apiVersion: string;
  kind: string;
  raw: Uint8Array;
}

/**
 * Takes the envelope off.
 * @throws ProtobufError
 */
export function openEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length === 0) throw new ProtobufError("empty data");
  const { length } = protobufPrefix;
  if (!protobufPrefix.equals(bytes.subarray(0, length)))
    throw new ProtobufError(
      `provided data does not appear to be a protobuf message, expected prefix [${[...protobufPrefix].join(" ")}]`,
    );
  if (bytes.length === length) throw new ProtobufError("empty body");
  const envelope: Envelope = { apiVersion: "", kind: "", raw: new Uint8Array() };
  const reader = new Reader(bytes.subarray(length));
  readFields(reader, "Unknown", (number, wireType) => {
    if (number > 4) return false;
    if (wireType !== wireTypes.bytes)
      throw new ProtobufError(`proto: wrong wireType = ${wireType} for field ${unknownFields[number]}`);
    if (number === 1) readTypeMeta(reader.bytes(), envelope);
    else if (number === 2) envelope.raw = reader.bytes();
    else reader.string();
    return true;
  });
  return envelope;
}

const unknownFields = ["", "TypeMeta", "Raw", "ContentEncoding", "ContentType"];
const typeMetaFields = ["", "APIVersion", "Kind"];

function readTypeMeta(bytes: Uint8Array, envelope: Envelope): void {
  const reader = new Reader(bytes);
  readFields(reader, "TypeMeta", (number, wireType) => {
    if (number > 2) return false;
    if (wireType !== wireTypes.bytes)
      throw new ProtobufError(`proto: wrong wireType = ${wireType} for field ${typeMetaFields[number]}`);
    if (number === 1) envelope.apiVersion = reader.string();
    else envelope.kind = reader.string();
    return true;
  });
}

/**
 * The object of an envelope's message, normalized, with its kind.
 * @throws ProtobufError
 */
export function decodeProtobuf(struct: StructType, { apiVersion, kind, raw }: Envelope): JsonObject {
  const decoded = tryNormalize(struct, { kind, apiVersion, ...decodeMessage(struct, raw) }, true);
  if (!decoded) throw new ProtobufError(`proto: ${struct.goName}: a value is not of its type`);
  return decoded.value;
}
