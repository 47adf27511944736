import { describe, expect, test } from "vitest";
import { defaultFeatureGates } from "../feature-gates.ts";
import type { KubeObject } from "../object.ts";
import { quotaEvaluator } from "./evaluators.ts";

const gates = defaultFeatureGates();
const now = Date.UTC(2026, 0, 1);
const context = { gates, now };
const evaluatorOf = (resource: string, group = "") => quotaEvaluator({ group, resource })!;
const usage = (resource: string, object: object, group = "") =>
  Object.fromEntries(
    [...evaluatorOf(resource, group).usage(object as KubeObject, context)].map(([name, amount]) => [
      name,
      `${amount}`,
    ]),
  );
const pod = (spec: object, status: object = {}, metadata: object = {}) => ({
  metadata,
  spec: { containers: [], ...spec },
  status,
});
const asking = (requests: object, limits: object = {}, name = "c") => ({
  name,
  resources: { requests, limits },
});
const scope = (resource: string, scopeName: string, object: object, more: object = { operator: "Exists" }) =>
  evaluatorOf(resource).isInScope!({ scopeName, ...more } as never, object as KubeObject, context);

describe("what is measured", () => {
  test.each([
    [
      "pods",
      "",
      [
        "pods",
        "count/pods",
        "cpu",
        "requests.memory",
        "hugepages-2Mi",
        "requests.hugepages-2Mi",
        "requests.example.com/gpu",
      ],
    ],
    ["services", "", ["services", "services.nodeports", "count/services"]],
    [
      "persistentvolumeclaims",
      "",
      [
        "requests.storage",
        "gold.storageclass.storage.k8s.io/requests.storage",
        "count/persistentvolumeclaims",
      ],
    ],
    [
      "resourceclaims",
      "resource.k8s.io",
      ["count/resourceclaims.resource.k8s.io", "gpu.deviceclass.resource.k8s.io/devices"],
    ],
    ["secrets", "", ["secrets", "count/secrets"]],
    ["deployments", "apps", ["count/deployments.apps"]],
  ])("%s %s", (resource, group, names) => {
    const evaluator = evaluatorOf(resource, group);
    expect(names.filter((name) => !evaluator.measures(name))).toEqual([]);
    expect(["other", "count/other", "deployments"].filter((name) => evaluator.measures(name))).toEqual([]);
  });

  test("events and reviews are not", () => {
    expect(quotaEvaluator({ group: "events.k8s.io", resource: "events" })).toBeUndefined();
    expect(quotaEvaluator({ group: "authentication.k8s.io", resource: "tokenreviews" })).toBeUndefined();
  });
});

describe("pods", () => {
  test("count with all that their containers and overhead ask for", () => {
    const spec = {
      containers: [asking({ cpu: "1", "example.com/gpu": "2" }, { memory: "1Gi" }), asking({ cpu: "500m" })],
      overhead: { cpu: "250m" },
    };
    expect(usage("pods", pod(spec))).toEqual({
      "count/pods": "1",
      pods: "1",
      cpu: "1750m",
      "requests.cpu": "1750m",
      "requests.example.com/gpu": "2",
      "limits.memory": "1Gi",
    });
  });

  test("that have ended or should be gone are only objects", () => {
    const objects = { "count/pods": "1" };
    const spec = { containers: [asking({ cpu: "1" })] };
    expect(usage("pods", pod(spec, { phase: "Succeeded" }))).toEqual(objects);
    const gone = { deletionTimestamp: "2025-12-31T23:59:00Z", deletionGracePeriodSeconds: 30 };
    expect(usage("pods", pod(spec, {}, gone))).toEqual(objects);
    expect(usage("pods", pod(spec, {}, { ...gone, deletionGracePeriodSeconds: 61 }))).toHaveProperty("pods");
  });

  test("count with the most while they are resized", () => {
    const status = {
      containerStatuses: [
        {
          name: "c",
          resources: { requests: { cpu: "2" }, limits: { cpu: "4" } },
          allocatedResources: { cpu: "3" },
        },
      ],
    };
    const spec = { containers: [asking({ cpu: "1" }, { cpu: "1" })] };
    expect(usage("pods", pod(spec, status))).toMatchObject({ "requests.cpu": "3", "limits.cpu": "4" });
    const wanting = { containers: [asking({ cpu: "9" })] };
    expect(usage("pods", pod(wanting, status))).toMatchObject({ "requests.cpu": "9" });
    const conditions = [{ type: "PodResizePending", reason: "Infeasible" }];
    expect(usage("pods", pod(wanting, { ...status, conditions }))).toMatchObject({ "requests.cpu": "3" });
  });

  test("must say what is limited, each container", () => {
    const problem = (names: string[], spec: object) =>
      evaluatorOf("pods").problem!(names, pod(spec) as unknown as KubeObject, context);
    const spec = {
      containers: [asking({ cpu: "1" }, {}, "b"), asking({}, {}, "a")],
      initContainers: [asking({}, {}, "i")],
    };
    expect(problem(["requests.cpu", "limits.memory", "pods"], spec)).toBe(
      "must specify limits.memory for: a,b,i; requests.cpu for: a,i",
    );
    expect(problem(["requests.ephemeral-storage"], spec)).toBeUndefined();
    expect(problem(["requests.cpu"], { ...spec, resources: { requests: { cpu: "1" } } })).toBeUndefined();
  });

  test("are in scopes", () => {
    const ending = pod({ activeDeadlineSeconds: 0 });
    expect(scope("pods", "Terminating", ending)).toBe(true);
    expect(scope("pods", "NotTerminating", ending)).toBe(false);
    expect(scope("pods", "BestEffort", pod({}))).toBe(true);
    expect(scope("pods", "NotBestEffort", pod({ containers: [asking({ cpu: "1" })] }))).toBe(true);
    const first = pod({ priorityClassName: "first" });
    expect(scope("pods", "PriorityClass", first)).toBe(true);
    expect(scope("pods", "PriorityClass", pod({}), { operator: "NotIn", values: ["first"] })).toBe(true);
    expect(scope("pods", "PriorityClass", first, { operator: "In", values: ["second"] })).toBe(false);
    const podAffinity = {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, podAffinityTerm: { namespaces: ["x"] } },
      ],
    };
    expect(scope("pods", "CrossNamespacePodAffinity", pod({ affinity: { podAffinity } }))).toBe(true);
    expect(scope("pods", "CrossNamespacePodAffinity", first)).toBe(false);
  });
});

