import { type CidrBlock, cidrContains, parseCidr, parseIp, sameIp } from "../../api/ip.ts";
import type { KubeObject } from "../../api/object.ts";
import type { ObjectOf } from "../../api/object-of.ts";

export type ServiceCidr = ObjectOf<"io.k8s.api.networking.v1.ServiceCIDR"> & KubeObject;

export const blocksOf = ({ spec }: ServiceCidr): CidrBlock[] =>
  (spec?.cidrs ?? []).flatMap((text) => parseCidr(text) ?? []);

const overlap = (a: CidrBlock, b: CidrBlock): boolean =>
  cidrContains(a, b.network) || cidrContains(b, a.network);

export const overlapping = (all: Iterable<ServiceCidr>, block: CidrBlock): ServiceCidr[] =>
  [...all].filter((range) => blocksOf(range).some((own) => overlap(own, block)));

/** Those that have a block as large as this one or larger, around it. */
export const containing = (all: Iterable<ServiceCidr>, block: CidrBlock): ServiceCidr[] =>
  [...all].filter((range) => blocksOf(range).some((own) => overlap(own, block) && own.bits <= block.bits));

/** Those that can give away this address; the first of a block, and the last in IPv4, are nobody's. */
export function offering(all: Iterable<ServiceCidr>, address: string): ServiceCidr[] {
  const ip = parseIp(address);
  if (!ip) return [];
  const offers = (block: CidrBlock) =>
    cidrContains(block, ip.bytes) &&
    !sameIp(block.network, ip.bytes) &&
    !(ip.v4 && sameIp(lastOf(block), ip.bytes));
  return [...all].filter((range) => blocksOf(range).some(offers));
}

function lastOf({ network, bits }: CidrBlock): Uint8Array {
  const hostBits = 32 - bits;
  const last = Uint8Array.from(network);
  for (let i = 0; i < hostBits; i++) last[15 - (i >> 3)]! |= 1 << (i & 7);
  return last;
}
