import { expect, test } from "vitest";
import { planOf } from "./plan.ts";

const lists = {
  classes: new Map(),
  passing: new Set<string>(),
  later: new Map([
    ["later", "why"],
    ["late [Serial]", "why"],
  ]),
};

test("tests run together, slow ones beside them, Serial ones after them; what waits for later has little time", () => {
  const steps = planOf(["one", "two", "[Slow] three", "later", "[Serial] four", "late [Serial]"], lists, 4);
  expect(steps.map((step) => step.map(({ name, tests }) => [name, ...tests]))).toEqual([
    [
      ["parallel", "one", "two"],
      ["slow", "[Slow] three"],
      ["later", "later"],
    ],
    [["serial", "[Serial] four"]],
    [["serial later", "late [Serial]"]],
  ]);
  const [parallel, , later] = steps[0]!;
  expect(later!.limit).toBeLessThan(parallel!.limit);
  expect(steps[1]![0]!.procs).toBe(1);
});

test("groups without tests are left out", () => {
  expect(planOf(["one"], lists, 4).map((step) => step.map(({ name }) => name))).toEqual([["parallel"]]);
});
