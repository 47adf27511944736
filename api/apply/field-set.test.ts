import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../object.ts";
import {
  difference,
  type FieldSet,
  hasPath,
  intersection,
  isEmpty,
  isSubset,
  paths,
  recursiveDifference,
  union,
} from "./field-set.ts";
import { readFieldSet } from "./read-field-set.ts";
import { frozen, setOf } from "./testing.ts";

const element = fc.constantFrom("f:a", "f:b", 'k:{"name":"x"}', "v:1");
const path = fc.array(element, { minLength: 1, maxLength: 3 }).map((elements) => elements.join("/"));
const pathList = fc.uniqueArray(path, { maxLength: 8 });
const texts = (set: FieldSet): string[] => [...paths(set)].map((each) => each.join("/"));

function expectSet(set: FieldSet, expected: readonly string[]): void {
  expect(texts(set).sort()).toEqual([...new Set(expected)].sort());
  // The same paths always make the same tree, in the same order.
  expect(JSON.stringify(set)).toBe(JSON.stringify(readFieldSet(set as unknown as JsonValue)));
}

const under = (path: string, parents: readonly string[]): boolean =>
  parents.some((parent) => path === parent || path.startsWith(`${parent}/`));

describe("sets of paths", () => {
  test("hold what is put into them", () => {
    fc.assert(fc.property(pathList, (list) => expectSet(setOf(...list), list)));
  });

  test("union, intersection and differences are those of the paths", () => {
    fc.assert(
      fc.property(pathList, pathList, (left, right) => {
        const a = frozen(setOf(...left));
        const b = frozen(setOf(...right));
        expectSet(union(a, b), [...left, ...right]);
        expectSet(
          intersection(a, b),
          left.filter((each) => right.includes(each)),
        );
        expectSet(
          difference(a, b),
          left.filter((each) => !right.includes(each)),
        );
        expectSet(
          recursiveDifference(a, b),
          left.filter((each) => !under(each, right)),
        );
        expect(isSubset(a, b)).toBe(left.every((each) => right.includes(each)));
        for (const each of left) expect(hasPath(b, each.split("/"))).toBe(right.includes(each));
      }),
    );
  });

  test("what does not change is the same object", () => {
    const set = setOf("f:a/f:b", "f:c");
    expect(union(set, setOf("f:c"))).toBe(set);
    expect(difference(set, setOf("f:d", "f:a"))).toBe(set);
  });

  test("a path and what is below it are different paths", () => {
    expect(setOf("f:a", "f:a/f:b")).toEqual({ "f:a": { ".": {}, "f:b": {} } });
    expect(difference(setOf("f:a", "f:a/f:b"), setOf("f:a"))).toEqual({ "f:a": { "f:b": {} } });
    expect(difference(setOf("f:a"), setOf("f:a/f:b"))).toEqual({ "f:a": {} });
    expect(isEmpty(intersection(setOf("f:a"), setOf("f:a/f:b")))).toBe(true);
  });

  test("paths come level by level", () => {
    const set = setOf("f:a/f:c", "f:b", "f:a", 'f:a/k:{"name":"x"}/f:d');
    expect(texts(set)).toEqual(["f:a", "f:b", "f:a/f:c", 'f:a/k:{"name":"x"}/f:d']);
  });
});
