import { describe, expect, test } from "vitest";
import { StatusError } from "../../../api/status.ts";
import type { Schemas } from "../../../api/types.ts";
import { podOf } from "../../../api/validation/core/testing.ts";
import { canIgnoreBudget, disruptOnce, evictionOptions, mayEvictUnhealthy } from "./pod-eviction.ts";

type Budget = Schemas["io.k8s.api.policy.v1.PodDisruptionBudget"];
type Eviction = Schemas["io.k8s.api.policy.v1.Eviction"];

const now = "2024-01-01T00:00:00Z";

function refusal(act: () => unknown): StatusError | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  return undefined;
}

describe("an eviction's options", () => {
  const evictionOf = (deleteOptions?: object): Eviction =>
    ({ metadata: { name: "web" }, ...(deleteOptions && { deleteOptions }) }) as Eviction;

  test("are its own, and the request's dry run", () => {
    expect(evictionOptions("web", evictionOf({ gracePeriodSeconds: 5 }), [])).toEqual({
      gracePeriodSeconds: 5,
    });
    expect(evictionOptions("web", evictionOf(), ["All"])).toEqual({ dryRun: ["All"] });
    expect(evictionOptions("web", evictionOf({ dryRun: ["All"] }), ["All"])).toEqual({ dryRun: ["All"] });
  });

  test.each<[string, () => unknown, number, string]>([
    [
      "another pod's",
      () => evictionOptions("other", evictionOf(), []),
      400,
      "name in URL does not match name in Eviction object",
    ],
    [
      "those of two dry runs",
      () => evictionOptions("web", evictionOf({ dryRun: ["Some"] }), ["All"]),
      500,
      "Non-matching dry-run options in request and content: [All] and [Some]",
    ],
    [
      "those of unsafe deletion",
      () =>
        evictionOptions("web", evictionOf({ ignoreStoreReadErrorWithClusterBreakingPotential: true }), []),
      422,
      'Eviction.policy "web" is invalid: deleteOptions.ignoreStoreReadErrorWithClusterBreakingPotential: Invalid value: true: can not be set for pod eviction, try after removing the option',
    ],
  ])("are not %s", (_, act, code, message) => {
    const error = refusal(act);
    expect(error?.code).toBe(code);
    expect(error?.message).toBe(message);
  });
});

test("budgets guard pods that run", () => {
  const inPhase = (phase: string): boolean => canIgnoreBudget(podOf({}, {}, { phase }));
  expect(["Pending", "Running", "Succeeded", "Failed", "Unknown"].map(inPhase)).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
  expect(canIgnoreBudget(podOf({}, { deletionTimestamp: now }, { phase: "Running" }))).toBe(true);
});

describe("a disruption", () => {
  const budgetOf = (status: object, spec: object = {}): Budget =>
    ({
      metadata: { name: "budget", generation: 1 },
      spec,
      status: { observedGeneration: 1, ...status },
    }) as Budget;
  const refusalOf = (status: object): [number | undefined, string | undefined] => {
    const error = refusal(() => disruptOnce(budgetOf(status), "web", now));
    return [error?.code, error?.details?.causes?.[0]?.message ?? error?.message];
  };

  test("is counted and noted", () => {
    expect(disruptOnce(budgetOf({ disruptionsAllowed: 2 }), "web", now)).toEqual({
      observedGeneration: 1,
      disruptionsAllowed: 1,
      disruptedPods: { web: now },
    });
  });

  test("may be the last that is allowed, which the budget then says", () => {
    const { conditions } = disruptOnce(budgetOf({ disruptionsAllowed: 1 }), "web", now);
    expect(conditions).toEqual([
      {
        type: "DisruptionAllowed",
        status: "False",
        reason: "InsufficientPods",
        message: "",
        observedGeneration: 1,
        lastTransitionTime: now,
      },
    ]);
  });

  test.each<[string, object, [number, string]]>([
    [
      "nothing is known of the latest budget",
      { observedGeneration: 0, disruptionsAllowed: 1 },
      [429, "The disruption budget budget is still being processed by the server."],
    ],
    [
      "none is allowed",
      { disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2 },
      [429, "The disruption budget budget needs 2 healthy pods and has 2 currently"],
    ],
    [
      "more are healthy than must be",
      { disruptionsAllowed: 0, currentHealthy: 3, desiredHealthy: 2 },
      [429, "The disruption budget budget does not allow evicting pods currently"],
    ],
    [
      "the budget could not be counted",
      {
        disruptionsAllowed: 0,
        conditions: [{ type: "DisruptionAllowed", status: "False", reason: "SyncFailed", message: "broken" }],
      },
      [
        429,
        "The disruption budget budget does not allow evicting pods currently because it failed sync: broken",
      ],
    ],
    [
      "the count went wrong",
      { disruptionsAllowed: -1 },
      [403, 'poddisruptionbudget.policy "budget" is forbidden: pdb disruptions allowed is negative'],
    ],
  ])("is refused where %s", (_, status, expected) => {
    expect(refusalOf(status)).toEqual(expected);
  });

  test.each<[string, object, object, boolean]>([
    ["enough others are healthy", { currentHealthy: 2, desiredHealthy: 2 }, {}, true],
    ["too few are", { currentHealthy: 1, desiredHealthy: 2 }, {}, false],
    ["none has to be", { currentHealthy: 0, desiredHealthy: 0 }, {}, false],
    [
      "the budget always lets it go",
      { currentHealthy: 0, desiredHealthy: 2 },
      { unhealthyPodEvictionPolicy: "AlwaysAllow" },
      true,
    ],
  ])("of a pod that is not ready: %s", (_, status, spec, expected) => {
    expect(mayEvictUnhealthy(budgetOf(status, spec))).toBe(expected);
  });
});
