import { describe, expect, test } from "vitest";
import { validatePodResize } from "./pod-resize.ts";
import { container, optionsOf, podOf, problems } from "./testing.ts";

type Fields = Record<string, unknown>;

const stored = { uid: "u", resourceVersion: "1", creationTimestamp: "2024-01-01T00:00:00Z" };
const check = (spec: Fields, old: Fields, { flags = "", status = {}, annotations = {} } = {}): string[] => {
  const before = podOf(old, { ...stored, annotations }, status);
  const pod = podOf(spec, { ...stored, annotations }, status);
  return problems(validatePodResize(pod, before, optionsOf(before, flags)));
};

const sized = (requests: Fields, limits?: Fields, more: Fields = {}): Fields => ({
  containers: [container({ resources: { requests, limits }, ...more })],
});
const burstable = sized({ cpu: "1", memory: "1Gi" }, { cpu: "2", memory: "2Gi" });

describe("a resize", () => {
  test.each<[string, Fields, Fields, string[]]>([
    [
      "of cpu and memory",
      sized({ cpu: "1500m", memory: "512Mi" }, { cpu: "3", memory: "3Gi" }),
      burstable,
      [],
    ],
    [
      "to another QoS class",
      sized({ cpu: "2", memory: "2Gi" }, { cpu: "2", memory: "2Gi" }),
      burstable,
      ['spec: Invalid value: "": Pod QOS Class may not change as a result of resizing'],
    ],
    [
      "that drops a limit",
      sized({ cpu: "1", memory: "1Gi" }, { cpu: "2" }),
      burstable,
      ["spec.containers[0].resources.limits: Forbidden: resource limits cannot be removed"],
    ],
    [
      "that adds storage",
      sized({ cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" }, { cpu: "2", memory: "2Gi" }),
      burstable,
      ["spec: Forbidden: only cpu and memory resources are mutable"],
    ],
    [
      "of an image",
      { containers: [container({ image: "other" })] },
      {},
      ["spec: Forbidden: only cpu and memory resources are mutable"],
    ],
    [
      "of the number of containers",
      { containers: [container(), container({}, "two")] },
      {},
      ["spec.containers: Forbidden: containers may not be added or removed on resize"],
    ],
    [
      "of another pod's containers",
      { containers: [container({}, "two")] },
      {},
      ["spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize"],
    ],
    [
      "over the limit",
      sized({ cpu: "3", memory: "1Gi" }, { cpu: "2", memory: "2Gi" }),
      burstable,
      [
        'spec.containers[0].resources.requests: Invalid value: "3": must be less than or equal to cpu limit of 2',
      ],
    ],
    [
      "of a Windows pod",
      { os: { name: "windows" } },
      { os: { name: "windows" } },
      [": Forbidden: windows pods cannot be resized"],
    ],
    [
      "of the policy",
      sized(
        { cpu: "1", memory: "1Gi" },
        { cpu: "2", memory: "2Gi" },
        { resizePolicy: [{ resourceName: "cpu", restartPolicy: "RestartContainer" }] },
      ),
      burstable,
      ["spec: Forbidden: only cpu and memory resources are mutable"],
    ],
  ])("%s", (_, spec, old, errors) => {
    expect(check(spec, old).map((error) => error.split("\n")[0])).toEqual(errors);
  });

  test("of a static pod is not made", () => {
    const annotations = { "kubernetes.io/config.mirror": "x" };
    expect(check(burstable, burstable, { annotations })).toEqual([
      ": Forbidden: static pods cannot be resized",
    ]);
  });

  test("is made where the node's kubelet can: it tells what it has allocated", () => {
    const containerStatus = { name: "main", image: "i", imageID: "", ready: true, restartCount: 0 };
    const running = { state: { running: {} } };
    const resources = { requests: { cpu: "1" } };
    const statusOf = (fields: Fields): Fields => ({ containerStatuses: [{ ...containerStatus, ...fields }] });
    expect(check(burstable, burstable, { status: statusOf(running) })).toEqual([
      "spec: Forbidden: Pod running on node without support for resize",
    ]);
    expect(check(burstable, burstable, { status: statusOf({ ...running, resources }) })).toEqual([]);
  });
});

describe("a resize of an init container", () => {
  const withInit = (cpu: string, fields: Fields = {}): Fields => ({
    ...burstable,
    initContainers: [container({ resources: { requests: { cpu } }, ...fields }, "init")],
  });

  test("needs that feature, unless it is a sidecar", () => {
    const flags = "InPlacePodVerticalScalingInitContainers=false";
    const sidecar = { restartPolicy: "Always" };
    expect(check(withInit("2"), withInit("1"))).toEqual([]);
    expect(check(withInit("2", sidecar), withInit("1", sidecar), { flags })).toEqual([]);
    expect(check(withInit("2"), withInit("1"), { flags }).map((error) => error.split("\n")[0])).toEqual([
      "spec: Forbidden: resources for non-sidecar init containers are immutable",
    ]);
  });
});

describe("a resize of the pod as a whole", () => {
  const whole = (cpu: string, memory = "1Gi"): Fields => ({
    resources: { requests: { cpu: "1", memory }, limits: { cpu } },
  });

  test("needs that feature", () => {
    expect(check(whole("3"), whole("2"))).toEqual([]);
    const flags = "InPlacePodLevelResourcesVerticalScaling=false";
    expect(check(whole("3"), whole("2"), { flags })).toEqual([
      ": Forbidden: resize of pods with pod-level resources is forbidden when InPlacePodLevelResourcesVerticalScalingEnabled feature gate is disabled",
    ]);
  });

  test("is of cpu and memory", () => {
    expect(
      check(whole("2"), { resources: { limits: { cpu: "2" } } }).map((error) => error.split("\n")[0]),
    ).toEqual([]);
    expect(check({}, whole("2")).map((error) => error.split("\n")[0])).toEqual([
      'spec: Invalid value: "": Pod QOS Class may not change as a result of resizing',
      "spec.resources: Forbidden: pod-level resources cannot be removed",
    ]);
  });
});
