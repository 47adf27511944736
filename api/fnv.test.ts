import { expect, test } from "vitest";
import { fnv32, fnv32a, fnv128a } from "./fnv.ts";

// Known answers of Go's hash/fnv.
test.each([
  ["", 0x811c9dc5, 0x811c9dc5],
  ["a", 0x050c5d7e, 0xe40c292c],
  ["ab", 0x70772d38, 0x4d2505ca],
  ["abc", 0x439c2f4b, 0x1a47e90b],
])("%j", (text, one, a) => {
  expect(fnv32(Buffer.from(text))).toBe(one);
  expect(fnv32a(Buffer.from(text))).toBe(a);
});

test("of 128 bits", () => {
  expect(fnv128a(Buffer.from(""))).toBe("6c62272e07bb014262b821756295c58d");
  const dump =
    "(v1.EndpointPort){Name:(string)web Port:(int32)80 Protocol:(v1.Protocol)TCP AppProtocol:(*string)http}";
  expect(fnv128a(Buffer.from(dump))).toBe("eff4c0678e0eb63ec9b269744cdf7d6a");
});
