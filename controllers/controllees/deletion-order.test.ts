import { expect, test } from "vitest";
import type { FeatureGates } from "../../api/feature-gates.ts";
import { inDeletionOrder } from "./deletion-order.ts";
import type { Pod } from "./pod-facts.ts";

const now = Date.parse("2026-01-01T12:00:00Z");
const before = (seconds: number) => new Date(now - seconds * 1000).toISOString().replace(".000", "");
const gates = (...off: string[]): FeatureGates =>
  ({ enabled: (name: string) => !off.includes(name) }) as FeatureGates;

interface Facts {
  node?: string;
  phase?: string;
  ready?: number;
  cost?: string;
  restarts?: number;
  sidecarRestarts?: number;
  age?: number;
}

/** Assigned, running, ready for an hour and two hours old unless it says otherwise. */
function pod(name: string, facts: Facts = {}): Pod {
  const {
    node = "n",
    phase = "Running",
    ready = 3600,
    cost,
    restarts = 0,
    sidecarRestarts = 0,
    age = 7200,
  } = facts;
  return {
    metadata: {
      ...{ name, uid: name, creationTimestamp: before(age) },
      ...(cost === undefined ? {} : { annotations: { "controller.kubernetes.io/pod-deletion-cost": cost } }),
    },
    spec: {
      ...(node ? { nodeName: node } : {}),
      containers: [],
      initContainers: [{ name: "sidecar", restartPolicy: "Always" }],
    },
    status: {
      phase,
      conditions: ready < 0 ? [] : [{ type: "Ready", status: "True", lastTransitionTime: before(ready) }],
      containerStatuses: [{ name: "c", restartCount: restarts }],
      initContainerStatuses: [{ name: "sidecar", restartCount: sidecarRestarts }],
    },
  } as unknown as Pod;
}

const order = (pods: Pod[], off: string[] = [], ranks: Record<string, number> = {}) =>
  inDeletionOrder(pods, {
    gates: gates(...off),
    now,
    rank: ({ metadata }) => ranks[metadata.name!] ?? 0,
  }).map(({ metadata }) => metadata.name);

test.each<[string, Facts, Facts]>([
  ["without a node", { node: "" }, {}],
  ["pending before unknown", { phase: "Pending" }, { phase: "Unknown" }],
  ["unknown before running", { phase: "Unknown" }, {}],
  ["not ready", { ready: -1 }, {}],
  ["cheap, even when ready for longer", { cost: "-5", ready: 9000 }, { cost: "3" }],
  ["a cost that Go reads", { cost: "9" }, { cost: "10" }],
  ["what is no cost is 0", { cost: "+20" }, { cost: "1" }],
  ["a cost beyond int32 is 0", { cost: "2147483648" }, { cost: "1" }],
  ["ready for less time", { ready: 60 }, {}],
  ["restarted more often", { restarts: 2 }, { restarts: 1 }],
  ["a sidecar restarted more often", { sidecarRestarts: 2 }, {}],
  ["younger", { age: 100 }, {}],
])("%s goes first", (_, first, second) => {
  expect(order([pod("y", second), pod("x", first)])).toEqual(["x", "y"]);
  expect(order([pod("x", first), pod("y", second)])).toEqual(["x", "y"]);
});

test("where many of the same sort run, one goes first", () => {
  expect(order([pod("a"), pod("b", { ready: 1 })], [], { a: 2, b: 1 })).toEqual(["a", "b"]);
});

test("about the same age is the same age: the uid decides, unless the feature is off", () => {
  const pods = [pod("b", { ready: 3500 }), pod("a", { ready: 3600 })];
  expect(order(pods)).toEqual(["a", "b"]);
  expect(order(pods, ["LogarithmicScaleDown"])).toEqual(["b", "a"]);
});

test("costs do not count when the feature is off", () => {
  const pods = [pod("a", { cost: "5", ready: 10 }), pod("b", { cost: "1" })];
  expect(order(pods)).toEqual(["b", "a"]);
  expect(order(pods, ["PodDeletionCost"])).toEqual(["a", "b"]);
});
