import { describe, expect, test } from "vitest";
import { parseFeatureGates } from "../../../api/feature-gates.ts";
import { admitted, gates, named, objectsOf } from "../testing.ts";
import { limitRanger } from "./limit-ranger.ts";

const limited = (limits: object[], own = gates) =>
  limitRanger(objectsOf({ limitranges: [named("l", { spec: { limits } })] }), own);
const container = (name: string, requests: object = {}, limits: object = {}) => ({
  name,
  resources: { requests, limits },
});
const create = (limits: object[], spec: object, own = gates) =>
  admitted(limited(limits, own), { resource: "pods", object: named("p", { spec }) });
const messageOf = async (...args: Parameters<typeof create>) =>
  (await create(...args)).error?.message.replace('pods "p" is forbidden: ', "");

describe("defaults of containers", () => {
  const limits = [
    {
      type: "Container",
      default: { cpu: "2", memory: "1Gi" },
      defaultRequest: { memory: "512Mi", cpu: "1" },
    },
    { type: "Pod", default: { cpu: "7" } },
  ];

  test("fill what is not said, and an annotation says so", async () => {
    const { object } = await create(limits, {
      containers: [
        container("a", { cpu: "500m" }),
        container("b", { cpu: "1", memory: "1" }, { cpu: "1", memory: "1" }),
      ],
      initContainers: [{ name: "i" }],
    });
    expect(object.spec.containers[0].resources).toEqual({
      requests: { cpu: "500m", memory: "512Mi" },
      limits: { cpu: "2", memory: "1Gi" },
    });
    expect(object.spec.containers[1].resources.limits).toEqual({ cpu: "1", memory: "1" });
    expect(object.metadata.annotations).toEqual({
      "kubernetes.io/limit-ranger":
        "LimitRanger plugin set: memory request for container a; cpu, memory limit for container a; cpu, memory request for init container i; cpu, memory limit for init container i",
    });
  });
});

describe("what is outside of a limit", () => {
  const limit = (kind: string, cpu: string, type = "Container") => [{ type, [kind]: { cpu } }];
  const one = (request?: string, maximum?: string) => ({
    containers: [container("a", request ? { cpu: request } : {}, maximum ? { cpu: maximum } : {})],
  });

  test("the least", async () => {
    const start = "minimum cpu usage per Container is 500m";
    expect(await messageOf(limit("min", "500m"), one("500m"))).toBeUndefined();
    expect(await messageOf(limit("min", "500m"), one())).toBe(`${start}.  No request is specified`);
    expect(await messageOf(limit("min", "500m"), one("499m"))).toBe(`${start}, but request is 499m`);
    expect(await messageOf(limit("min", "500m"), one("1", "100m"))).toBe(`${start}, but limit is 100m`);
  });

  test("the most", async () => {
    const start = "maximum cpu usage per Container is 1";
    expect(await messageOf(limit("max", "1"), one("1", "1"))).toBeUndefined();
    expect(await messageOf(limit("max", "1"), one("1"))).toBe(`${start}.  No limit is specified`);
    expect(await messageOf(limit("max", "1"), one("1", "1500m"))).toBe(`${start}, but limit is 1500m`);
    expect(await messageOf(limit("max", "1"), one("2", "1"))).toBe(`${start}, but request is 2`);
  });

  test("the ratio of limit to request", async () => {
    const start = "cpu max limit to request ratio per Container is 2";
    const ratio = limit("maxLimitRequestRatio", "2");
    expect(await messageOf(ratio, one("1", "2"))).toBeUndefined();
    expect(await messageOf(ratio, one("1", "2500m"))).toBe(`${start}, but provided ratio is 2.500000`);
    expect(await messageOf(ratio, one(undefined, "1"))).toBe(
      `${start}, but no request is specified or request is 0`,
    );
    expect(await messageOf(ratio, one("1"))).toBe(`${start}, but no limit is specified or limit is 0`);
  });

  test("several problems come together, each once", async () => {
    const both = [{ type: "Container", min: { cpu: "1" }, max: { memory: "1" } }];
    expect(await messageOf(both, { containers: [container("a"), container("b")] })).toBe(
      "[minimum cpu usage per Container is 1.  No request is specified, maximum memory usage per Container is 1.  No limit is specified]",
    );
  });

  test("all of a pod together, or what it asks for as a whole", async () => {
    const two = { containers: [container("a", { cpu: "600m" }), container("b", { cpu: "600m" })] };
    const most = [{ type: "Pod", min: { cpu: "1500m" } }];
    expect(await messageOf(most, two)).toBe("minimum cpu usage per Pod is 1500m, but request is 1200m");
    const whole = { ...two, resources: { requests: { cpu: "2" } } };
    expect(await messageOf(most, whole)).toBeUndefined();
    const off = parseFeatureGates(
      "PodLevelResources=false,InPlacePodLevelResourcesVerticalScaling=false,PodLevelResourceManagers=false",
    );
    expect(await messageOf(most, whole, off)).toBe(
      "minimum cpu usage per Pod is 1500m, but request is 1200m",
    );
  });
});

test("claims are held to minimum and maximum of what they ask for", async () => {
  const plugin = limited([
    { type: "PersistentVolumeClaim", min: { storage: "1Gi" }, max: { storage: "2Gi" } },
  ]);
  const claim = (storage: string) => named("c", { spec: { resources: { requests: { storage } } } });
  const write = async (storage: string, more: object = {}) =>
    (await admitted(plugin, { resource: "persistentvolumeclaims", object: claim(storage), ...more })).error
      ?.message;
  expect(await write("2Gi")).toBeUndefined();
  expect(await write("3Gi")).toBe(
    'persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 2Gi, but request is 3Gi',
  );
  const leaving = named("c", {}, { deletionTimestamp: "2026-01-01T00:00:00Z" });
  expect(await write("3Gi", { oldObject: leaving })).toBeUndefined();
});
