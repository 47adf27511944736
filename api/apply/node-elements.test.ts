import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FieldSet, leaf } from "./field-set.ts";
import { NodeElements } from "./node-elements.ts";
import { compareElements } from "./path-element.ts";

const elements = fc.uniqueArray(
  fc.oneof(
    fc.string({ maxLength: 3 }).map((name) => `f:${name}`),
    fc.nat(12).map((item) => `v:${item}`),
    fc.constantFrom('k:{"name":"a"}', 'k:{"name":"b"}', 'k:{"port":80}', 'k:{"port":9007199254740993}'),
  ),
  { maxLength: 80 },
);

const childOf = (element: string): FieldSet =>
  element.length % 2 === 0 ? leaf : NodeElements.of(true).and(`f:${element}`, leaf).node!;

function nodeOf(self: boolean, found: readonly string[]): FieldSet | undefined {
  return found.reduce((known, element) => known.and(element, childOf(element)), NodeElements.of(self)).node;
}

/** The same without a memory. */
function plainNode(self: boolean, found: readonly string[]): FieldSet | undefined {
  if (found.length === 0) return self ? leaf : undefined;
  const sorted = found.toSorted(compareElements).map((element) => [element, childOf(element)]);
  return Object.fromEntries(self ? [[".", leaf], ...sorted] : sorted);
}

describe("the elements of a node", () => {
  test("come in any order, the node has them in canonical order", () => {
    fc.assert(
      fc.property(fc.boolean(), elements, (self, found) => {
        expect(JSON.stringify(nodeOf(self, found))).toBe(JSON.stringify(plainNode(self, found)));
      }),
    );
  });

  test("make one node, however they came", () => {
    expect(nodeOf(true, ["f:bb", "f:a"])).toBe(nodeOf(true, ["f:a", "f:bb"]));
  });

  test("are owned as a whole where they come twice", () => {
    expect(nodeOf(true, ["f:b", "f:a", "f:b"])).toEqual({ ".": {}, "f:a": childOf("f:a"), "f:b": {} });
  });

  test("may be too many to be remembered", () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `f:${String(index).padStart(5, "0")}`);
    expect(Object.keys(nodeOf(true, many)!)).toEqual([".", ...many]);
  });

  test("are forgotten in time, and found again", () => {
    const before = nodeOf(true, ["f:a"]);
    for (let index = 0; index < 20_000; index++) nodeOf(false, [`f:b${index}`]);
    expect(nodeOf(true, ["f:a"])).toEqual(before);
    expect(nodeOf(true, ["f:a"])).not.toBe(before);
  });
});
