import { expect, test } from "vitest";
import { isStackOverflow, keptDepth, nestsTooDeep } from "./json-depth.ts";

const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));

test("a value may nest so deep, and no deeper", () => {
  expect(nestsTooDeep(nested(keptDepth))).toBe(false);
  expect(nestsTooDeep({ a: [nested(keptDepth - 1)] })).toBe(true);
  expect(nestsTooDeep(nested(1_000_000))).toBe(true);
  expect(nestsTooDeep(null)).toBe(false);
});

test("what is kept can be written, and an overflow is known as one", () => {
  expect(JSON.stringify(nested(keptDepth))).toHaveLength(2 * keptDepth);
  let overflow: unknown;
  try {
    JSON.stringify(nested(100_000));
  } catch (error) {
    overflow = error;
  }
  expect(isStackOverflow(overflow)).toBe(true);
  expect(isStackOverflow(new RangeError("Invalid array length"))).toBe(false);
});
