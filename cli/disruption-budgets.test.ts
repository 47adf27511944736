import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const inside = (resource: string, group = "", version = "v1") => ({
  ...{ group, version, resource, namespace: "default" },
});
const budgets = inside("poddisruptionbudgets", "policy");
const pods = inside("pods");

let cluster: Cluster;
const errors: unknown[] = [];
beforeAll(async () => {
  // Workloads without their controllers: nobody makes or deletes pods but the tests.
  const controllers = ["disruption-controller", "serviceaccount-controller"];
  cluster = await createCluster({ controllers, onError: (error) => errors.push(error) });
});
afterAll(async () => {
  await cluster.close();
  expect(errors).toEqual([]);
});

const budget = (app: string, spec: object) =>
  cluster.client.create(budgets, {
    ...{ kind: "PodDisruptionBudget", apiVersion: "policy/v1", metadata: { name: app } },
    spec: { selector: { matchLabels: { app } }, ...spec },
  } as KubeObject);
const statusIs = (name: string, expected: object) =>
  vi.waitFor(async () => {
    expect(await cluster.client.get(budgets, name)).toMatchObject({ status: expected });
  }, 5000);
const pod = async (name: string, app: string, owner?: KubeObject) => {
  const { kind = "", apiVersion = "", metadata } = owner ?? { metadata: {} };
  const reference = { kind, apiVersion, name: metadata.name, uid: metadata.uid, controller: true };
  await cluster.client.create(pods, {
    ...{ kind: "Pod", apiVersion: "v1" },
    metadata: { name, labels: { app }, ...(owner ? { ownerReferences: [reference] } : {}) },
    spec: { nodeName: "node-1", containers: [{ name: "c", image: "i" }] },
  } as KubeObject);
  const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  await cluster.client.patch(pods, name, { status }, { type: "merge", subresource: "status" });
};
const workload = (kind: string, name: string, replicas: number, owner?: KubeObject) => {
  const resource = inside(`${kind.toLowerCase()}s`, "apps");
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name: "c", image: "i" }] } };
  const ownerReferences = owner
    ? [
        {
          kind: owner.kind,
          apiVersion: owner.apiVersion,
          name: owner.metadata.name,
          uid: owner.metadata.uid,
          controller: true,
        },
      ]
    : [];
  const metadata = { name, ownerReferences };
  const spec = { replicas, selector: { matchLabels: { app: name } }, template };
  return cluster.client.create(resource, { kind, apiVersion: "apps/v1", metadata, spec } as KubeObject);
};
const eventOf = (name: string, reason: string) =>
  vi.waitFor(async () => {
    const fieldSelector = `involvedObject.name=${name},reason=${reason}`;
    const { items } = await cluster.client.list(inside("events"), { fieldSelector });
    expect(items).toHaveLength(1);
    return items[0] as KubeObject & { message: string };
  }, 5000);

test("a number of pods: as many may go as are healthy beyond it, an eviction counts at once", async () => {
  await budget("plain", { minAvailable: 1 });
  const none = {
    currentHealthy: 0,
    desiredHealthy: 1,
    disruptionsAllowed: 0,
    expectedPods: 0,
    observedGeneration: 1,
  };
  await statusIs("plain", none);
  expect((await eventOf("plain", "NoPods")).message).toBe("No matching pods found");
  for (const name of ["p1", "p2"]) await pod(name, "plain");
  const sufficient = { type: "DisruptionAllowed", status: "True", reason: "SufficientPods" };
  await statusIs("plain", {
    currentHealthy: 2,
    disruptionsAllowed: 1,
    expectedPods: 2,
    conditions: [sufficient],
  });
  const eviction = (name: string): KubeObject => ({
    kind: "Eviction",
    apiVersion: "policy/v1",
    metadata: { name },
  });
  await cluster.client.create(pods, eviction("p1"), { name: "p1", subresource: "eviction" });
  await statusIs("plain", { currentHealthy: 1, disruptionsAllowed: 0 });
  const refused = cluster.client.create(pods, eviction("p2"), { name: "p2", subresource: "eviction" });
  await expect(refused).rejects.toMatchObject({ code: 429 });
});

test("a share of pods is one of those that Deployments and StatefulSets want", async () => {
  await budget("deployed", { maxUnavailable: "50%" });
  const deployment = await workload("Deployment", "deployed", 4);
  const set = await workload("ReplicaSet", "deployed", 9, deployment);
  for (const name of ["d1", "d2", "d3"]) await pod(name, "deployed", set);
  await statusIs("deployed", {
    expectedPods: 4,
    desiredHealthy: 2,
    currentHealthy: 3,
    disruptionsAllowed: 1,
  });
  await budget("stateful", { minAvailable: "100%" });
  await pod("s1", "stateful", await workload("StatefulSet", "stateful", 2));
  await statusIs("stateful", {
    expectedPods: 2,
    desiredHealthy: 2,
    currentHealthy: 1,
    disruptionsAllowed: 0,
  });
});

test("pods that nobody manages are told of; a controller without a scale lets nothing go", async () => {
  await budget("free", { maxUnavailable: 1 });
  await pod("f1", "free");
  await statusIs("free", { expectedPods: 0, disruptionsAllowed: 0 });
  expect((await eventOf("free", "UnmanagedPods")).message).toContain(
    "(selector: &LabelSelector{MatchLabels:map[string]string{app: free,},MatchExpressions:[]LabelSelectorRequirement{},})",
  );
  await budget("jobs", { maxUnavailable: 1 });
  const spec = { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i" }] } } };
  const job = { kind: "Job", apiVersion: "batch/v1", metadata: { name: "jobs" }, spec } as KubeObject;
  await pod("j1", "jobs", await cluster.client.create(inside("jobs", "batch"), job));
  const message = "jobs.batch does not implement the scale subresource";
  await statusIs("jobs", {
    disruptionsAllowed: 0,
    conditions: [{ status: "False", reason: "SyncFailed", message }],
  });
});

test("a disruption that came to nothing is taken back", async () => {
  await pod("stale", "stale");
  const conditions = [
    { type: "DisruptionTarget", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" },
  ];
  await cluster.client.patch(
    pods,
    "stale",
    { status: { conditions } },
    { type: "merge", subresource: "status" },
  );
  await vi.waitFor(async () => {
    const { status } = (await cluster.client.get(pods, "stale")) as KubeObject & { status: object };
    expect(status).toMatchObject({ conditions: [{ type: "DisruptionTarget", status: "False" }] });
  }, 5000);
});
