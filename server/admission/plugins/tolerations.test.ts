import { expect, test } from "vitest";
import { covers } from "./tolerations.ts";

const all = { operator: "Exists" } as const;
const equal = { key: "k", operator: "Equal", value: "v" } as const;

test("a toleration covers what it tolerates too", () => {
  expect(covers(all, equal)).toBe(true);
  expect(covers(equal, all)).toBe(false);
  expect(covers({ ...equal, value: "w" }, equal)).toBe(false);
  expect(covers({ ...all, key: "other" }, equal)).toBe(false);
  expect(covers({ ...all, effect: "NoSchedule" }, equal)).toBe(false);
});

test("an endless toleration is not covered by one that ends", () => {
  const ending = { ...all, effect: "NoExecute", tolerationSeconds: 10 } as const;
  const eviction = { ...equal, effect: "NoExecute" } as const;
  expect(covers(ending, eviction)).toBe(false);
  expect(covers(ending, { ...eviction, tolerationSeconds: 11 })).toBe(false);
  expect(covers(ending, { ...eviction, tolerationSeconds: 10 })).toBe(true);
});
