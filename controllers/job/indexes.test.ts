import { describe, expect, test } from "vitest";
import { Indexes } from "./indexes.ts";

describe("as a status writes them", () => {
  test.each([
    ["", ""],
    ["0", "0"],
    ["0,1", "0,1"],
    ["0-2", "0-2"],
    ["1,3-5,7", "1,3-5,7"],
    ["0,1,2", "0-2"],
    ["8-12", "8,9"],
    ["2,x,4", "2,4"],
    ["11,3", ""],
  ])("%j is read and written as %j", (text, written) => {
    expect(Indexes.parse(text, 10).toString()).toBe(written);
  });
});

test("sets of indexes are joined, counted and asked", () => {
  const some = Indexes.of([5, 1, 2]);
  const all = some.with(Indexes.parse("3,8-9", 10));
  expect(all.toString()).toBe("1-3,5,8,9");
  expect(all.size).toBe(6);
  expect([0, 1, 4, 5, 9].map((index) => all.has(index))).toEqual([false, true, false, true, true]);
  expect(all.overlap(Indexes.parse("2-8", 10))).toBe(4);
});

test("the lowest that are missing come first", () => {
  const some = Indexes.parse("1-2,5", 10);
  expect(some.missing(3, 8)).toEqual([0, 3, 4]);
  expect(some.missing(10, 8)).toEqual([0, 3, 4, 6, 7]);
  expect(Indexes.of([]).missing(2, 1)).toEqual([0]);
});
