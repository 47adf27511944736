import { expect, test } from "vitest";
import type { DisruptionBudget } from "../../api/disruption-budget.ts";
import type { KubeObject } from "../../api/object.ts";
import type { Pod } from "../controllees/pod-facts.ts";
import { countHealthy, disruptedPods, expectedPods, failedStatus, nextStatus } from "./budget-status.ts";

const now = Date.parse("2026-01-01T00:10:00Z");
const stamp = "2026-01-01T00:10:00Z";
const budget = (spec: object, status?: object) =>
  ({ metadata: { generation: 2 }, spec, status }) as KubeObject as DisruptionBudget;
const pod = (name: string, ready = true, metadata: object = {}) =>
  ({
    metadata: { name, ...metadata },
    status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  }) as KubeObject as Pod;
const three = [pod("a"), pod("b"), pod("c", false)];

test.each([
  [{ minAvailable: 2 }, { count: 3, healthy: 2 }],
  [{ minAvailable: "50%" }, { count: 7, healthy: 4 }],
  [{ maxUnavailable: 1 }, { count: 7, healthy: 6 }],
  [{ maxUnavailable: "30%" }, { count: 7, healthy: 4 }],
  [{ maxUnavailable: 9 }, { count: 7, healthy: 0 }],
  [{}, { count: 0, healthy: 0 }],
])("%j of three pods, of which seven are wanted", async (spec, expected) => {
  expect(await expectedPods(budget(spec), three, async () => 7)).toEqual(expected);
});

test("what is deleted, evicted or not ready is not healthy", () => {
  const deleted = pod("d", true, { deletionTimestamp: stamp });
  expect(countHealthy([...three, deleted], { a: stamp })).toBe(1);
});

test("an evicted pod counts as gone for two minutes, then somebody hears of it", () => {
  const evicted = { a: "2026-01-01T00:09:00Z", b: "2026-01-01T00:07:00Z", gone: "2026-01-01T00:09:00Z" };
  const { pods, undeleted, recheckAfter } = disruptedPods(budget({}, { disruptedPods: evicted }), three, now);
  expect(pods).toEqual({ a: "2026-01-01T00:09:00Z" });
  expect(undeleted.map(({ metadata }) => metadata.name)).toEqual(["b"]);
  expect(recheckAfter).toBe(60_000);
});

test("so many may go as are healthy beyond those that must be, and none where none is expected", () => {
  const status = nextStatus(budget({}), { count: 3, healthy: 1 }, 2, {}, stamp)!;
  const condition = { type: "DisruptionAllowed", status: "True", reason: "SufficientPods", message: "" };
  expect(status).toEqual({
    ...{
      currentHealthy: 2,
      desiredHealthy: 1,
      disruptionsAllowed: 1,
      expectedPods: 3,
      observedGeneration: 2,
    },
    disruptedPods: {},
    conditions: [{ ...condition, observedGeneration: 2, lastTransitionTime: stamp }],
  });
  expect(nextStatus(budget({}, status), { count: 3, healthy: 1 }, 2, {}, "later")).toBeUndefined();
  expect(nextStatus(budget({}, status), { count: 3, healthy: 2 }, 2, {}, "later")).toMatchObject({
    disruptionsAllowed: 0,
    conditions: [{ status: "False", reason: "InsufficientPods", lastTransitionTime: "later" }],
  });
  expect(nextStatus(budget({}), { count: 0, healthy: 0 }, 2, {}, stamp)).toMatchObject({
    disruptionsAllowed: 0,
  });
});

test("where the count fails nothing may go, and the condition says why", () => {
  const before = {
    disruptionsAllowed: 3,
    currentHealthy: 5,
    desiredHealthy: 2,
    expectedPods: 5,
    observedGeneration: 1,
  };
  expect(failedStatus(budget({}, before), "no scale", stamp)).toMatchObject({
    ...{ disruptionsAllowed: 0, currentHealthy: 5 },
    conditions: [{ status: "False", reason: "SyncFailed", message: "no scale", observedGeneration: 1 }],
  });
});
