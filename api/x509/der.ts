/** DER, as far as certificate requests need it. Error texts: Go's encoding/asn1. */

export class DerError extends Error {
  override readonly name = "DerError";
}

export interface DerValue {
  class: number;
  tag: number;
  constructed: boolean;
  content: Buffer;
  /** With its tag and length. */
  whole: Buffer;
}

interface Header {
  start: number;
  class: number;
  tag: number;
  constructed: boolean;
  length: number;
}

export const derTags = {
  integer: 2,
  bitString: 3,
  octetString: 4,
  oid: 6,
  sequence: 16,
  set: 17,
} as const;

const sequenceParameters =
  "{optional:false explicit:false application:false private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false omitEmpty:false}";

/** Reads values one after the other. */
export class DerReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The next value, whatever it is. */
  any(): DerValue {
    return this.#value(this.#header());
  }

  /** The next value, of this universal type. `name` is what Go calls the struct that it reads. */
  expect(tag: number, name: string): DerValue {
    const header = this.#header();
    const constructed = tag === derTags.sequence || tag === derTags.set;
    if (header.class === 0 && header.tag === tag && header.constructed === constructed)
      return this.#value(header);
    const found = `{class:${header.class} tag:${header.tag} length:${header.length} isCompound:${header.constructed}}`;
    const offset = this.#at - header.start;
    throw new DerError(
      `asn1: structure error: tags don't match (${tag} vs ${found}) ${sequenceParameters} ${name} @${offset}`,
    );
  }

  #header(): Header {
    if (this.done) throw new DerError("asn1: syntax error: sequence truncated");
    const start = this.#at;
    const first = this.#byte("truncated tag or length");
    let tag = first & 0x1f;
    if (tag === 0x1f) tag = this.#base128();
    return { start, class: first >> 6, tag, constructed: (first & 0x20) !== 0, length: this.#length() };
  }

  #value({ start, length, ...type }: Header): DerValue {
    const content = this.#bytes.subarray(this.#at, this.#at + length);
    if (content.length < length) throw new DerError("asn1: syntax error: data truncated");
    this.#at += length;
    return { ...type, content, whole: this.#bytes.subarray(start, this.#at) };
  }

  sequence(name: string): DerReader {
    return new DerReader(this.expect(derTags.sequence, name).content);
  }

  #byte(problem: string): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new DerError(`asn1: syntax error: ${problem}`);
    return byte;
  }

  #base128(): number {
    let value = 0;
    for (;;) {
      const byte = this.#byte("truncated base 128 integer");
      value = value * 128 + (byte & 0x7f);
      if (value > 0x7fffffff) throw new DerError("asn1: structure error: base 128 integer too large");
      if (byte < 0x80) return value;
    }
  }

  #length(): number {
    const first = this.#byte("truncated tag or length");
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0) throw new DerError("asn1: syntax error: indefinite length found (not DER)");
    let length = 0;
    for (let i = 0; i < count; i++) {
      if (length >= 2 ** 23) throw new DerError("asn1: structure error: length too large");
      length = length * 256 + this.#byte("truncated tag or length");
      if (length === 0) throw new DerError("asn1: structure error: superfluous leading zeros in length");
    }
    if (length < 0x80) throw new DerError("asn1: structure error: non-minimal length");
    return length;
  }
}

/** "1.2.840…" */
export function oidText({ content }: DerValue): string {
  const parts: bigint[] = [];
  let value = 0n;
  for (const byte of content) {
    value = value * 128n + BigInt(byte & 0x7f);
    if (byte >= 0x80) continue;
    parts.push(value);
    value = 0n;
  }
  const first = parts[0] ?? 0n;
  const root = first < 80n ? first / 40n : 2n;
  return [root, first - root * 40n, ...parts.slice(1)].join(".");
}
