import { describe, expect, test } from "vitest";
import { admitted, gates, named, objectsOf } from "../testing.ts";
import { nodeDeclaredFeatureValidator } from "./node-declared-feature-validator.ts";
import { podResizeValidator } from "./pod-resize-validator.ts";

const objects = objectsOf({
  nodes: [
    named("small", { status: { allocatable: { cpu: "1", memory: "1Gi" } } }),
    named("windows", {}, { labels: { "kubernetes.io/os": "windows" } }),
    named("able", {
      status: { allocatable: {}, declaredFeatures: ["InPlacePodLevelResourcesVerticalScaling"] },
    }),
  ],
});
const pod = (generation: number, spec: object) =>
  named("p", { spec: { containers: [], ...spec } }, { generation });
const resized = (
  plugin: Parameters<typeof admitted>[0],
  nodeName: string | undefined,
  spec: object,
  before: object = {},
) =>
  admitted(plugin, {
    resource: "pods",
    subresource: "resize",
    object: pod(2, { nodeName, ...spec }),
    oldObject: pod(1, { nodeName, ...before }),
  });
const start = 'pods "p" is forbidden: ';

describe("a pod that grows", () => {
  const plugin = podResizeValidator(objects, gates);
  const asking = (cpu: string, memory: string) => ({
    containers: [{ name: "c", resources: { requests: { cpu, memory } } }],
  });

  test("must fit on its node", async () => {
    expect((await resized(plugin, "small", asking("1", "1Gi"))).error).toBeUndefined();
    const { error } = await resized(plugin, "small", asking("1500m", "2Gi"));
    expect(error).toMatchObject({
      message: `${start}node didn't have enough allocatable resources: cpu, requested: 1500, allocatable: 1000; memory, requested: 2147483648, allocatable: 1073741824`,
      causes: [{ reason: "NodeCapacity" }],
    });
    expect((await resized(plugin, undefined, asking("9", "9Gi"))).error).toBeUndefined();
  });

  test("must be on a Linux node that exists", async () => {
    expect((await resized(plugin, "windows", asking("1", "1Gi"))).error).toMatchObject({
      message: `${start}pod resize is only supported on linux nodes, node "windows" is "windows"`,
      causes: [{ reason: "UnsupportedPlatform" }],
    });
    expect((await resized(plugin, "none", {})).error?.message).toBe(`${start}node "none" not found`);
  });
});

test("an update asks for nothing that the node does not declare", async () => {
  const plugin = nodeDeclaredFeatureValidator(objects, gates);
  const whole = { resources: { requests: { cpu: "1" } } };
  const starting = (cpu: string, restartPolicy?: string) => ({
    initContainers: [{ name: "i", resources: { requests: { cpu } }, restartPolicy }],
  });
  expect((await resized(plugin, "small", whole)).error?.message).toBe(
    `${start}pod update requires features InPlacePodLevelResourcesVerticalScaling which are not available on node "small"`,
  );
  expect((await resized(plugin, "able", whole)).error).toBeUndefined();
  expect((await resized(plugin, "able", starting("2"), starting("1"))).error?.message).toContain(
    "InPlacePodVerticalScalingInitContainers",
  );
  expect(
    (await resized(plugin, "able", starting("2", "Always"), starting("1", "Always"))).error,
  ).toBeUndefined();
});
