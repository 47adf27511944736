import { isIpv4, parseIp } from "../../ip.ts";
import { type FieldError, type FieldPath, invalid } from "../field.ts";

/** ValidateEndpointIP of pkg/apis/core/validation: addresses that no endpoint can have. */
export function validateEndpointIp(address: string, path: FieldPath): FieldError[] {
  const ip = parseIp(address);
  if (!ip) return [invalid(path, address, "must be a valid IP address")];
  const problems: string[] = [];
  const { bytes } = ip;
  if (isUnspecified(bytes)) problems.push(`may not be unspecified (${address})`);
  if (isLoopback(bytes)) problems.push("may not be in the loopback range (127.0.0.0/8, ::1/128)");
  if (isLinkLocal(bytes)) problems.push("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
  if (isLinkLocalMulticast(bytes)) {
    problems.push("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
  }
  return problems.map((problem) => invalid(path, address, problem));
}

/** Go's net.IP predicates; the address is 16 bytes. */
function isUnspecified(bytes: Uint8Array): boolean {
  return (isIpv4(bytes) ? bytes.subarray(12) : bytes).every((byte) => byte === 0);
}

function isLoopback(bytes: Uint8Array): boolean {
  if (isIpv4(bytes)) return bytes[12] === 127;
  return bytes[15] === 1 && bytes.subarray(0, 15).every((byte) => byte === 0);
}

function isLinkLocal(bytes: Uint8Array): boolean {
  if (isIpv4(bytes)) return bytes[12] === 169 && bytes[13] === 254;
  return bytes[0] === 0xfe && (bytes[1]! & 0xc0) === 0x80;
}

function isLinkLocalMulticast(bytes: Uint8Array): boolean {
  if (isIpv4(bytes)) return bytes[12] === 224 && bytes[13] === 0 && bytes[14] === 0;
  return bytes[0] === 0xff && (bytes[1]! & 0x0f) === 0x02;
}

const isMulticast = (bytes: Uint8Array): boolean =>
  isIpv4(bytes) ? (bytes[12]! & 0xf0) === 0xe0 : bytes[0] === 0xff;

const isBroadcast = (bytes: Uint8Array): boolean =>
  isIpv4(bytes) && bytes.subarray(12).every((byte) => byte === 0xff);

/** net.IP.IsGlobalUnicast: private addresses are such, too. */
export function isGlobalUnicast(address: string): boolean {
  const bytes = parseIp(address)?.bytes;
  if (!bytes) return false;
  return ![isUnspecified, isLoopback, isLinkLocal, isMulticast, isBroadcast].some((is) => is(bytes));
}
