/**
 * Checks of IP addresses and CIDR blocks in fields, and the warnings about forms that are still taken but should not
 * be used. Source: k8s.io/apimachinery/pkg/util/validation/ip.go.
 */
import { goQuote } from "../go-format.ts";
import {
  type CidrBlock,
  formatCidr,
  formatIp,
  type IpAddress,
  isIpv4,
  isMappedIpv4,
  parseCidr,
  parseIp,
  sameIp,
} from "../ip.ts";
import { type FieldError, type FieldPath, invalid } from "./field.ts";

/** What older fields allow; strict unless the gate StrictIPCIDRValidation is off. */
export interface LegacyIpOptions {
  strict: boolean;
  /** Values that the old object already has, allowed whatever they look like. */
  validOld?: readonly string[];
}

function readIp(path: FieldPath, value: string, strict: boolean): { ip?: IpAddress; errors: FieldError[] } {
  const ip = parseIp(value);
  if (!ip) {
    return {
      errors: [invalid(path, value, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")],
    };
  }
  const errors: FieldError[] = [];
  if (strict && !ip.strict) errors.push(invalid(path, value, "must not have leading 0s"));
  else if (strict && isMappedIpv4(ip)) {
    errors.push(invalid(path, value, "must not be an IPv4-mapped IPv6 address"));
  }
  return { ip, errors };
}

/** IsValidIPForLegacyField: for fields that are older than strict validation. */
export function validateLegacyIp(path: FieldPath, value: string, options: LegacyIpOptions): FieldError[] {
  if (options.validOld?.includes(value)) return [];
  return readIp(path, value, options.strict).errors;
}

/** IsValidIP: canonical form only. */
export function validateIp(path: FieldPath, value: string): FieldError[] {
  const { ip, errors } = readIp(path, value, true);
  if (!ip || errors.length > 0) return errors;
  const canonical = formatIp(ip.bytes);
  return value === canonical ? [] : [notCanonical(path, value, canonical)];
}

/** GetWarningsForIP: to be used with fields that validateLegacyIp checks. */
export function warningsForIp(path: FieldPath | string, value: string): string[] {
  const ip = parseIp(value);
  if (!ip) return [];
  const canonical = formatIp(ip.bytes);
  if (!ip.strict || isMappedIpv4(ip)) {
    return [`${path}: non-standard IP address ${goQuote(value)} is invalid: use ${goQuote(canonical)}`];
  }
  if (ip.v4 || canonical === value) return [];
  return [
    `${path}: IPv6 address ${goQuote(value)} should be in RFC 5952 canonical format (${goQuote(canonical)})`,
  ];
}

function readCidr(
  path: FieldPath,
  value: string,
  strict: boolean,
): { block?: CidrBlock; errors: FieldError[] } {
  const block = parseCidr(value);
  if (!block) {
    return {
      errors: [invalid(path, value, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")],
    };
  }
  const problem = strict ? strictCidrProblem(block) : undefined;
  return { block, errors: problem === undefined ? [] : [invalid(path, value, problem)] };
}

function strictCidrProblem(block: CidrBlock): string | undefined {
  if (!block.strict) return "must not have leading 0s in IP or prefix length";
  if (isMappedIpv4(block.address)) return "must not have an IPv4-mapped IPv6 address";
  if (!sameIp(block.address.bytes, block.network)) return "must not have bits set beyond the prefix length";
  return undefined;
}

/** IsValidCIDRForLegacyField. */
export function validateLegacyCidr(path: FieldPath, value: string, options: LegacyIpOptions): FieldError[] {
  if (options.validOld?.includes(value)) return [];
  return readCidr(path, value, options.strict).errors;
}

/** IsValidCIDR: a network ("192.168.1.0/24") in canonical form. */
export function validateCidr(path: FieldPath, value: string): FieldError[] {
  const { block, errors } = readCidr(path, value, true);
  if (!block || errors.length > 0) return errors;
  const canonical = formatCidr(block);
  return value === canonical ? [] : [notCanonical(path, value, canonical)];
}

/** GetWarningsForCIDR: to be used with fields that validateLegacyCidr checks. */
export function warningsForCidr(path: FieldPath | string, value: string): string[] {
  const block = parseCidr(value);
  if (!block) return [];
  const warnings: string[] = [];
  const network = formatCidr(block);
  if (!sameIp(block.address.bytes, block.network)) {
    const single = `${formatIp(block.address.bytes)}/${block.address.v4 ? 32 : 128}`;
    warnings.push(
      `${path}: CIDR value ${goQuote(value)} is ambiguous in this context (should be ${goQuote(network)} or ${goQuote(single)}?)`,
    );
  }
  if (!block.strict || isMappedIpv4(block.address)) {
    warnings.push(`${path}: non-standard CIDR value ${goQuote(value)} is invalid: use ${goQuote(network)}`);
  }
  if (warnings.length === 0 && !block.address.v4 && network !== value) {
    warnings.push(
      `${path}: IPv6 CIDR value ${goQuote(value)} should be in RFC 5952 canonical format (${goQuote(network)})`,
    );
  }
  return warnings;
}

/** IsValidInterfaceAddress: an address with the length of its network ("192.168.1.5/24"), canonical. */
export function validateInterfaceAddress(path: FieldPath, value: string): FieldError[] {
  const block = parseCidr(value);
  if (!block) {
    const example = "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)";
    return [invalid(path, value, example)];
  }
  const bits = isIpv4(block.address.bytes) && block.bits > 32 ? block.bits - 96 : block.bits;
  const canonical = `${formatIp(block.address.bytes)}/${bits}`;
  return value === canonical ? [] : [notCanonical(path, value, canonical)];
}

const notCanonical = (path: FieldPath, value: string, canonical: string): FieldError =>
  invalid(path, value, `must be in canonical form (${goQuote(canonical)})`);
