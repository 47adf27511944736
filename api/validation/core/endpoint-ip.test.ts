import { expect, test } from "vitest";
import { isGlobalUnicast } from "./endpoint-ip.ts";

test.each([
  ["10.0.0.1", true],
  ["fd00::1", true],
  ["127.0.0.1", false],
  ["0.0.0.0", false],
  ["255.255.255.255", false],
  ["239.1.1.1", false],
  ["169.254.1.1", false],
  ["fe80::1", false],
  ["ff05::1", false],
  ["::1", false],
  ["::ffff:127.0.0.1", false],
  ["x", false],
  ["", false],
])("%s is an address for everybody: %s", (address, expected) => {
  expect(isGlobalUnicast(address)).toBe(expected);
});
