/**
 * A typed object (normalized, see api/schema) as the protobuf message that gogo's generated code writes: fields by
 * number, what is no pointer written even when empty, maps sorted.
 */
import { compareBytes } from "../byte-order.ts";
import { stringifyJson } from "../json.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { type StructPlan, type TypePlan, typeCodes, zeroOf } from "../schema/plan.ts";
import type { StructType } from "../schema/types.ts";
import { type Instant, parseDuration, parseMicroTime, parseTime } from "../time.ts";
import { type FieldEntry, isWrapped, type Layout, layoutOf, wireTypeOf, wireTypes } from "./layout.ts";
import type { ReverseWriter } from "./reverse-writer.ts";

export function writeMessage(writer: ReverseWriter, struct: StructType, object: JsonObject): void {
  writeLayout(writer, layoutOf(struct), object);
}

const none: JsonObject = Object.freeze({});

function writeLayout(writer: ReverseWriter, layout: Layout, object: JsonObject): void {
  const { descending } = layout;
  for (let at = 0; at < descending.length; at++) {
    const entry = descending[at] as (typeof descending)[number];
    if (entry.kind === "field") writeField(writer, entry, object[entry.field.name]);
    else {
      const end = writer.length;
      writeLayout(writer, entry.layout, object);
      writer.varint(writer.length - end);
      writer.varint(entry.tag);
    }
  }
}

function writeField(writer: ReverseWriter, { field, tag }: FieldEntry, value: JsonValue | undefined): void {
  const { type } = field;
  if (value === undefined || value === null) {
    const { presence } = field.field;
    if (presence === "pointer" || presence === "nullable" || !isWrittenEmpty(type)) return;
    writeValue(writer, type, zeroOf(type));
    writer.varint(tag);
  } else if (type.code === typeCodes.array && !isWrapped(type)) {
    const items = value as JsonValue[];
    for (let at = items.length - 1; at >= 0; at--) {
      writeValue(writer, type.item as TypePlan, items[at] as JsonValue);
      writer.varint(tag);
    }
  } else if (type.code === typeCodes.map) writeMap(writer, type.item as TypePlan, value as JsonObject, tag);
  else {
    writeValue(writer, type, value);
    writer.varint(tag);
  }
}

/** Lists, maps and bytes that are nil are not written. */
const isWrittenEmpty = ({ code }: TypePlan): boolean =>
  code !== typeCodes.array && code !== typeCodes.map && code !== typeCodes.bytes;

const keyTag = (1 << 3) | wireTypes.bytes;

function writeMap(writer: ReverseWriter, type: TypePlan, map: JsonObject, tag: number): void {
  const valueTag = (2 << 3) | wireTypeOf(type);
  const keys = Object.keys(map).sort(compareBytes);
  for (const key of keys.reverse()) {
    const end = writer.length;
    writeValue(writer, type, map[key] as JsonValue);
    writer.varint(valueTag);
    writer.string(key);
    writer.byte(keyTag);
    writer.varint(writer.length - end);
    writer.varint(tag);
  }
}

/** A value without its tag, with its length where it has one. */
function writeValue(writer: ReverseWriter, type: TypePlan, value: JsonValue): void {
  switch (type.code) {
    case typeCodes.string:
      writer.string(value as string);
      break;
    case typeCodes.int32:
    case typeCodes.int64:
      writer.signed(value as number | bigint);
      break;
    case typeCodes.boolean:
      writer.byte(value ? 1 : 0);
      break;
    case typeCodes.float64:
      writer.double(value as number);
      break;
    case typeCodes.bytes:
      writer.base64(value as string);
      break;
    default: {
      const end = writer.length;
      writeContent(writer, type, value);
      writer.varint(writer.length - end);
    }
  }
}

/** What is inside a message. */
function writeContent(writer: ReverseWriter, type: TypePlan, value: JsonValue): void {
  switch (type.code) {
    case typeCodes.struct:
      writeLayout(writer, layoutOf((type.struct as StructPlan).struct), (value ?? none) as JsonObject);
      break;
    case typeCodes.array:
      writeItems(writer, 1, value as JsonValue[] | null);
      break;
    case typeCodes.time:
      writeTimestamp(writer, value === null ? undefined : { ...parseTime(value as string), nanoseconds: 0 });
      break;
    case typeCodes.microTime:
      writeTimestamp(writer, value === null ? undefined : parseMicroTime(value as string));
      break;
    case typeCodes.duration:
      writeVarint(writer, 1, parseDuration(value as string));
      break;
    case typeCodes.quantity:
      writeText(writer, 1, value as string);
      break;
    case typeCodes.intOrString:
      writeIntOrString(writer, value as number | string);
      break;
    case typeCodes.rawExtension:
    case typeCodes.fieldsV1:
    case typeCodes.json:
      writeRaw(writer, value);
      break;
    default:
      writeUnion(writer, type, value);
  }
}

function writeVarint(writer: ReverseWriter, number: number, value: number | bigint): void {
  writer.signed(value);
  writer.byte((number << 3) | wireTypes.varint);
}

function writeText(writer: ReverseWriter, number: number, value: string): void {
  writer.string(value);
  writer.byte((number << 3) | wireTypes.bytes);
}

function writeItems(writer: ReverseWriter, number: number, items: readonly JsonValue[] | null): void {
  for (const item of [...(items ?? [])].reverse()) writeText(writer, number, item as string);
}

/** Nothing at all for Go's zero time. */
function writeTimestamp(writer: ReverseWriter, instant: Instant | undefined): void {
  if (!instant) return;
  writeVarint(writer, 2, Math.trunc(instant.nanoseconds / 1000) * 1000);
  writeVarint(writer, 1, instant.seconds);
}

function writeIntOrString(writer: ReverseWriter, value: number | string): void {
  const isText = typeof value === "string";
  writeText(writer, 3, isText ? value : "");
  writeVarint(writer, 2, isText ? 0 : value);
  writeVarint(writer, 1, isText ? 1 : 0);
}

/** JSON as bytes; a null is no JSON. */
function writeRaw(writer: ReverseWriter, value: JsonValue): void {
  if (value !== null) writeText(writer, 1, stringifyJson(value));
}

function writeUnion(writer: ReverseWriter, type: TypePlan, value: JsonValue): void {
  const { struct } = type.struct as StructPlan;
  const writeSchema = (number: number, schema: JsonValue): void => {
    const end = writer.length;
    writeMessage(writer, struct, schema as JsonObject);
    writer.varint(writer.length - end);
    writer.byte((number << 3) | wireTypes.bytes);
  };
  const isSchema = typeof value === "object" && value !== null && !Array.isArray(value);
  if (type.code === typeCodes.schemaOrBool) {
    if (isSchema) writeSchema(2, value);
    writeVarint(writer, 1, isSchema || value === true ? 1 : 0);
  } else if (isSchema) writeSchema(1, value);
  else if (type.code === typeCodes.schemaOrStringArray) writeItems(writer, 2, value as string[] | null);
  else for (const schema of [...((value ?? []) as JsonValue[])].reverse()) writeSchema(2, schema);
}
