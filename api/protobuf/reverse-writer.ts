/**
 * Writes protobuf from the end to the start: the length of a message is known when it is written, and nothing is
 * measured twice. That is how gogo's generated code does it, too.
 */
export class ReverseWriter {
  #buffer: Buffer;
  /** First byte written. */
  #start: number;

  constructor(size = 4096) {
    this.#buffer = Buffer.allocUnsafe(size);
    this.#start = size;
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#buffer.length - this.#start;
  }

  /** What was written; it does not hold on to much more memory than that. */
  finish(): Buffer {
    const written = this.#written();
    return this.length * 2 < this.#buffer.length ? Buffer.from(written) : written;
  }

  #written(): Buffer {
    return this.#buffer.subarray(this.#start);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[--this.#start] = value;
  }

  /** An unsigned number below 2^53. */
  varint(value: number): void {
    this.#reserve(8);
    let size = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
    this.#start -= size;
    let at = this.#start;
    let rest = value;
    for (; rest >= 2 ** 31; rest = Math.floor(rest / 128)) this.#buffer[at++] = (rest % 128) | 128;
    for (; rest >= 128; rest >>>= 7) this.#buffer[at++] = (rest & 127) | 128;
    this.#buffer[at] = rest;
  }

  /** An int32 or int64; negative ones take ten bytes. */
  signed(value: number | bigint): void {
    if (typeof value === "number" && value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      this.varint(value);
      return;
    }
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    bytes.push(Number(rest));
    this.bytes(Uint8Array.from(bytes));
  }

  double(value: number): void {
    this.#reserve(8);
    this.#start -= 8;
    this.#buffer.writeDoubleLE(value, this.#start);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#start -= value.length;
    this.#buffer.set(value, this.#start);
  }

  /** Text and, before it, its length. */
  string(value: string): void {
    const { length } = value;
    // A call out of JavaScript costs more than a loop over a short text.
    if (length > 48 || !this.#ascii(value)) {
      const size = Buffer.byteLength(value);
      this.#reserve(size);
      this.#start -= size;
      this.#buffer.write(value, this.#start, size, "utf8");
      this.varint(size);
    } else this.varint(length);
  }

  /** Bytes given in base64 and, before them, their length. */
  base64(value: string): void {
    const bytes = Buffer.from(value, "base64");
    this.bytes(bytes);
    this.varint(bytes.length);
  }

  #ascii(value: string): boolean {
    const { length } = value;
    this.#reserve(length);
    const start = this.#start - length;
    for (let at = 0; at < length; at++) {
      const code = value.charCodeAt(at);
      if (code > 127) return false;
      this.#buffer[start + at] = code;
    }
    this.#start = start;
    return true;
  }

  #reserve(size: number): void {
    if (size <= this.#start) return;
    const { length } = this;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, length + size + 1024));
    grown.set(this.#written(), grown.length - length);
    this.#start = grown.length - length;
    this.#buffer = grown;
  }
}
