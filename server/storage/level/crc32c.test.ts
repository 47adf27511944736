import { expect, test } from "vitest";
import { crc32c } from "./crc32c.ts";

/** Source: RFC 3720, B.4, and the check value of the CRC catalogue. */
const vectors: [string, Buffer, number][] = [
  ["zeros", Buffer.alloc(32), 0x8a9136aa],
  ["ones", Buffer.alloc(32, 0xff), 0x62a8ab43],
  ["ascending", Buffer.from(Array.from({ length: 32 }, (_, byte) => byte)), 0x46dd794e],
  ["descending", Buffer.from(Array.from({ length: 32 }, (_, byte) => 31 - byte)), 0x113fdb5c],
  ["digits", Buffer.from("123456789"), 0xe3069283],
  ["nothing", Buffer.alloc(0), 0],
];

test.each(vectors)("the checksum of %s", (_, bytes, expected) => {
  expect(crc32c(bytes, 0, bytes.length)).toBe(expected);
});

test("a part of the bytes", () => {
  expect(crc32c(Buffer.from("xx123456789yy"), 2, 11)).toBe(0xe3069283);
});
