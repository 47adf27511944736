import { describe, expect, test } from "vitest";
import type { Container, PodSpec } from "./core-types.ts";
import { defaultFeatureGates, parseFeatureGates } from "./feature-gates.ts";
import { type Amounts, podLimits, podQosClass, podRequests, type QosClass } from "./pod-resources.ts";

const gates = defaultFeatureGates();

type Fields = Partial<Container>;

const spec = (containers: Fields[], more: Partial<PodSpec> & { init?: Fields[] } = {}): PodSpec => {
  const { init, ...rest } = more;
  const named = (fields: Fields, index: number): Container => ({
    name: `c${index}`,
    resources: {},
    volumeMounts: [],
    ...fields,
  });
  return { containers: containers.map(named), initContainers: init?.map(named), ...rest };
};
const requesting = (requests: Record<string, string>): Fields => ({ resources: { requests } });
const text = (amounts: Amounts): Record<string, string> =>
  Object.fromEntries([...amounts].map(([resource, amount]) => [resource, amount.toString()]));

describe("a pod requests", () => {
  test("what its containers do, together", () => {
    const pod = spec([requesting({ cpu: "1" }), requesting({ cpu: "500m", memory: "1Gi" })]);
    expect(text(podRequests(pod))).toEqual({ cpu: "1500m", memory: "1Gi" });
  });

  test("what its hungriest init container does, if that is more", () => {
    const pod = spec([requesting({ cpu: "1", memory: "1Gi" })], {
      init: [requesting({ cpu: "3" }), requesting({ cpu: "2", memory: "10Mi" })],
    });
    expect(text(podRequests(pod))).toEqual({ cpu: "3", memory: "1Gi" });
  });

  test("what its sidecars do, beside both", () => {
    const sidecar = { ...requesting({ cpu: "1" }), restartPolicy: "Always" };
    const start = requesting({ cpu: "2" });
    expect(text(podRequests(spec([requesting({ cpu: "1" })], { init: [sidecar, start] })))).toEqual({
      cpu: "3",
    });
    expect(text(podRequests(spec([requesting({ cpu: "1" })], { init: [start, sidecar] })))).toEqual({
      cpu: "2",
    });
  });

  test("what is said of it as a whole, and its overhead", () => {
    const pod = spec([requesting({ cpu: "1", "example.com/gpu": "1" })], {
      resources: { requests: { cpu: "4" } },
      overhead: { cpu: "100m" },
    });
    expect(text(podRequests(pod))).toEqual({ cpu: "4100m", "example.com/gpu": "1" });
  });

  test("overhead counts where there is a limit", () => {
    const pod = spec([{ resources: { limits: { cpu: "1" } } }], { overhead: { cpu: "100m", memory: "1Mi" } });
    expect(text(podLimits(pod))).toEqual({ cpu: "1100m" });
  });
});

describe("the class of a pod", () => {
  const full = { cpu: "1", memory: "1Gi" };
  test.each<[string, PodSpec, QosClass]>([
    ["without resources", spec([{}]), "BestEffort"],
    ["with resources that do not count", spec([requesting({ "example.com/gpu": "1" })]), "BestEffort"],
    ["with resources of nothing", spec([requesting({ cpu: "0" })]), "BestEffort"],
    ["with requests", spec([requesting(full)]), "Burstable"],
    ["with limits and equal requests", spec([{ resources: { requests: full, limits: full } }]), "Guaranteed"],
    [
      "with equal amounts in other words",
      spec([{ resources: { requests: { cpu: "1000m", memory: "1024Mi" }, limits: full } }]),
      "Guaranteed",
    ],
    [
      "with one limit only",
      spec([{ resources: { requests: { cpu: "1" }, limits: { cpu: "1" } } }]),
      "Burstable",
    ],
    [
      "with one container that has none",
      spec([{ resources: { requests: full, limits: full } }, {}]),
      "Burstable",
    ],
    [
      "with an init container that has none",
      spec([{ resources: { requests: full, limits: full } }], { init: [{}] }),
      "Burstable",
    ],
    ["with resources as a whole", spec([{}], { resources: { requests: full, limits: full } }), "Guaranteed"],
    ["with a request as a whole", spec([{}], { resources: { requests: { cpu: "1" } } }), "Burstable"],
  ])("%s", (_, pod, expected) => {
    expect(podQosClass(pod, gates)).toBe(expected);
  });

  test("does not look at the pod's own resources where that feature is off", () => {
    const off = parseFeatureGates("PodLevelResources=false,InPlacePodLevelResourcesVerticalScaling=false");
    expect(podQosClass(spec([{}], { resources: { requests: full, limits: full } }), off)).toBe("BestEffort");
  });
});
