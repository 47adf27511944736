import { expect, test } from "vitest";
import { ObjectCache } from "./object-cache.ts";

const entry = {
  key: "/a",
  bytes: Buffer.from('{"metadata":{"name":"a","finalizers":["f"]},"list":[{"a":{}}]}'),
  revision: 2,
};

test("objects are decoded once, and frozen", () => {
  const cache = new ObjectCache(1);
  const object = cache.get(entry);
  expect(object).toEqual({ metadata: { name: "a", finalizers: ["f"] }, list: [{ a: {} }] });
  const { metadata, list } = object as typeof object & { list: [{ a: object }] };
  for (const part of [object, metadata, metadata.finalizers, list, list[0], list[0].a])
    expect(Object.isFrozen(part)).toBe(true);
  expect(cache.get(entry)).toBe(object);
  expect(cache.getOnce(entry)).toBe(object);
});

test("what a write asks for is frozen too, but not kept", () => {
  const cache = new ObjectCache(1);
  const object = cache.getOnce(entry);
  expect(Object.isFrozen(object.metadata)).toBe(true);
  expect(cache.get(entry)).not.toBe(object);
});

test("the object that was asked for longest ago goes first", () => {
  const cache = new ObjectCache(2);
  const others = [3, 4].map((revision) => ({ ...entry, revision }));
  const [first, second] = [cache.get(entry), cache.get(others[0]!)];
  cache.get(entry);
  cache.get(others[1]!);
  expect(cache.get(entry)).toBe(first);
  expect(cache.get(others[0]!)).not.toBe(second);
});
