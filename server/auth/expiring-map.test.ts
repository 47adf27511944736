import { expect, test } from "vitest";
import { ManualClock } from "../../api/manual-clock.ts";
import { ExpiringMap } from "./expiring-map.ts";

test("a value is believed for its time, and not at all without one", () => {
  const clock = new ManualClock();
  const map = new ExpiringMap<string>(10, clock);
  map.set("a", "first", 1000);
  clock.advance(999);
  expect(map.get("a")).toBe("first");
  clock.advance(1);
  expect(map.get("a")).toBeUndefined();
  map.set("a", "second", 1000);
  map.set("a", "third", 0);
  expect(map.get("a")).toBeUndefined();
});

test("beyond the limit what was found out first is forgotten", () => {
  const map = new ExpiringMap<number>(2, new ManualClock());
  map.set("a", 1, 1000);
  map.set("b", 2, 1000);
  map.set("a", 3, 1000);
  map.set("c", 4, 1000);
  expect(["a", "b", "c"].map((key) => map.get(key))).toEqual([3, undefined, 4]);
});
