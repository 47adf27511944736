import { formatIp, parseCidr } from "../api/ip.ts";
import { UsageError } from "./cluster-options.ts";

export interface ServiceRanges {
  cidrs: readonly string[];
  /** Of each CIDR; the first is the default. */
  families: readonly ["IPv4" | "IPv6", ...("IPv4" | "IPv6")[]];
  /** The first address of the first range: that of Service default/kubernetes. */
  firstIp: string;
}

/** --service-cluster-ip-range: one CIDR, or one of each family. Source: pkg/controlplane/apiserver/options. */
export function parseServiceRanges(text: string): ServiceRanges {
  const cidrs = text.split(",").map((cidr) => cidr.trim());
  const blocks = cidrs.map((cidr) => {
    const block = parseCidr(cidr);
    if (!block) throw new UsageError(`service-cluster-ip-range: ${JSON.stringify(cidr)} is not a CIDR`);
    return block;
  });
  const families = blocks.map(({ address }) => (address.v4 ? ("IPv4" as const) : ("IPv6" as const)));
  const [first, second] = families;
  if (!first || families.length > 2 || first === second) {
    throw new UsageError("service-cluster-ip-range must be one CIDR, or one of each IP family");
  }
  const start = Uint8Array.from(blocks[0]!.network);
  start[15]! += 1;
  return { cidrs, families: second ? [first, second] : [first], firstIp: formatIp(start) };
}

/** --service-node-port-range: "30000-32767", "30000+10" or one port. Source: apimachinery/pkg/util/net/port_range.go. */
export function parsePortRange(text: string): { first: number; last: number } {
  const match = /^\s*(\d+)\s*(?:([-+])\s*(\d+)\s*)?$/.exec(text);
  const first = Number(match?.[1]);
  const second = Number(match?.[3] ?? 0);
  const last = match?.[2] === "-" ? second : first + second;
  if (!match || last > 65535 || last < first) {
    throw new UsageError(`service-node-port-range: ${JSON.stringify(text)} is not a range of ports`);
  }
  return { first, last };
}
