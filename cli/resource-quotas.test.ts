import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const inside = (resource: string, group = "", version = "v1") => ({
  ...{ group, version, resource, namespace: "default" },
});

let cluster: Cluster;
const errors: unknown[] = [];
beforeAll(async () => {
  cluster = await createCluster({ onError: (error) => errors.push(error) });
});
afterAll(async () => {
  await cluster.close();
  expect(errors).toEqual([]);
});

interface Status {
  status?: { hard?: Record<string, string>; used?: Record<string, string> };
}

const quota = (name: string, hard: Record<string, string>, more: object = {}) =>
  cluster.client.create(inside("resourcequotas"), {
    ...{ kind: "ResourceQuota", apiVersion: "v1", metadata: { name }, spec: { hard, ...more } },
  } as KubeObject);

const used = (name: string, expected: Record<string, string>) =>
  vi.waitFor(
    async () => {
      const { status } = (await cluster.client.get(inside("resourcequotas"), name)) as KubeObject & Status;
      expect(status?.used).toEqual(expected);
      expect(Object.keys(status?.hard ?? {}).sort()).toEqual(Object.keys(expected).sort());
    },
    { timeout: 10_000, interval: 5 },
  );

const pod = (name: string, cpu: string): KubeObject =>
  ({
    ...{ kind: "Pod", apiVersion: "v1", metadata: { name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [{ name: "c", image: "i", resources: { requests: { cpu }, limits: { cpu } } }],
    },
  }) as KubeObject;

const create = (resource: string, object: KubeObject) => cluster.client.create(inside(resource), object);
const remove = (resource: string, name: string) => cluster.client.delete(inside(resource), name);
const configMap = (name: string): KubeObject => ({ kind: "ConfigMap", apiVersion: "v1", metadata: { name } });

test("what is there is counted, what comes is charged, what goes is given back", async () => {
  await create("configmaps", configMap("early"));
  await quota("objects", { configmaps: "4", "count/secrets": "1", "example.com/unknown": "1" });
  const secret = { kind: "Secret", apiVersion: "v1", metadata: { name: "s" } };
  const counted = (configmaps: string, secrets: string) => ({ configmaps, "count/secrets": secrets });
  // kube-root-ca.crt is there, too; of what nobody measures nothing is said.
  await vi.waitFor(async () => {
    const { status } = (await cluster.client.get(inside("resourcequotas"), "objects")) as KubeObject & Status;
    expect(status?.used).toEqual(counted("2", "0"));
  }, 10_000);
  await create("secrets", secret);
  await create("configmaps", configMap("late"));
  await remove("configmaps", "early");
  await remove("secrets", "s");
  await vi.waitFor(async () => {
    const { status } = (await cluster.client.get(inside("resourcequotas"), "objects")) as KubeObject & Status;
    expect(status?.used).toEqual(counted("2", "0"));
  }, 10_000);
  await remove("resourcequotas", "objects");
});

test("pods give back what they have used when they end, or change their scope", async () => {
  await quota("compute", { pods: "5", "requests.cpu": "2" });
  await quota("short", { pods: "5" }, { scopes: ["Terminating"] });
  await used("compute", { pods: "0", "requests.cpu": "0" });
  await used("short", { pods: "0" });
  for (const name of ["a", "b"]) await create("pods", pod(name, "500m"));
  await used("compute", { pods: "2", "requests.cpu": "1" });
  const ended = { status: { phase: "Succeeded" } };
  await cluster.client.patch(inside("pods"), "a", ended, { type: "merge", subresource: "status" });
  await used("compute", { pods: "1", "requests.cpu": "500m" });
  const deadline = { spec: { activeDeadlineSeconds: 1000 } };
  await cluster.client.patch(inside("pods"), "b", deadline, { type: "merge" });
  await used("short", { pods: "1" });
  await remove("pods", "b");
  await used("compute", { pods: "0", "requests.cpu": "0" });
  await used("short", { pods: "0" });
  for (const name of ["compute", "short"]) await remove("resourcequotas", name);
});

test("a quota that changes is counted anew", async () => {
  await quota("changing", { services: "2" });
  await used("changing", { services: "1" });
  const change = { spec: { hard: { services: null, "count/pods": "3" } } };
  await cluster.client.patch(inside("resourcequotas"), "changing", change, { type: "merge" });
  // One that has ended is still an object.
  await used("changing", { "count/pods": "1" });
  await remove("resourcequotas", "changing");
});

test("custom resources are counted, also those defined after the quota", async () => {
  await quota("things", { "count/things.example.com": "5" });
  const definition = {
    ...{ kind: "CustomResourceDefinition", apiVersion: "apiextensions.k8s.io/v1" },
    metadata: { name: "things.example.com" },
    spec: {
      ...{ group: "example.com", scope: "Namespaced", names: { plural: "things", kind: "Thing" } },
      versions: [
        { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } },
      ],
    },
  };
  const definitions = { group: "apiextensions.k8s.io", version: "v1", resource: "customresourcedefinitions" };
  await cluster.client.create(definitions, definition as KubeObject);
  await used("things", { "count/things.example.com": "0" });
  const things = inside("things", "example.com");
  await cluster.client.create(things, {
    kind: "Thing",
    apiVersion: "example.com/v1",
    metadata: { name: "a" },
  });
  await used("things", { "count/things.example.com": "1" });
  await cluster.client.delete(things, "a");
  await used("things", { "count/things.example.com": "0" });
});
