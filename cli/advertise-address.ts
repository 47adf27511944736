import { networkInterfaces } from "node:os";
import { parseIp } from "../api/ip.ts";

/** For documentation only (RFC 5737): named where a machine has no address but loopback. */
const nowhere = "192.0.2.1";

/**
 * The address under which the server tells clients in the cluster to reach it: the bind address, unless that is
 * everything or loopback, which Endpoints may not hold; then the machine's first other address of the same family.
 * Source: DefaultAdvertiseAddress in k8s.io/apiserver/pkg/server/options.
 */
export function advertiseAddress(bindAddress: string): string {
  const ip = parseIp(bindAddress);
  const loopback = ip?.v4 ? bindAddress.startsWith("127.") : bindAddress === "::1";
  const unspecified = bindAddress === "0.0.0.0" || bindAddress === "::";
  if (!loopback && !unspecified) return bindAddress;
  const family = ip?.v4 ? "IPv4" : "IPv6";
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(
      (address) => !address.internal && address.family === family && !address.address.startsWith("fe80:"),
    );
  return own?.address ?? nowhere;
}
