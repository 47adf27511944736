import { describe, expect, test } from "vitest";
import type { KubeObject } from "../object.ts";
import { conversionOf, fromHub, metadataAlone, toHub } from "./conversion.ts";

const clone = <T>(value: T): T => structuredClone(value);

describe("a HorizontalPodAutoscaler", () => {
  const v1 = "autoscaling/v1";
  const hub = "autoscaling/v2";
  const base = {
    apiVersion: hub,
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "h", annotations: { mine: "1" } },
    spec: { scaleTargetRef: { kind: "Deployment", name: "d" }, minReplicas: 1, maxReplicas: 3 },
    status: { desiredReplicas: 0, currentReplicas: 2, currentMetrics: null },
  };
  const selector = { matchLabels: { a: "b" } };
  const metrics = [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } } },
    { type: "Resource", resource: { name: "memory", target: { type: "AverageValue", averageValue: "1Gi" } } },
    {
      type: "Pods",
      pods: { metric: { name: "m<1>", selector }, target: { type: "AverageValue", averageValue: "5" } },
    },
    {
      type: "Object",
      object: {
        describedObject: { kind: "Service", name: "s", apiVersion: "v1" },
        target: { type: "Value", value: "10" },
        metric: { name: "o" },
      },
    },
    {
      type: "Object",
      object: {
        describedObject: { kind: "Service", name: "s" },
        target: { type: "AverageValue", averageValue: "7" },
        metric: { name: "o", selector },
      },
    },
    {
      type: "External",
      external: { metric: { name: "e", selector }, target: { type: "Value", value: "3" } },
    },
    {
      type: "ContainerResource",
      containerResource: {
        name: "cpu",
        target: { type: "Utilization", averageUtilization: 9 },
        container: "c",
      },
    },
  ];

  test("shows the CPU in v1's own field and the rest in annotations", () => {
    const object = { ...clone(base), spec: { ...base.spec, metrics } };
    expect(fromHub(object, v1)).toMatchObject({
      apiVersion: v1,
      spec: { targetCPUUtilizationPercentage: 50 },
      metadata: { annotations: { mine: "1", "autoscaling.alpha.kubernetes.io/metrics": expect.any(String) } },
    });
    expect(JSON.stringify(fromHub(object, v1))).toContain("m\\\\u003c1\\\\u003e");
  });

  test("comes back from v1 as it was, but for the order of the CPU", () => {
    const behavior = {
      scaleUp: { selectPolicy: "Max", policies: [{ type: "Pods", value: 4, periodSeconds: 15 }] },
      scaleDown: { stabilizationWindowSeconds: 0, tolerance: "50m" },
    };
    const conditions = [{ type: "AbleToScale", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" }];
    const currentMetrics = [
      { type: "Resource", resource: { name: "cpu", current: { averageValue: "5m", averageUtilization: 3 } } },
    ];
    const object = {
      ...clone(base),
      spec: { ...base.spec, metrics, behavior },
      status: { ...base.status, conditions, currentMetrics },
    };
    const before = clone(object);
    const back = toHub(clone(fromHub(object, v1)), hub);
    expect(object).toEqual(before);
    const [cpu, ...others] = metrics;
    expect(back).toEqual({ ...object, spec: { ...object.spec, metrics: [...others, cpu] } });
  });

  test("without any metric watches the CPU", () => {
    const old = { ...clone(base), apiVersion: v1, status: { desiredReplicas: 0, currentReplicas: 0 } };
    const target = { type: "Utilization", averageUtilization: 80 };
    expect(toHub(old, hub)).toMatchObject({
      spec: { metrics: [{ type: "Resource", resource: { name: "cpu", target } }] },
    });
  });

  test.each(["{", "{}", "[1]", '"x"'])("ignores an annotation that can't be read: %s", (text) => {
    const annotations = {
      "autoscaling.alpha.kubernetes.io/metrics": text,
      "autoscaling.alpha.kubernetes.io/behavior": text,
      "autoscaling.alpha.kubernetes.io/conditions": text,
      "autoscaling.alpha.kubernetes.io/current-metrics": text,
    };
    const old = { ...clone(base), apiVersion: v1, metadata: { name: "h", annotations } };
    const { metadata, spec, status } = toHub(old, hub) as typeof base;
    expect(metadata).toEqual({ name: "h" });
    expect(spec).not.toHaveProperty("behavior");
    expect(status).not.toHaveProperty("conditions");
  });

  test("in v2 has no annotations that carry fields", () => {
    const annotations = { "autoscaling.alpha.kubernetes.io/behavior": "{}", mine: "1" };
    expect(toHub({ ...clone(base), metadata: { name: "h", annotations } }, hub).metadata).toEqual({
      name: "h",
      annotations: { mine: "1" },
    });
  });
});

