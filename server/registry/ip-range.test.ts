import { describe, expect, it } from "vitest";
import { addressNumber, addressText, IpRange, ipFamilyOf } from "./ip-range.ts";

const rangeOf = (cidr: string): IpRange => IpRange.parse(cidr)!;
const texts = (range: IpRange, random = () => 0) => [...range.candidates(random)].map(addressText);

describe("IpRange", () => {
  it("leaves out the network's address and IPv4's broadcast address", () => {
    expect(texts(rangeOf("10.0.0.0/29"))).toEqual([1, 2, 3, 4, 5, 6].map((n) => `10.0.0.${n}`));
    expect(texts(rangeOf("fd00::/126"))).toEqual(["fd00::1", "fd00::2", "fd00::3"]);
  });

  it("keeps the lower part of a large range for those who choose an address", () => {
    const all = texts(rangeOf("10.0.0.0/24"));
    expect(all[0]).toBe("10.0.0.17");
    expect(all.slice(-16)).toEqual(Array.from({ length: 16 }, (_, i) => `10.0.0.${i + 1}`));
    expect(new Set(all).size).toBe(254);
    expect(texts(rangeOf("10.0.0.0/20"))[0]).toBe("10.0.1.1");
  });

  it("begins anywhere and misses no address", () => {
    const all = texts(rangeOf("10.0.0.0/24"), () => 0.5);
    expect(all[0]).toBe("10.0.0.136");
    expect(new Set(all).size).toBe(254);
  });

  it("begins somewhere in a /64 without listing it", () => {
    const [first] = rangeOf("fd00::/64").candidates(() => 0.999);
    expect(addressText(first!)).toMatch(/^fd00::/);
  });

  it.each(["", "10.0.0.0", "10.0.0.0/33", "x/8"])("is not made of %j", (cidr) => {
    expect(IpRange.parse(cidr)).toBeUndefined();
  });

  it.each([
    ["10.0.0.1", true],
    ["10.0.0.0", false],
    ["10.0.0.255", false],
    ["::ffff:10.0.0.1", true],
    ["fd00::1", false],
  ])("contains %s: %s", (address, contained) => {
    expect(rangeOf("10.0.0.0/24").contains(addressNumber(address)!)).toBe(contained);
  });
});

it.each([
  ["10.0.0.1", "IPv4"],
  ["fd00::1", "IPv6"],
  ["None", undefined],
])("the family of %s is %s", (text, family) => {
  expect(ipFamilyOf(text)).toBe(family);
});
