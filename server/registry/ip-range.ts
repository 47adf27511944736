import { formatIp, isIpv4, parseCidr, parseIp } from "../../api/ip.ts";

export type IpFamily = "IPv4" | "IPv6";

/** The family of an address's text; undefined when it is none. */
export function ipFamilyOf(text: string): IpFamily | undefined {
  const ip = parseIp(text);
  return ip && (isIpv4(ip.bytes) ? "IPv4" : "IPv6");
}

function toNumber(bytes: Uint8Array): bigint {
  let number = 0n;
  for (const byte of bytes) number = (number << 8n) | BigInt(byte);
  return number;
}

function toBytes(number: bigint): Uint8Array {
  const bytes = new Uint8Array(16);
  for (let i = 15, rest = number; i >= 0; i--, rest >>= 8n) bytes[i] = Number(rest & 0xffn);
  return bytes;
}

/** The number of an address, an IPv4 one as ::ffff:a.b.c.d. */
export function addressNumber(text: string): bigint | undefined {
  const ip = parseIp(text);
  return ip && toNumber(ip.bytes);
}

export const addressText = (number: bigint): string => formatIp(toBytes(number));

/** Consecutive addresses, both ends included. */
interface Block {
  first: bigint;
  last: bigint;
}

/**
 * The addresses of one service CIDR, without the network's own and IPv4's broadcast address. Names are drawn from the
 * upper part first, so that the lower one (offset addresses) stays free for those who choose an address themselves.
 * Source: pkg/registry/core/service/ipallocator.
 */
export class IpRange {
  readonly cidr: string;
  readonly family: IpFamily;
  /** The network's own address. */
  readonly network: bigint;
  readonly first: bigint;
  readonly last: bigint;
  readonly #offset: bigint;

  private constructor(cidr: string, family: IpFamily, network: bigint, hostBits: number) {
    this.cidr = cidr;
    this.family = family;
    this.network = network;
    const size = 1n << BigInt(hostBits);
    this.first = network + 1n;
    this.last = network + size - (family === "IPv4" ? 2n : 1n);
    this.#offset = staticPart(size);
  }

  static parse(cidr: string): IpRange | undefined {
    const block = parseCidr(cidr);
    if (!block) return undefined;
    const family = isIpv4(block.network) ? "IPv4" : "IPv6";
    const bits = block.address.v4 ? block.bits + 96 : block.bits;
    return new IpRange(cidr, family, toNumber(block.network), 128 - bits);
  }

  contains(address: bigint): boolean {
    return address >= this.first && address <= this.last;
  }

  /** Every address once, beginning anywhere in the upper part: random is in [0, 1). */
  *candidates(random: () => number): Generator<bigint> {
    const middle = this.first + this.#offset;
    yield* wrapped({ first: middle, last: this.last }, random);
    yield* wrapped({ first: this.first, last: middle - 1n }, random);
  }
}

function* wrapped({ first, last }: Block, random: () => number): Generator<bigint> {
  const size = last - first + 1n;
  if (size <= 0n) return;
  // 2^53 is more than enough to begin somewhere, also in a /64.
  const span = size < 2n ** 53n ? Number(size) : 2 ** 53;
  const start = BigInt(Math.floor(random() * span));
  for (let i = 0n; i < size; i++) yield first + ((start + i) % size);
}

/** calculateRangeOffset: a sixteenth, but at least 16 and at most 256; none of a small range. */
function staticPart(size: bigint): bigint {
  if (size <= 16n) return 0n;
  const part = size / 16n;
  return part < 16n ? 16n : part > 256n ? 256n : part;
}
