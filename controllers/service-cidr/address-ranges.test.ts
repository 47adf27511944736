import { expect, test } from "vitest";
import { parseCidr } from "../../api/ip.ts";
import { containing, offering, overlapping, type ServiceCidr } from "./address-ranges.ts";

const range = (name: string, ...cidrs: string[]) => ({ metadata: { name }, spec: { cidrs } }) as ServiceCidr;
const all = [
  range("wide", "10.0.0.0/16", "fd00::/112"),
  range("narrow", "10.0.1.0/24"),
  range("far", "10.1.0.0/24"),
];
const names = (ranges: ServiceCidr[]) => ranges.map(({ metadata }) => metadata.name);

test("ranges overlap, and the larger contain the smaller", () => {
  expect(names(overlapping(all, parseCidr("10.0.1.0/25")!))).toEqual(["wide", "narrow"]);
  expect(names(overlapping(all, parseCidr("10.0.0.0/8")!))).toEqual(["wide", "narrow", "far"]);
  expect(names(containing(all, parseCidr("10.0.1.0/24")!))).toEqual(["wide", "narrow"]);
  expect(names(containing(all, parseCidr("10.0.0.0/8")!))).toEqual([]);
});

test("the first address of a range, and the last in IPv4, are not offered", () => {
  expect(names(offering(all, "10.0.1.7"))).toEqual(["wide", "narrow"]);
  expect(names(offering(all, "10.0.1.0"))).toEqual(["wide"]);
  expect(names(offering(all, "10.0.1.255"))).toEqual(["wide"]);
  expect(names(offering(all, "10.0.255.255"))).toEqual([]);
  expect(names(offering(all, "fd00::"))).toEqual([]);
  expect(names(offering(all, "fd00::ffff"))).toEqual(["wide"]);
});
