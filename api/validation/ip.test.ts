import { describe, expect, test } from "vitest";
import { cidrContains, formatCidr, formatIp, parseCidr, parseIp } from "../ip.ts";
import { FieldPath } from "./field.ts";
import {
  validateCidr,
  validateInterfaceAddress,
  validateIp,
  validateLegacyCidr,
  validateLegacyIp,
  warningsForCidr,
  warningsForIp,
} from "./ip.ts";

const path = FieldPath.of("ip");
const bodies = (errors: { body: string }[]): string[] => errors.map(({ body }) => body);

describe("addresses", () => {
  test.each([
    ["10.9.8.7", "10.9.8.7"],
    ["010.009.008.007", "10.9.8.7"],
    ["::", "::"],
    ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
    ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
    ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
    ["::ffff:1.2.3.4", "1.2.3.4"],
    ["64:ff9b::1.2.3.4", "64:ff9b::102:304"],
  ])("%s is read as %s", (text, canonical) => {
    expect(formatIp(parseIp(text)!.bytes)).toBe(canonical);
  });

  test.each([
    "",
    "1.2.3",
    "1.2.3.4.5",
    "256.1.1.1",
    "1.2.3.a",
    "::1::",
    "1:2:3:4:5:6:7:8:9",
    "fe80::1%eth0",
    ":1::",
    "12345::",
    "::1.2.3",
    "1.2.3.4::",
  ])("%j is no address", (text) => {
    expect(parseIp(text)).toBeUndefined();
  });

  test("new fields take the canonical form only", () => {
    expect(validateIp(path, "fd00::1")).toEqual([]);
    expect(bodies(validateIp(path, "FD00::1"))).toEqual([
      'Invalid value: "FD00::1": must be in canonical form ("fd00::1")',
    ]);
    expect(bodies(validateIp(path, "x"))).toEqual([
      'Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
    ]);
  });

  test("older fields refuse what is ambiguous, unless the old object has it", () => {
    const options = { strict: true };
    expect(validateLegacyIp(path, "FD00::1", options)).toEqual([]);
    expect(bodies(validateLegacyIp(path, "010.1.1.1", options))).toEqual([
      'Invalid value: "010.1.1.1": must not have leading 0s',
    ]);
    expect(bodies(validateLegacyIp(path, "::ffff:1.2.3.4", options))).toEqual([
      'Invalid value: "::ffff:1.2.3.4": must not be an IPv4-mapped IPv6 address',
    ]);
    expect(validateLegacyIp(path, "010.1.1.1", { strict: false })).toEqual([]);
    expect(validateLegacyIp(path, "010.1.1.1", { strict: true, validOld: ["010.1.1.1"] })).toEqual([]);
  });

  test("odd forms are warned about", () => {
    expect(warningsForIp(path, "010.1.1.1")).toEqual([
      'ip: non-standard IP address "010.1.1.1" is invalid: use "10.1.1.1"',
    ]);
    expect(warningsForIp(path, "FD00::1")).toEqual([
      'ip: IPv6 address "FD00::1" should be in RFC 5952 canonical format ("fd00::1")',
    ]);
    expect(warningsForIp(path, "10.1.1.1")).toEqual([]);
  });
});

describe("blocks", () => {
  test.each([
    ["10.1.2.3/8", "10.0.0.0/8"],
    ["10.1.2.3/08", "10.0.0.0/8"],
    ["2001:db8::1/32", "2001:db8::/32"],
    ["::ffff:1.2.3.4/120", "1.2.3.0/24"],
    ["::/0", "::/0"],
  ])("%s is the network %s", (text, network) => {
    expect(formatCidr(parseCidr(text)!)).toBe(network);
  });

  test.each(["10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "/8", "10.0.0.0/8/8"])(
    "%j is no block",
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );

  test("a block holds the addresses of its own family", () => {
    const block = parseCidr("10.0.0.0/8")!;
    expect(cidrContains(block, parseIp("10.255.1.1")!.bytes)).toBe(true);
    expect(cidrContains(block, parseIp("11.0.0.1")!.bytes)).toBe(false);
    expect(cidrContains(parseCidr("::/0")!, parseIp("10.0.0.1")!.bytes)).toBe(false);
  });

  test("bits beyond the prefix are refused and warned about", () => {
    expect(bodies(validateLegacyCidr(path, "10.1.2.3/8", { strict: true }))).toEqual([
      'Invalid value: "10.1.2.3/8": must not have bits set beyond the prefix length',
    ]);
    expect(bodies(validateCidr(path, "10.0.0.0/08"))).toEqual([
      'Invalid value: "10.0.0.0/08": must not have leading 0s in IP or prefix length',
    ]);
    expect(warningsForCidr(path, "10.1.2.3/8")).toEqual([
      'ip: CIDR value "10.1.2.3/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.1.2.3/32"?)',
    ]);
    expect(validateInterfaceAddress(path, "10.1.2.3/8")).toEqual([]);
  });
});
