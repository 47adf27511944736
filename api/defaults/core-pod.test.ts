import { describe, expect, test } from "vitest";
import type { Pod } from "../core-types.ts";
import { defaultFeatureGates, parseFeatureGates } from "../feature-gates.ts";
import { defaulterOf } from "./defaults.ts";

type Fields = Record<string, unknown>;

const gates = defaultFeatureGates();

/** The spec of a pod with one container, as defaults leave it. */
function specOf(spec: Fields, container: Fields = {}, context = { gates }): NonNullable<Pod["spec"]> {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "a" },
    spec: { containers: [{ name: "main", image: "nginx:1.27", ...container }], ...spec },
  };
  defaulterOf("v1", "Pod")?.(pod, context);
  return pod.spec as unknown as NonNullable<Pod["spec"]>;
}

const containerOf = (fields: Fields, spec: Fields = {}): Fields =>
  specOf(spec, fields).containers[0] as unknown as Fields;

test("a pod that says nothing", () => {
  expect(specOf({})).toEqual({
    containers: [
      {
        name: "main",
        image: "nginx:1.27",
        imagePullPolicy: "IfNotPresent",
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
      },
    ],
    enableServiceLinks: true,
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: "default-scheduler",
  });
});

describe("images are pulled", () => {
  test.each([
    ["nginx", "Always"],
    ["nginx:latest", "Always"],
    ["nginx:1.27", "IfNotPresent"],
    [`nginx@sha256:${"a".repeat(64)}`, "IfNotPresent"],
    ["registry:5000/nginx", "Always"],
  ])("%s: %s", (image, policy) => {
    expect(containerOf({ image }).imagePullPolicy).toBe(policy);
  });
});

describe("parts of containers", () => {
  test.each<[string, Fields, Fields]>([
    ["ports", { ports: [{ containerPort: 80 }] }, { ports: [{ containerPort: 80, protocol: "TCP" }] }],
    [
      "probes",
      { livenessProbe: { httpGet: { port: 80 } } },
      {
        livenessProbe: {
          httpGet: { port: 80, path: "/", scheme: "HTTP" },
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3,
        },
      },
    ],
    [
      "requests, which are the limits",
      { resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m" } } },
      { resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m", memory: "1Gi" } } },
    ],
    [
      "amounts below a thousandth, which are rounded up",
      { resources: { requests: { cpu: "1500u" } } },
      { resources: { requests: { cpu: "2m" } } },
    ],
    [
      "variables of the pod's fields",
      { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] },
      { env: [{ name: "A", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } }] },
    ],
    [
      "hooks",
      { lifecycle: { preStop: { httpGet: { port: 80 } } } },
      { lifecycle: { preStop: { httpGet: { port: 80, path: "/", scheme: "HTTP" } } } },
    ],
  ])("%s", (_, fields, expected) => {
    expect(containerOf(fields)).toMatchObject(expected);
  });

  test("are on the host's ports where the pod is on its network", () => {
    expect(containerOf({ ports: [{ containerPort: 80 }] }, { hostNetwork: true }).ports).toEqual([
      { containerPort: 80, hostPort: 80, protocol: "TCP" },
    ]);
  });
});

test("volumes", () => {
  const volumes = [
    { name: "a" },
    { name: "b", secret: { secretName: "s" } },
    { name: "c", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } },
    { name: "d", hostPath: { path: "/x" } },
    { name: "e", image: { reference: "busybox" } },
    { name: "f", ephemeral: { volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"] } } } },
  ];
  expect(specOf({ volumes }).volumes).toEqual([
    { name: "a", emptyDir: {} },
    { name: "b", secret: { secretName: "s", defaultMode: 420 } },
    {
      name: "c",
      projected: {
        sources: [{ serviceAccountToken: { path: "t", expirationSeconds: 3600 } }],
        defaultMode: 420,
      },
    },
    { name: "d", hostPath: { path: "/x", type: "" } },
    { name: "e", image: { reference: "busybox", pullPolicy: "Always" } },
    {
      name: "f",
      ephemeral: {
        volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"], volumeMode: "Filesystem" } },
      },
    },
  ]);
});

describe("a pod's own resources", () => {
  const limited = { resources: { limits: { cpu: "2", memory: "1Gi" } } };
  const container = { resources: { requests: { cpu: "1" } } };

  test("are asked for as its containers do, else as limited", () => {
    expect(specOf(structuredClone(limited), structuredClone(container)).resources?.requests).toEqual({
      cpu: "1",
      memory: "1Gi",
    });
  });

  test("are left alone where that feature is off", () => {
    const off = parseFeatureGates("PodLevelResources=false,InPlacePodLevelResourcesVerticalScaling=false");
    expect(specOf(structuredClone(limited), container, { gates: off }).resources).toEqual(limited.resources);
  });
});

test("a time to end below 0 is 1, in pods but not in templates", () => {
  expect(specOf({ terminationGracePeriodSeconds: -5 }).terminationGracePeriodSeconds).toBe(1);
  const template = { spec: { containers: [], terminationGracePeriodSeconds: -5 } };
  const object = { apiVersion: "v1", kind: "PodTemplate", metadata: {}, template };
  defaulterOf("v1", "PodTemplate")?.(object, { gates });
  expect(template.spec.terminationGracePeriodSeconds).toBe(-5);
});

test("the old name of the service account's field and the new one are one", () => {
  expect(specOf({ serviceAccount: "a" })).toMatchObject({ serviceAccount: "a", serviceAccountName: "a" });
  expect(specOf({ serviceAccountName: "b" })).toMatchObject({ serviceAccount: "b", serviceAccountName: "b" });
});

test("a replication controller selects what its template makes, once", () => {
  const controller = {
    apiVersion: "v1",
    kind: "ReplicationController",
    metadata: {},
    spec: { template: { metadata: { labels: { app: "web" } }, spec: { containers: [] } } },
  };
  defaulterOf("v1", "ReplicationController")?.(controller, { gates });
  expect(controller.metadata).toEqual({ labels: { app: "web" } });
  expect(controller.spec).toMatchObject({ replicas: 1, selector: { app: "web" } });
});
