/** A protobuf message as a typed object, in the form in which JSON has it; not yet normalized. */
import { JsonError, parseJson, setKey } from "../json.ts";
import { keptDepth, tooDeepMessage } from "../json-depth.ts";
import type { JsonObject, JsonValue } from "../object.ts";
import { canonicalQuantity, QuantityError } from "../quantity.ts";
import { type StructPlan, type TypePlan, typeCodes } from "../schema/plan.ts";
import type { StructType } from "../schema/types.ts";
import { formatDuration, formatMicroTime, formatTime } from "../time.ts";
import { type Entry, isWrapped, type Layout, layoutOf, wireTypeOf, wireTypes } from "./layout.ts";
import { ProtobufError } from "./protobuf-error.ts";
import { Reader } from "./reader.ts";

/** @throws ProtobufError */
export function decodeMessage(struct: StructType, bytes: Uint8Array): JsonObject {
  const object: JsonObject = {};
  new Decoder(new Reader(bytes)).layout(layoutOf(struct), object);
  return object;
}

/** Calls back for each field of the message between here and the reader's end. */
export function readFields(
  reader: Reader,
  message: string,
  onField: (number: number, wireType: number) => boolean,
): void {
  while (reader.at < reader.end) {
    const tag = readTag(reader, message);
    if (!onField(Math.floor(tag / 8), tag & 7)) reader.skip(tag & 7);
  }
}

/** Number and wire type of the next field; the number fits into an int32. */
function readTag(reader: Reader, message: string): number {
  const tag = reader.varint();
  const wireType = tag % 8;
  if (wireType === wireTypes.endGroup)
    throw new ProtobufError(`proto: ${message}: wiretype end group for non-group`);
  const number = Math.floor(tag / 8) | 0;
  if (number <= 0) throw new ProtobufError(`proto: ${message}: illegal tag ${number} (wire type ${tag})`);
  return number * 8 + wireType;
}

const wrongWireType = (wireType: number, field: string): ProtobufError =>
  new ProtobufError(`proto: wrong wireType = ${wireType} for field ${field}`);

class Decoder {
  readonly #reader: Reader;
  #depth = 0;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  layout(layout: Layout, object: JsonObject): void {
    if (++this.#depth > keptDepth) throw new ProtobufError("proto: exceeded max depth");
    const reader = this.#reader;
    while (reader.at < reader.end) {
      const tag = readTag(reader, layout.goName);
      const entry = layout.byNumber.get(Math.floor(tag / 8));
      if (entry) this.#entry(entry, tag & 7, object);
      else reader.skip(tag & 7);
    }
    this.#depth--;
  }