describe("resource.k8s.io/v1beta1", () => {
  const old = "resource.k8s.io/v1beta1";
  const hub = "resource.k8s.io/v1";
  const roundTrip = (object: KubeObject) => {
    const converted = fromHub(object, old);
    return { converted, back: toHub(clone(converted), hub) };
  };

  test("has the fields of an exact request in the request", () => {
    const requests = [
      { name: "a", exactly: { deviceClassName: "gpu", allocationMode: "ExactCount", count: 2 } },
      { name: "b", firstAvailable: [{ name: "x", deviceClassName: "gpu" }] },
    ];
    const claim = {
      apiVersion: hub,
      kind: "ResourceClaim",
      metadata: {},
      spec: { devices: { requests } },
      status: {},
    };
    const { converted, back } = roundTrip(claim);
    expect(converted).toMatchObject({
      apiVersion: old,
      spec: {
        devices: {
          requests: [
            { name: "a", deviceClassName: "gpu", allocationMode: "ExactCount", count: 2 },
            { name: "b", deviceClassName: "", firstAvailable: [{ name: "x" }] },
          ],
        },
      },
    });
    expect(back).toEqual(claim);
    const template = { ...claim, kind: "ResourceClaimTemplate", spec: { spec: claim.spec, metadata: {} } };
    expect(roundTrip(template).back).toEqual(template);
  });

  test("has the fields of a device in `basic`, and no pointers in the slice", () => {
    const spec = {
      driver: "d",
      pool: { name: "p", generation: 1, resourceSliceCount: 1 },
      nodeName: "n",
      devices: [{ name: "x", attributes: { a: { int: 1 } } }, { name: "y" }],
    };
    const slice = { apiVersion: hub, kind: "ResourceSlice", metadata: {}, spec };
    const { converted, back } = roundTrip(slice);
    expect(converted).toMatchObject({
      spec: {
        nodeName: "n",
        devices: [{ name: "x", basic: { attributes: { a: { int: 1 } } } }, { name: "y" }],
      },
    });
    expect(back).toEqual(slice);
    const empty = { ...clone(converted), spec: { driver: "d", pool: {}, nodeName: "", allNodes: false } };
    expect(toHub(empty, hub)).toMatchObject({ spec: { driver: "d", pool: {} } });
    expect(toHub(empty, hub)).not.toHaveProperty("spec.nodeName");
  });
});

describe("apps/v1 on its way in", () => {
  const read = (kind: string, annotations: Record<string, string> | undefined) =>
    toHub(
      { apiVersion: "apps/v1", kind, metadata: { name: "x", ...(annotations ? { annotations } : {}) } },
      "apps/v1",
    ).metadata.annotations;
  const generation = "deprecated.daemonset.template.generation";
  const rollback = "deprecated.deployment.rollback.to";

  test("counts the templates of a DaemonSet", () => {
    expect(read("DaemonSet", undefined)).toEqual({ [generation]: "0" });
    expect(read("DaemonSet", { [generation]: "+007", a: "b" })).toEqual({ [generation]: "7", a: "b" });
    expect(() => read("DaemonSet", { [generation]: "x" })).toThrow(
      'strconv.ParseInt: parsing "x": invalid syntax',
    );
    expect(() => read("DaemonSet", { [generation]: "9223372036854775808" })).toThrow("value out of range");
  });

  test("drops an empty rollback of a Deployment and refuses one that is no number", () => {
    expect(read("Deployment", { [rollback]: "" })).toBeUndefined();
    expect(read("Deployment", { [rollback]: "3" })).toEqual({ [rollback]: "3" });
    expect(() => read("Deployment", { [rollback]: "x" })).toThrow(
      `failed to parse annotation[${rollback}]=x as int64: strconv.ParseInt: parsing "x": invalid syntax`,
    );
  });
});

test("the label of old empty selectors is taken out of a PodDisruptionBudget", () => {
  const key = "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match";
  const read = (matchExpressions: object[]) =>
    toHub(
      {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: {},
        spec: { selector: { matchExpressions } },
      } as KubeObject,
      "policy/v1",
    );
  const other = { key: "a", operator: "Exists" };
  expect(read([{ key, operator: "DoesNotExist" }, other])).toHaveProperty("spec.selector.matchExpressions", [
    other,
  ]);
  expect(read([{ key, operator: "Exists" }])).toHaveProperty("spec.selector.matchExpressions.0.key", key);
  expect(read([{ key, operator: "DoesNotExist" }])).toHaveProperty("spec.selector", {});
});

test("a kind that looks alike in all versions needs no conversion", () => {
  expect(conversionOf("resource.k8s.io/v1beta2", "ResourceClaim")).toBeUndefined();
  expect(conversionOf("__proto__", "constructor")).toBeUndefined();
  const object: KubeObject = {
    apiVersion: "resource.k8s.io/v1",
    kind: "DeviceClass",
    metadata: { name: "x" },
  };
  expect(fromHub(object, "resource.k8s.io/v1beta2")).toEqual({
    ...object,
    apiVersion: "resource.k8s.io/v1beta2",
  });
});

test("metadata alone lacks the annotations that are fields of upstream's internal type", () => {
  const annotations = { "deprecated.daemonset.template.generation": "2" };
  const daemonSet = { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "d", annotations } };
  expect(metadataAlone(daemonSet)).toEqual({ name: "d" });
  const metadata = { annotations: { ...annotations, mine: "1" } };
  expect(metadataAlone({ ...daemonSet, metadata })).toEqual({ annotations: { mine: "1" } });
  expect(metadataAlone({ ...daemonSet, kind: "ReplicaSet", metadata })).toBe(metadata);
});
