import { decodeText } from "../decode-text.ts";
import { wireTypes } from "./layout.ts";
import { ProtobufError } from "./protobuf-error.ts";

const unexpectedEnd = (): ProtobufError => new ProtobufError("unexpected EOF");

/** Reads the wire format, with the errors of gogo's generated code. */
export class Reader {
  readonly buffer: Buffer;
  at: number;
  end: number;
  /** All of it, a character a byte: parts of a string cost less than calls into Node for each. */
  readonly #characters: string;

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.at = 0;
    this.end = bytes.length;
    this.#characters = this.buffer.toString("latin1");
  }

  /** A varint that fits into 53 bits, or its low bits as a float: for lengths, tags and what is checked anyway. */
  varint(): number {
    const first = this.buffer[this.at];
    if (first !== undefined && first < 128 && this.at < this.end) {
      this.at++;
      return first;
    }
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      if (shift >= 64) throw new ProtobufError("proto: integer overflow");
      if (this.at >= this.end) throw unexpectedEnd();
      const byte = this.buffer[this.at++] as number;
      if (shift < 28) value |= (byte & 127) << shift;
      else value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  /** A varint as an int64. */
  int64(): number | bigint {
    const start = this.at;
    const value = this.varint();
    if (value <= Number.MAX_SAFE_INTEGER) return value;
    let exact = 0n;
    for (let at = this.at - 1; at >= start; at--)
      exact = (exact << 7n) | BigInt((this.buffer[at] as number) & 127);
    const signed = BigInt.asIntN(64, exact);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  /** A varint as an int32: Go keeps the low bits. */
  int32(): number {
    const value = this.int64();
    return typeof value === "number" && value === (value | 0)
      ? value
      : Number(BigInt.asIntN(32, BigInt(value)));
  }

  double(): number {
    if (this.at + 8 > this.end) throw unexpectedEnd();
    this.at += 8;
    return this.buffer.readDoubleLE(this.at - 8);
  }

  /** The end of a part whose length comes next. */
  delimited(): number {
    const length = this.varint();
    // An int64 in Go: the highest bit makes it negative.
    if (length >= 2 ** 63) throw new ProtobufError("proto: negative length found during unmarshaling");
    const end = this.at + length;
    if (end > this.end) throw unexpectedEnd();
    return end;
  }

  string(): string {
    const end = this.delimited();
    const start = this.at;
    this.at = end;
    for (let at = start; at < end; at++)
      if ((this.buffer[at] as number) > 127) return decodeText(this.buffer.subarray(start, end));
    return this.#characters.slice(start, end);
  }

  bytes(): Buffer {
    const end = this.delimited();
    const bytes = this.buffer.subarray(this.at, end);
    this.at = end;
    return bytes;
  }

  skip(wireType: number): void {
    let depth = 0;
    let type = wireType;
    for (;;) {
      if (type === wireTypes.endGroup && depth === 0)
        throw new ProtobufError("proto: unexpected end of group");
      this.#skipOne(type);
      if (type === wireTypes.startGroup) depth++;
      else if (type === wireTypes.endGroup) depth--;
      if (depth === 0) return;
      if (this.at >= this.end) throw unexpectedEnd();
      type = this.varint() & 7;
    }
  }

  #skipOne(wireType: number): void {
    switch (wireType) {
      case wireTypes.varint:
        this.varint();
        break;
      case wireTypes.fixed64:
        this.at += 8;
        break;
      case wireTypes.bytes:
        this.at = this.delimited();
        break;
      case wireTypes.startGroup:
      case wireTypes.endGroup:
        break;
      case wireTypes.fixed32:
        this.at += 4;
        break;
      default:
        throw new ProtobufError(`proto: illegal wireType ${wireType}`);
    }
    if (this.at > this.end) throw unexpectedEnd();
  }
}