  #entry(entry: Entry, wireType: number, object: JsonObject): void {
    if (entry.kind === "group") {
      if (wireType !== wireTypes.bytes) throw wrongWireType(wireType, entry.layout.goName);
      this.#message(entry.layout, object);
      return;
    }
    const { name, type } = entry.field;
    if (type.code === typeCodes.array && !isWrapped(type)) {
      object[name] ??= [];
      this.#items(type.item as TypePlan, wireType, object[name] as JsonValue[], entry);
      return;
    }
    if (wireType !== (entry.tag & 7)) throw wrongWireType(wireType, goFieldName(entry));
    if (type.code === typeCodes.map) {
      object[name] ??= {};
      this.#mapEntry(type, object[name] as JsonObject);
    } else object[name] = this.#value(type, object[name]);
  }

  /** Numbers may come packed into one field. */
  #items(type: TypePlan, wireType: number, list: JsonValue[], entry: Entry & { kind: "field" }): void {
    const expected = wireTypeOf(type);
    if (expected === wireTypes.varint && wireType === wireTypes.bytes)
      this.#within(() => {
        while (this.#reader.at < this.#reader.end) list.push(this.#value(type, undefined));
      });
    else {
      if (wireType !== expected) throw wrongWireType(wireType, goFieldName(entry));
      list.push(this.#value(type, undefined));
    }
  }

  /** Upstream's loop looks at neither wire types nor the entry's end while it reads a key or a value. */
  #mapEntry(type: TypePlan, map: JsonObject): void {
    const reader = this.#reader;
    const end = reader.delimited();
    let key = "";
    let value: JsonValue | undefined;
    while (reader.at < end) {
      const tag = reader.varint();
      const number = Math.floor(tag / 8) | 0;
      if (number === 1) key = reader.string();
      else if (number === 2) value = this.#value(type.item as TypePlan, undefined);
      else reader.skip(tag % 8);
    }
    reader.at = end;
    // A value that is missing is its type's zero value, as a null is in JSON.
    setKey(map, key, value ?? null);
  }

  #value(type: TypePlan, existing: JsonValue | undefined): JsonValue {
    const reader = this.#reader;
    switch (type.code) {
      case typeCodes.string:
        return reader.string();
      case typeCodes.int32:
        return reader.int32();
      case typeCodes.int64:
        return reader.int64();
      case typeCodes.boolean:
        return reader.int64() !== 0;
      case typeCodes.float64:
        return reader.double();
      case typeCodes.bytes:
        return reader.bytes().toString("base64");
      case typeCodes.struct: {
        const object = (existing ?? {}) as JsonObject;
        this.#message(layoutOf((type.struct as StructPlan).struct), object);
        return object;
      }
      default:
        return this.#within(() => this.#content(type));
    }
  }

  #message(layout: Layout, object: JsonObject): void {
    const reader = this.#reader;
    const outer = reader.end;
    reader.end = reader.delimited();
    this.layout(layout, object);
    reader.end = outer;
  }

  /** Reads the part whose length comes next. */
  #within<T>(read: () => T): T {
    const reader = this.#reader;
    const outer = reader.end;
    reader.end = reader.delimited();
    const value = read();
    reader.at = reader.end;
    reader.end = outer;
    return value;
  }

  #content(type: TypePlan): JsonValue {
    switch (type.code) {
      case typeCodes.array:
        return this.#texts(type.goType.split(".").at(-1) ?? "", "Items");
      case typeCodes.time:
        return this.#timestamp(formatTime);
      case typeCodes.microTime:
        return this.#timestamp(formatMicroTime);
      case typeCodes.duration:
        return this.#duration();
      case typeCodes.quantity:
        return this.#quantity();
      case typeCodes.intOrString:
        return this.#intOrString();
      case typeCodes.rawExtension:
      case typeCodes.fieldsV1:
      case typeCodes.json:
        return this.#raw(type);
      default:
        return this.#union(type);
    }
  }

  /** The fields of a message that every object of a type has, by name, with the wire types that they must have. */
  #fixed(
    message: string,
    fields: readonly (readonly [name: string, wireType: number])[],
    read: (number: number) => void,
  ): void {
    readFields(this.#reader, message, (number, wireType) => {
      const field = fields[number - 1];
      if (!field) return false;
      if (wireType !== field[1]) throw wrongWireType(wireType, field[0]);
      read(number);
      return true;
    });
  }

  #texts(message: string, name: string): string[] {
    const texts: string[] = [];
    this.#fixed(message, [[name, wireTypes.bytes]], () => texts.push(this.#reader.string()));
    return texts;
  }

  #timestamp(format: (instant: { seconds: number; nanoseconds: number }) => string | null): JsonValue {
    // Nothing inside is Go's zero time.
    if (this.#reader.at === this.#reader.end) return null;
    const instant = { seconds: 0, nanoseconds: 0 };
    this.#fixed("Timestamp", timestampFields, (number) => {
      if (number === 1) instant.seconds = Number(this.#reader.int64());
      else instant.nanoseconds = this.#reader.int32();
    });
    // What no calendar of ours reaches.
    if (Math.abs(instant.seconds) > 8e12) throw new ProtobufError("proto: Timestamp: seconds out of range");
    return format(instant);
  }

  #duration(): string {
    let nanoseconds: number | bigint = 0;
    this.#fixed("Duration", [["Duration", wireTypes.varint]], () => {
      nanoseconds = this.#reader.int64();
    });
    return formatDuration(BigInt(nanoseconds));
  }

  #quantity(): string {
    const text = this.#texts("Quantity", "String_").at(-1);
    try {
      return text === undefined ? "0" : canonicalQuantity(text);
    } catch (error) {
      throw error instanceof QuantityError ? new ProtobufError(error.message) : error;
    }
  }

  #intOrString(): number | string {
    let type = 0;
    let number = 0;
    let text = "";
    this.#fixed("IntOrString", intOrStringFields, (field) => {
      if (field === 1) type = this.#reader.int32();
      else if (field === 2) number = this.#reader.int32();
      else text = this.#reader.string();
    });
    return type === 1 ? text : number;
  }

  /** Bytes that hold JSON. */
  #raw(type: TypePlan): JsonValue {
    let raw: Buffer | undefined;
    this.#fixed(type.goType.split(".").at(-1) ?? "", [["Raw", wireTypes.bytes]], () => {
      raw = this.#reader.bytes();
    });
    if (raw === undefined || raw.length === 0) return null;
    try {
      const { value, deep } = parseJson(raw);
      if (deep) throw new ProtobufError(tooDeepMessage);
      return value;
    } catch (error) {
      throw error instanceof JsonError ? new ProtobufError(error.message) : error;
    }
  }

  #union(type: TypePlan): JsonValue {
    const schema: TypePlan = { ...type, code: typeCodes.struct };
    let allows = false;
    let single: JsonValue | undefined;
    const list: JsonValue[] = [];
    readFields(this.#reader, type.goType.split(".").at(-1) ?? "", (number) => {
      if (type.code === typeCodes.schemaOrBool) {
        if (number === 1) allows = this.#reader.int32() !== 0;
        else if (number === 2) single = this.#value(schema, single);
      } else if (number === 1) single = this.#value(schema, single);
      else if (number === 2)
        list.push(
          type.code === typeCodes.schemaOrArray ? this.#value(schema, undefined) : this.#reader.string(),
        );
      return number <= 2;
    });
    if (list.length > 0) return list;
    return single ?? (type.code === typeCodes.schemaOrBool ? allows : null);
  }
}

const timestampFields = [
  ["Seconds", wireTypes.varint],
  ["Nanos", wireTypes.varint],
] as const;

const intOrStringFields = [
  ["Type", wireTypes.varint],
  ["IntVal", wireTypes.varint],
  ["StrVal", wireTypes.bytes],
] as const;

/** As Go calls the field, which is JSON's name with a capital but for metadata. */
function goFieldName({ field }: Entry & { kind: "field" }): string {
  const goType = field.type.goType.split(".").at(-1) ?? "";
  if (field.name === "metadata" && /^(?:Object|List)Meta$/.test(goType)) return goType;
  return field.name.charAt(0).toUpperCase() + field.name.slice(1);
}
