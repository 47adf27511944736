import { expect, test } from "vitest";
import { LruMap } from "./lru-map.ts";

test("what was not asked for the longest is forgotten", () => {
  const map = new LruMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.get("a");
  map.peek("b");
  map.set("c", 3);
  expect(["a", "b", "c"].map((key) => map.get(key))).toEqual([1, undefined, 3]);
});
