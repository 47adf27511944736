import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../object.ts";
import { hasPath, paths, union } from "./field-set.ts";
import { compareElements, PathElementError } from "./path-element.ts";
import { readFieldSet, sharedSet } from "./read-field-set.ts";
import { frozen, setOf } from "./testing.ts";

describe("fieldsV1 that somebody else wrote", () => {
  test.each<[string, JsonValue, unknown]>([
    [
      "order and spelling",
      { "v:10": {}, 'k:{"b":1, "a":2}': {}, "f:a": { "f:c": {}, ".": {} } },
      { "f:a": { ".": {}, "f:c": {} }, 'k:{"a":2,"b":1}': {}, "v:10": {} },
    ],
    ["a useless dot", { "f:a": { ".": {} }, ".": {} }, { "f:a": {} }],
    ["elements of later versions", { "x:y": {}, "f:a": { "x:y": {} } }, { "f:a": {} }],
    ["what is in a dot", { "f:a": { ".": { "f:x": {} }, "f:b": {} } }, { "f:a": { ".": {}, "f:b": {} } }],
    ["null", null, {}],
  ])("%s", (_name, fieldsV1, expected) => {
    const set = readFieldSet(frozen(fieldsV1));
    expect(JSON.stringify(set)).toBe(JSON.stringify(expected));
  });

  test.each([
    [["x"]],
    ["text"],
    [1],
    [{ name: {} }],
    [{ "f:a": [] }],
    [{ "i:x": {} }],
    [{ "f:a": { "k:1": {} } }],
  ])("%j is refused", (fieldsV1) => {
    expect(() => readFieldSet(fieldsV1 as JsonValue)).toThrow(PathElementError);
  });

  test("reading makes any tree canonical", () => {
    const keys = fc.constantFrom("f:a", "f:b", ".", "v:2", "v:10", 'k:{ "a":1}');
    const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
      tree: fc.oneof({ maxDepth: 3 }, fc.constant({}), fc.dictionary(keys, tie("tree"), { maxKeys: 4 })),
    }));
    fc.assert(
      fc.property(tree, (fieldsV1) => {
        const set = readFieldSet(fieldsV1);
        expect(JSON.stringify(readFieldSet(set as unknown as JsonValue))).toBe(JSON.stringify(set));
        expect(JSON.stringify(sharedSet(set))).toBe(JSON.stringify(set));
        for (const each of paths(set)) expect(hasPath(set, each)).toBe(true);
        expect(Object.keys(set)).toEqual(Object.keys(set).sort(compareElements));
      }),
    );
  });
});

describe("fieldsV1 as it is written", () => {
  test("equal sets are one object", () => {
    const read = () => readFieldSet({ "f:a": { ".": {}, "f:b": {} }, 'k:{"name":"x"}': {} });
    expect(read()).toBe(read());
    expect(sharedSet(union(read(), setOf("f:c")))).toBe(sharedSet(union(setOf("f:c"), read())));
  });
});
