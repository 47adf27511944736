import { describe, expect, test } from "vitest";
import { admitted, named, objectsOf } from "../testing.ts";
import { runtimeClass } from "./runtime-class.ts";

const plugin = runtimeClass(
  objectsOf({
    "runtimeclasses.node.k8s.io": [
      named("plain"),
      named("heavy", { overhead: { podFixed: { cpu: "250m", memory: "64Mi" } } }),
      named("placed", {
        scheduling: { nodeSelector: { zone: "a" }, tolerations: [{ key: "t", operator: "Exists" }] },
      }),
    ],
  }),
);
const create = (runtimeClassName: string | undefined, spec: object = {}) =>
  admitted(plugin, { resource: "pods", object: named("p", { spec: { ...spec, runtimeClassName } }) });
const messageOf = async (...args: Parameters<typeof create>) => (await create(...args)).error?.message;
const start = 'pods "p" is forbidden: ';

test("an empty name is no name of a class", async () => {
  expect((await create("")).error).toMatchObject({ code: 500, message: "resource name may not be empty" });
});

describe("a pod's overhead", () => {
  test("is that of its class", async () => {
    const { object, error } = await create("heavy");
    expect(error).toBeUndefined();
    expect(object.spec.overhead).toEqual({ cpu: "250m", memory: "64Mi" });
    expect(await messageOf("heavy", { overhead: { cpu: "0.25", memory: "65536Ki" } })).toBeUndefined();
  });

  test("may not be another one", async () => {
    const mismatch = `${start}pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead`;
    expect(await messageOf("heavy", { overhead: { cpu: "1" } })).toBe(mismatch);
    const none = `${start}pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead`;
    expect(await messageOf("plain", { overhead: { cpu: "1" } })).toBe(none);
    expect(await messageOf(undefined, { overhead: { cpu: "1" } })).toBe(none);
  });
});

test("a class that is not there refuses the pod", async () => {
  expect(await messageOf("none")).toBe(`${start}pod rejected: RuntimeClass "none" not found`);
});

describe("where a class places its pods", () => {
  test("adds to what the pod says", async () => {
    const { object } = await create("placed", {
      nodeSelector: { zone: "a", disk: "ssd" },
      tolerations: [
        { key: "t", operator: "Equal", value: "v" },
        { key: "u", operator: "Exists" },
      ],
    });
    expect(object.spec.nodeSelector).toEqual({ zone: "a", disk: "ssd" });
    expect(object.spec.tolerations).toEqual([
      { key: "u", operator: "Exists" },
      { key: "t", operator: "Exists" },
    ]);
  });

  test("may not contradict it", async () => {
    expect(await messageOf("placed", { nodeSelector: { zone: "b" } })).toBe(
      `${start}conflict: runtimeClass.scheduling.nodeSelector[zone] = a; pod.spec.nodeSelector[zone] = b`,
    );
  });
});