test("services count their node ports by what they want", () => {
  const ports = [{ port: 80 }, { port: 81, nodePort: 30081 }];
  const counted = (spec: object) => {
    const { "services.nodeports": nodePorts, "services.loadbalancers": balancers } = usage("services", {
      spec: { ports, ...spec },
    });
    return [nodePorts, balancers];
  };
  expect(counted({ type: "ClusterIP" })).toEqual(["0", "0"]);
  expect(counted({ type: "NodePort" })).toEqual(["2", "0"]);
  expect(counted({ type: "LoadBalancer" })).toEqual(["2", "1"]);
  expect(counted({ type: "LoadBalancer", allocateLoadBalancerNodePorts: false })).toEqual(["1", "1"]);
});

describe("claims", () => {
  const claim = (storage: string, status: object = {}) => ({
    metadata: {},
    spec: { storageClassName: "gold", resources: { requests: { storage } } },
    status,
  });

  test("count by storage class, in whole bytes", () => {
    expect(usage("persistentvolumeclaims", claim("1500m"))).toEqual({
      persistentvolumeclaims: "1",
      "count/persistentvolumeclaims": "1",
      "requests.storage": "2",
      "gold.storageclass.storage.k8s.io/persistentvolumeclaims": "1",
      "gold.storageclass.storage.k8s.io/requests.storage": "2",
    });
  });

  test("count with what has been allocated where that is more", () => {
    const allocated = claim("1Gi", { allocatedResources: { storage: "3Gi" } });
    expect(usage("persistentvolumeclaims", allocated)).toMatchObject({ "requests.storage": "3Gi" });
  });

  test("are in the scope of their attribute classes", () => {
    const changing = {
      spec: { volumeAttributesClassName: "b" },
      status: { currentVolumeAttributesClassName: "a" },
    };
    const is = (operator: string, values?: string[]) =>
      scope("persistentvolumeclaims", "VolumeAttributesClass", changing, { operator, values });
    expect([is("In", ["a"]), is("NotIn", ["a"]), is("In", ["c"]), is("Exists"), is("DoesNotExist")]).toEqual([
      true,
      true,
      false,
      true,
      false,
    ]);
  });
});

test("claims of devices count the hungriest alternative", () => {
  const firstAvailable = [
    { deviceClassName: "gpu", allocationMode: "ExactCount", count: 1 },
    { deviceClassName: "gpu", allocationMode: "ExactCount", count: 3 },
    { deviceClassName: "net", allocationMode: "All" },
  ];
  const exactly = { deviceClassName: "gpu", allocationMode: "ExactCount", count: 2 };
  const spec = { devices: { requests: [{ firstAvailable }, { exactly }] } };
  expect(usage("resourceclaims", { spec }, "resource.k8s.io")).toEqual({
    "count/resourceclaims.resource.k8s.io": "1",
    "gpu.deviceclass.resource.k8s.io/devices": "5",
    "net.deviceclass.resource.k8s.io/devices": "32",
  });
});
