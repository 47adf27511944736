import { describe, expect, test } from "vitest";
import type { Binding } from "../../../api/core-types.ts";
import { defaultFeatureGates, parseFeatureGates } from "../../../api/feature-gates.ts";
import { StatusError } from "../../../api/status.ts";
import { podOf } from "../../../api/validation/core/testing.ts";
import { assignPod, bindingPreconditions, checkBinding } from "./pod-binding.ts";

type Fields = Record<string, unknown>;

const now = "2024-01-01T00:00:00Z";
const context = {
  gates: defaultFeatureGates(),
  clock: { now: () => Date.parse(now), monotonic: () => 0, setTimer: () => () => {} },
};

const bindingOf = (target: Fields = { kind: "Node", name: "a" }, metadata: Fields = {}): Binding =>
  ({ metadata: { name: "web", ...metadata }, target }) as unknown as Binding;

function problem(act: () => void): Fields | undefined {
  try {
    act();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { code: error.code, reason: error.reason, message: error.message };
  }
  return undefined;
}

describe("a binding", () => {
  test("is of the pod of the path", () => {
    expect(problem(() => checkBinding("web", bindingOf()))).toBeUndefined();
    expect(problem(() => checkBinding("other", bindingOf()))).toEqual({
      code: 400,
      reason: "BadRequest",
      message: "name in URL does not match name in Binding object",
    });
  });

  test.each<[string, Fields, string]>([
    [
      "another kind",
      { kind: "Pod", name: "a" },
      'target.kind: Unsupported value: "Pod": supported values: "Node", "<empty>"',
    ],
    ["nothing", { kind: "Node", name: "" }, "target.name: Required value"],
  ])("to %s is no client's error upstream", (_, target, message) => {
    expect(problem(() => checkBinding("web", bindingOf(target)))).toEqual({ code: 500, reason: "", message });
  });

  test("may ask for one state of the pod", () => {
    expect(bindingPreconditions(bindingOf())).toEqual({});
    const metadata = { uid: "u", resourceVersion: "5" };
    expect(bindingPreconditions(bindingOf(undefined, metadata))).toEqual(metadata);
  });
});

describe("a pod that is bound", () => {
  test("is on the node, and says so", () => {
    const pod = podOf({}, { labels: { a: "b" } }, { nominatedNodeName: "x" });
    assignPod(pod, bindingOf(undefined, { annotations: { c: "d" }, labels: { zone: "z" } }), context);
    expect(pod.spec.nodeName).toBe("a");
    expect(pod.metadata).toMatchObject({ labels: { a: "b", zone: "z" }, annotations: { c: "d" } });
    expect(pod.status).toEqual({
      conditions: [{ type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: now }],
    });
  });

  test("keeps what features that are off would change", () => {
    const flags = "ClearingNominatedNodeNameAfterBinding=false,PodTopologyLabelsAdmission=false";
    const pod = podOf({}, {}, { nominatedNodeName: "x" });
    assignPod(pod, bindingOf(undefined, { labels: { zone: "z" } }), {
      ...context,
      gates: parseFeatureGates(flags),
    });
    expect(pod.status?.nominatedNodeName).toBe("x");
    expect(pod.metadata.labels).toBeUndefined();
  });

  test.each<[string, Fields, Fields, string]>([
    [
      "is on a node",
      { nodeName: "b" },
      {},
      'Operation cannot be fulfilled on pods/binding "web": pod web is already assigned to node "b"',
    ],
    [
      "is being deleted",
      {},
      { deletionTimestamp: now },
      'Operation cannot be fulfilled on pods/binding "web": pod web is being deleted, cannot be assigned to a host',
    ],
    [
      "is gated",
      { schedulingGates: [{ name: "a/b" }] },
      {},
      'Operation cannot be fulfilled on pods/binding "web": pod web has non-empty .spec.schedulingGates',
    ],
  ])("is not one that %s", (_, spec, metadata, message) => {
    expect(problem(() => assignPod(podOf(spec, metadata), bindingOf(), context))).toEqual({
      code: 409,
      reason: "Conflict",
      message,
    });
  });
});
