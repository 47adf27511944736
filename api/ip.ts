/**
 * IP addresses and CIDR blocks as Kubernetes reads them: sloppily (leading zeros are ignored, as Go did before 1.17),
 * remembering whether a strict reader would have taken the same text. Source: k8s.io/utils/net.ParseIPSloppy and
 * ParseCIDRSloppy, net/netip.ParseAddr and ParsePrefix.
 */

export interface IpAddress {
  /** Always 16 bytes; an IPv4 address is kept as ::ffff:a.b.c.d. */
  readonly bytes: Uint8Array;
  /** Written in IPv4 form. */
  readonly v4: boolean;
  /** Written without leading zeros that a strict reader refuses. */
  readonly strict: boolean;
}

export interface CidrBlock {
  readonly address: IpAddress;
  /** The address with the bits beyond the prefix cleared. */
  readonly network: Uint8Array;
  /** Prefix length as written: up to 32 where the address is written in IPv4 form, else up to 128. */
  readonly bits: number;
  /** Written without leading zeros, in the address or the prefix length. */
  readonly strict: boolean;
}

/** ParseIPSloppy; undefined when the text is no address (a zone such as %eth0 is not allowed either). */
export function parseIp(text: string): IpAddress | undefined {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) return parseIpv4(text);
    if (code === 58) return parseIpv6(text);
  }
  return undefined;
}

/** ParseCIDRSloppy. */
export function parseCidr(text: string): CidrBlock | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const address = parseIpv4(text.slice(0, slash)) ?? parseIpv6(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (!address || !/^[0-9]+$/.test(length)) return undefined;
  const bits = Number(length);
  if (bits > (address.v4 ? 32 : 128)) return undefined;
  return {
    address,
    network: maskBytes(address.bytes, address.v4 ? bits + 96 : bits),
    bits,
    strict: address.strict && (length === "0" || !length.startsWith("0")),
  };
}

/** True for IPv4 and for IPv4-mapped IPv6: net.IP.To4() != nil. */
export function isIpv4(bytes: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (bytes[i] !== 0) return false;
  return bytes[10] === 0xff && bytes[11] === 0xff;
}

/** Written as IPv6 but holding an IPv4 address (::ffff:1.2.3.4): netip.Addr.Is4In6. */
export function isMappedIpv4(address: IpAddress): boolean {
  return !address.v4 && isIpv4(address.bytes);
}

/** The canonical text (RFC 5952; dotted decimal for anything that holds an IPv4 address): net.IP.String. */
export function formatIp(bytes: Uint8Array): string {
  if (isIpv4(bytes)) return bytes.subarray(12).join(".");
  const groups: number[] = [];
  for (let i = 0; i < 16; i += 2) groups.push((bytes[i]! << 8) | bytes[i + 1]!);
  const { start, length } = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}

/** The canonical text of the block's network: net.IPNet.String. */
export function formatCidr(block: CidrBlock): string {
  const shortened = !block.address.v4 && isIpv4(block.network);
  return `${formatIp(block.network)}/${shortened ? block.bits - 96 : block.bits}`;
}

export function sameIp(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** True when the block holds the address: net.IPNet.Contains. */
export function cidrContains(block: CidrBlock, bytes: Uint8Array): boolean {
  const v4 = isIpv4(block.network);
  if (v4 !== isIpv4(bytes)) return false;
  return sameIp(block.network, maskBytes(bytes, block.address.v4 ? block.bits + 96 : block.bits));
}

function maskBytes(bytes: Uint8Array, bits: number): Uint8Array {
  const out = new Uint8Array(16);
  for (let i = 0; i < 16; i++) {
    const kept = Math.min(8, Math.max(0, bits - i * 8));
    out[i] = bytes[i]! & (0xff00 >> kept) & 0xff;
  }
  return out;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (end < groups.length && groups[end] === 0) end++;
    if (end - i > best.length) best = { start: i, length: end - i };
    if (end > i) i = end - 1;
  }
  return best;
}

function parseIpv4(text: string): IpAddress | undefined {
  const parts = text.split(".", 5);
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(16);
  bytes[10] = 0xff;
  bytes[11] = 0xff;
  let strict = true;
  for (let i = 0; i < 4; i++) {
    const part = parts[i]!;
    if (!/^[0-9]+$/.test(part)) return undefined;
    const value = Number(part);
    if (value > 255) return undefined;
    if (part.length > 1 && part.startsWith("0")) strict = false;
    bytes[12 + i] = value;
  }
  return { bytes, v4: true, strict };
}

function parseIpv6(text: string): IpAddress | undefined {
  const halves = text.split("::", 3);
  if (halves.length > 2) return undefined;
  const before = readGroups(halves[0]!, halves.length === 1);
  const after = halves.length === 2 ? readGroups(halves[1]!, true) : undefined;
  if (!before || (halves.length === 2 && !after)) return undefined;
  const count = before.groups.length + (after?.groups.length ?? 0);
  if (after ? count > 7 : count !== 8) return undefined;
  const groups = [...before.groups, ...new Array<number>(8 - count).fill(0), ...(after?.groups ?? [])];
  const bytes = new Uint8Array(16);
  for (let i = 0; i < 8; i++) {
    bytes[2 * i] = groups[i]! >> 8;
    bytes[2 * i + 1] = groups[i]! & 0xff;
  }
  return { bytes, v4: false, strict: before.strict && (after?.strict ?? true) };
}

interface Groups {
  groups: number[];
  strict: boolean;
}

/** "a:b:c" to 16-bit groups; the last may be a dotted IPv4 address where the text ends there. */
function readGroups(text: string, last: boolean): Groups | undefined {
  const out: Groups = { groups: [], strict: true };
  if (text === "") return out;
  const parts = text.split(":", 9);
  if (parts.length > 8) return undefined;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    if (last && i === parts.length - 1 && part.includes(".")) {
      const embedded = parseIpv4(part);
      if (!embedded) return undefined;
      const [a, b, c, d] = embedded.bytes.subarray(12) as unknown as [number, number, number, number];
      out.groups.push((a << 8) | b, (c << 8) | d);
      out.strict &&= embedded.strict;
      continue;
    }
    if (!/^[0-9A-Fa-f]+$/.test(part)) return undefined;
    const value = Number.parseInt(part, 16);
    if (value > 0xffff) return undefined;
    if (part.length > 4) out.strict = false;
    out.groups.push(value);
  }
  return out;
}
