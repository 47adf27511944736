import { expect, test } from "vitest";
import { EmptyMap } from "./empty-map.ts";
import { cloneJson } from "./json-clone.ts";
import { semanticEqual } from "./semantic-equal.ts";

test.each<[string, unknown, unknown, boolean]>([
  ["an absent list and an empty one", { a: [] }, {}, true],
  ["an absent map and an empty one", { a: new EmptyMap() }, {}, true],
  ["a copy of an empty map", cloneJson({ a: new EmptyMap() }), {}, true],
  ["a map that was empty", { a: Object.assign(new EmptyMap(), { b: 1 }) }, {}, false],
  ["null and nothing", { a: null }, {}, true],
  ["members in another order", { a: 1, b: 2 }, { b: 2, a: 1 }, true],
  ["an empty struct that is there and one that is not", { a: {} }, {}, false],
  ["zero and nothing", { a: 0 }, {}, false],
  ["lists in another order", [1, 2], [2, 1], false],
  ["a list and a map", [], {}, false],
  ["a key of the prototype", JSON.parse('{"__proto__":1}'), {}, false],
  ["big integers", { a: 2n ** 60n }, { a: 2n ** 60n }, true],
])("%s", (_, a, b, equal) => {
  expect(semanticEqual(a, b)).toBe(equal);
  expect(semanticEqual(b, a)).toBe(equal);
});
