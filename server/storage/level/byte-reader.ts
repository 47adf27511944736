/** Reads LevelDB's numbers and strings; undefined where the bytes end too early. */
export class ByteReader {
  readonly #source: Buffer;
  offset: number;

  constructor(source: Buffer, offset = 0) {
    this.#source = source;
    this.offset = offset;
  }

  byte(): number | undefined {
    return this.#source[this.offset++];
  }

  /** Also undefined if it is longer than any number here can be. */
  varint(): number | undefined {
    let result = 0;
    for (let scale = 1; scale < 2 ** 53; scale *= 128) {
      const byte = this.#source[this.offset++];
      if (byte === undefined) return undefined;
      result += (byte & 0x7f) * scale;
      if (byte < 0x80) return result;
    }
    return undefined;
  }

  bytes(length: number): Buffer | undefined {
    const end = this.offset + length;
    if (end > this.#source.length) return undefined;
    const result = this.#source.subarray(this.offset, end);
    this.offset = end;
    return result;
  }

  /** Bytes with their length in front. */
  chunk(): Buffer | undefined {
    const length = this.varint();
    return length === undefined ? undefined : this.bytes(length);
  }
}
