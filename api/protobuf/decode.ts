/** A protobuf message as a typed object, in the form in which JSON has it; not yet normalized. */
import { JsonError, parseJson, setKey } from "../json.ts";
import { maxDepth } from "../json-tree.ts";
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
    const start = reader.at;
    const tag = reader.varint();
    const number = Math.floor(tag / 8) | 0;
    const wireType = tag % 8;
    if (wireType === wireTypes.endGroup)
      throw new ProtobufError(`proto: ${message}: wiretype end group for non-group`);
    if (number <= 0) throw new ProtobufError(`proto: ${message}: illegal tag ${number} (wire type ${tag})`);
    if (onField(number, wireType)) continue;
    reader.at = start;
    reader.varint();
    reader.skip(wireType);
  }
}

class Decoder {
  readonly #reader: Reader;
  #depth = 0;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  layout(layout: Layout, object: JsonObject): void {
    if (++this.#depth > maxDepth) throw new ProtobufError("proto: exceeded max depth");
    readFields(this.#reader, layout.goName, (number, wireType) => {
      const entry = layout.byNumber.get(number);
      if (!entry) return false;
      this.#entry(entry, wireType, object);
      return true;
    });
    this.#depth--;
  }

  #entry(entry: Entry, wireType: number, object: JsonObject): void {
    if (entry.kind === "group") {
      this.#checkWireType(wireType, wireTypes.bytes, entry.layout.goName);
      this.#within(() => this.layout(entry.layout, object));
      return;
    }
    const { name, type } = entry.field;
    if (type.code === typeCodes.array && !isWrapped(type)) {
      object[name] ??= [];
      this.#items(type.item as TypePlan, wireType, object[name] as JsonValue[], entry);
      return;
    }
    this.#checkWireType(wireType, entry.tag & 7, goFieldName(entry));
    if (type.code === typeCodes.map) {
      object[name] ??= {};
      this.#mapEntry(type, object[name] as JsonObject);
    } else object[name] = this.#value(type, object[name]);
  }

  #checkWireType(actual: number, expected: number, field: string): void {
    if (actual !== expected) throw new ProtobufError(`proto: wrong wireType = ${actual} for field ${field}`);
  }

  /** Numbers may come packed into one field. */
  #items(type: TypePlan, wireType: number, list: JsonValue[], entry: Entry & { kind: "field" }): void {
    const expected = wireTypeOf(type);
    if (expected === wireTypes.varint && wireType === wireTypes.bytes)
      this.#within(() => {
        while (this.#reader.at < this.#reader.end) list.push(this.#value(type, undefined));
      });
    else {
      this.#checkWireType(wireType, expected, goFieldName(entry));
      list.push(this.#value(type, undefined));
    }
  }

  #mapEntry(type: TypePlan, map: JsonObject): void {
    const item = type.item as TypePlan;
    let key = "";
    let value: JsonValue | undefined;
    this.#within(() =>
      readFields(this.#reader, "MapEntry", (number) => {
        if (number === 1) key = this.#reader.string();
        else if (number === 2) value = this.#value(item, undefined);
        return number === 1 || number === 2;
      }),
    );
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
        this.#within(() => this.layout(layoutOf((type.struct as StructPlan).struct), object));
        return object;
      }
      default:
        return this.#within(() => this.#content(type));
    }
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
        return this.#texts("ExtraValue", 1);
      case typeCodes.time:
        return this.#timestamp(formatTime);
      case typeCodes.microTime:
        return this.#timestamp(formatMicroTime);
      case typeCodes.duration:
        return formatDuration(BigInt(this.#numbers("Duration").get(1) ?? 0));
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

  #texts(message: string, wanted: number): string[] {
    const texts: string[] = [];
    readFields(this.#reader, message, (number) => {
      if (number === wanted) texts.push(this.#reader.string());
      return number === wanted;
    });
    return texts;
  }

  #numbers(message: string): Map<number, number | bigint> {
    const numbers = new Map<number, number | bigint>();
    readFields(this.#reader, message, (number, wireType) => {
      if (wireType !== wireTypes.varint) return false;
      numbers.set(number, this.#reader.int64());
      return true;
    });
    return numbers;
  }

  #timestamp(format: (instant: { seconds: number; nanoseconds: number }) => string | null): JsonValue {
    // Nothing inside is Go's zero time.
    if (this.#reader.at === this.#reader.end) return null;
    const numbers = this.#numbers("Timestamp");
    const seconds = Number(numbers.get(1) ?? 0);
    // What no calendar of ours reaches.
    if (Math.abs(seconds) > 8e12) throw new ProtobufError("proto: Timestamp: seconds out of range");
    return format({ seconds, nanoseconds: Number(numbers.get(2) ?? 0) });
  }

  #quantity(): string {
    const [text] = this.#texts("Quantity", 1).slice(-1);
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
    readFields(this.#reader, "IntOrString", (field) => {
      if (field === 1) type = this.#reader.int32();
      else if (field === 2) number = this.#reader.int32();
      else if (field === 3) text = this.#reader.string();
      return field <= 3;
    });
    return type === 1 ? text : number;
  }

  /** Bytes that hold JSON. */
  #raw(type: TypePlan): JsonValue {
    let raw: Buffer | undefined;
    readFields(this.#reader, type.goType.split(".").at(-1) ?? "", (number) => {
      if (number === 1) raw = this.#reader.bytes();
      return number === 1;
    });
    if (raw === undefined || raw.length === 0) return null;
    try {
      return parseJson(raw).value;
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

/** As Go calls the field, which is JSON's name with a capital but for metadata. */
function goFieldName({ field }: Entry & { kind: "field" }): string {
  const goType = field.type.goType.split(".").at(-1) ?? "";
  if (field.name === "metadata" && /^(?:Object|List)Meta$/.test(goType)) return goType;
  return field.name.charAt(0).toUpperCase() + field.name.slice(1);
}
