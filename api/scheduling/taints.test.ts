import { expect, test } from "vitest";
import { type Taint, toleratesTaint, untoleratedTaint, withToleration } from "./taints.ts";

const taint = (key: string, value: string, effect: Taint["effect"] = "NoSchedule"): Taint => ({
  key,
  value,
  effect,
});

test.each([
  [{ key: "k", operator: "Exists" as const }, true],
  [{ operator: "Exists" as const }, true],
  [{ key: "k", value: "5" }, true],
  [{ key: "k", value: "6" }, false],
  [{ key: "k", operator: "Exists" as const, effect: "NoExecute" as const }, false],
  [{ key: "other", operator: "Exists" as const }, false],
  [{ key: "k", operator: "Gt" as const, value: "4" }, false],
])("%j tolerates k=5: %s", (toleration, expected) => {
  expect(toleratesTaint(toleration, taint("k", "5"), false)).toBe(expected);
});

test("with the feature on, numbers are compared", () => {
  const gt = (value: string) => toleratesTaint({ key: "k", operator: "Gt", value }, taint("k", "5"), true);
  expect([gt("4"), gt("5"), gt("04"), gt("x")]).toEqual([true, false, false, false]);
  expect(toleratesTaint({ key: "k", operator: "Lt", value: "6" }, taint("k", "5"), true)).toBe(true);
});

test("only taints of the effects that are asked for count", () => {
  const taints = [taint("a", "", "PreferNoSchedule"), taint("b", ""), taint("c", "", "NoExecute")];
  expect(untoleratedTaint(taints, [], ["NoSchedule", "NoExecute"], false)?.key).toBe("b");
  expect(untoleratedTaint(taints, [{ key: "b", operator: "Exists" }], ["NoSchedule"], false)).toBeUndefined();
});

test("a toleration that is there already is not added again", () => {
  const own = [{ key: "k", operator: "Exists" as const, effect: "NoExecute" as const, tolerationSeconds: 5 }];
  const added = { key: "k", operator: "Exists" as const, effect: "NoExecute" as const };
  expect(withToleration(own, added)).toEqual([added]);
  expect(withToleration([added], added)).toEqual([added]);
  expect(withToleration([], added)).toEqual([added]);
});
