import { expect, test } from "vitest";
import {
  differencesFrom,
  type Lists,
  listProblems,
  readLists,
  type TestClass,
  withPassing,
} from "./lists.ts";

const lists: Lists = {
  classes: new Map<string, TestClass>([
    ["one", "A"],
    ["two", "A"],
    ["far", "D"],
  ]),
  passing: new Set(["one"]),
  later: new Map([["two", "needs a controller"]]),
};

test("every test of a class that has begun is in exactly one of the committed lists", () => {
  const committed = readLists();
  expect(listProblems(committed)).toEqual([]);
  expect(new Set([...committed.passing].map((one) => committed.classes.get(one)))).toContain("A");
});

test("a test in no list, in both, without a reason or of another name is a problem", () => {
  expect(listProblems(lists)).toEqual([]);
  expect(listProblems({ ...lists, later: new Map() })).toEqual([
    "is neither in passing.txt nor in later.txt: two",
  ]);
  expect(listProblems({ ...lists, passing: new Set(["one", "two"]) })).toEqual([
    "is in passing.txt and in later.txt: two",
  ]);
  expect(listProblems({ ...lists, later: new Map([["two", ""]]) })).toEqual([
    "is in later.txt without a reason: two",
  ]);
  expect(listProblems({ ...lists, passing: new Set(["one", "other"]) })).toContain(
    "is no conformance test: other",
  );
});

test("tests that the program has and the list has not, and the other way round, are told", () => {
  expect(differencesFrom(["one", "two", "new"], lists)).toEqual([
    "is not in tests.txt: new",
    "is no test of upstream's: far",
  ]);
});

test("what passes moves from one list to the other", () => {
  const { passing, later } = withPassing(lists, ["two"]);
  expect([...passing]).toEqual(["one", "two"]);
  expect(later.size).toBe(0);
});
