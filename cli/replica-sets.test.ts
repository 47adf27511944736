import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const kinds = [
  { group: "apps", version: "v1", resource: "replicasets", kind: "ReplicaSet", apiVersion: "apps/v1" },
  {
    group: "",
    version: "v1",
    resource: "replicationcontrollers",
    kind: "ReplicationController",
    apiVersion: "v1",
  },
] as const;
const podsOf = (namespace: string) => ({ group: "", version: "v1", resource: "pods", namespace });
const soon = { timeout: 10_000, interval: 5 };

let cluster: Cluster;
const errors: unknown[] = [];
beforeAll(async () => {
  cluster = await createCluster({ onError: (error) => errors.push(error) });
});
afterAll(() => cluster.close());

interface Set extends KubeObject {
  spec: { replicas: number };
  status: Record<string, unknown> & { conditions?: { type: string; reason: string; message: string }[] };
}
interface Pod extends KubeObject {
  spec: object;
  status: { phase?: string; conditions?: object[] };
}

async function makeNamespace(name: string): Promise<void> {
  const namespaces = { group: "", version: "v1", resource: "namespaces" };
  await cluster.client.create(namespaces, { kind: "Namespace", apiVersion: "v1", metadata: { name } });
  const accounts = { group: "", version: "v1", resource: "serviceaccounts", namespace: name };
  await vi.waitFor(() => cluster.client.get(accounts, "default"), soon);
}

describe.each(kinds)("$kind", ({ kind, apiVersion, ...resource }) => {
  const namespace = `of-${resource.resource}`;
  const sets = { ...resource, namespace };
  const pods = podsOf(namespace);
  const list = async () => (await cluster.client.list(pods)).items as Pod[];
  const living = async () => (await list()).filter(({ metadata }) => !metadata.deletionTimestamp);
  const get = async (name: string) => (await cluster.client.get(sets, name)) as Set;

  beforeAll(() => makeNamespace(namespace));

  const make = (name: string, replicas: number, more: object = {}) =>
    cluster.client.create(sets, {
      ...{ kind, apiVersion, metadata: { name } },
      spec: {
        replicas,
        selector: kind === "ReplicaSet" ? { matchLabels: { app: name } } : { app: name },
        template: {
          metadata: { labels: { app: name }, annotations: { why: "template" } },
          spec: { containers: [{ name: "c", image: "i" }] },
        },
        ...more,
      },
    } as KubeObject);
  const scale = (name: string, replicas: number) =>
    cluster.client.patch(sets, name, { spec: { replicas } }, { type: "merge" });
  const runAll = async (since: string) => {
    for (const pod of await living()) {
      if (pod.status.phase === "Failed") continue;
      const ready = { type: "Ready", status: "True", lastTransitionTime: since };
      await cluster.client.update(
        pods,
        { ...pod, status: { ...pod.status, phase: "Running", conditions: [ready] } } as KubeObject,
        { subresource: "status" },
      );
    }
  };

  test("creates its pods from the template, and says so", async () => {
    await make("a", 3);
    await vi.waitFor(async () => expect((await get("a")).status).toMatchObject({ replicas: 3 }), soon);
    const all = await list();
    expect(all).toHaveLength(3);
    const { uid } = (await get("a")).metadata;
    for (const { metadata } of all) {
      expect(metadata.name).toMatch(/^a-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
      expect(metadata.generateName).toBe("a-");
      expect(metadata.labels).toEqual({ app: "a" });
      expect(metadata.annotations).toEqual({ why: "template" });
      expect(metadata.ownerReferences).toEqual([
        { apiVersion, kind, name: "a", uid, controller: true, blockOwnerDeletion: true },
      ]);
    }
    const { observedGeneration, fullyLabeledReplicas, readyReplicas } = (await get("a")).status;
    expect({ observedGeneration, fullyLabeledReplicas, readyReplicas }).toEqual({
      observedGeneration: 1,
      fullyLabeledReplicas: 3,
    });
    await vi.waitFor(async () => {
      const { items } = await cluster.client.list({ ...pods, resource: "events" });
      const said = items as unknown as {
        reason: string;
        message: string;
        involvedObject: { kind: string };
      }[];
      expect(said.map(({ reason, message }) => `${reason}: ${message}`).sort()).toEqual(
        all.map(({ metadata }) => `SuccessfulCreate: Created pod: ${metadata.name}`).sort(),
      );
      expect(said[0]!.involvedObject.kind).toBe(kind);
    }, soon);
  });

  test("makes up for a pod that goes, and for one that ends", async () => {
    const [first, second] = await list();
    await cluster.client.delete(pods, first!.metadata.name!);
    const phase = { ...second!, status: { ...second!.status, phase: "Failed" } };
    await cluster.client.update(pods, phase as KubeObject, { subresource: "status" });
    await vi.waitFor(async () => {
      expect(await living()).toHaveLength(4);
      expect((await get("a")).status.replicas).toBe(3);
    }, soon);
  });

  test("deletes those first that are not ready", async () => {
    await runAll("2026-01-01T00:00:00Z");
    await vi.waitFor(async () => expect((await get("a")).status.availableReplicas).toBe(3), soon);
    await scale("a", 5);
    await vi.waitFor(async () => expect((await get("a")).status.replicas).toBe(5), soon);
    await scale("a", 3);
    await vi.waitFor(async () => {
      const { status } = await get("a");
      expect(status).toMatchObject({ replicas: 3, readyReplicas: 3, availableReplicas: 3 });
    }, soon);
    await scale("a", 0);
    await vi.waitFor(async () => expect((await get("a")).status.replicas).toBe(0), soon);
  });

  test("adopts orphans that it selects, and releases what it does not select any more", async () => {
    const orphan = {
      ...{ kind: "Pod", apiVersion: "v1", metadata: { name: "orphan", labels: { app: "b" } } },
      spec: { containers: [{ name: "c", image: "i" }] },
    };
    await cluster.client.create(pods, orphan as KubeObject);
    await make("b", 1);
    const ownerOf = async () => (await cluster.client.get(pods, "orphan")).metadata.ownerReferences;
    await vi.waitFor(async () => expect((await ownerOf())?.[0]).toMatchObject({ kind, name: "b" }), soon);
    await vi.waitFor(async () => expect((await get("b")).status.replicas).toBe(1), soon);
    expect((await living()).filter(({ metadata }) => metadata.labels?.app === "b")).toHaveLength(1);

    await cluster.client.patch(pods, "orphan", { metadata: { labels: { app: "free" } } }, { type: "merge" });
    await vi.waitFor(async () => {
      expect(await ownerOf()).toBeUndefined();
      expect((await living()).filter(({ metadata }) => metadata.labels?.app === "b")).toHaveLength(1);
    }, soon);
  });

  test("a pod is available when it has been ready for minReadySeconds", async () => {
    await make("c", 1, { minReadySeconds: 2 });
    await vi.waitFor(async () => expect((await get("c")).status.replicas).toBe(1), soon);
    await runAll(new Date(Math.ceil(Date.now() / 1000) * 1000).toISOString().replace(/\.\d+/, ""));
    await vi.waitFor(async () => expect((await get("c")).status.readyReplicas).toBe(1), soon);
    expect((await get("c")).status.availableReplicas).toBeUndefined();
    await vi.waitFor(async () => expect((await get("c")).status.availableReplicas).toBe(1), soon);
  });

  test("what a quota forbids is told in a condition, which goes when there is room", async () => {
    const quotas = { ...pods, resource: "resourcequotas" };
    const quota = (hard: string) => ({
      ...{ kind: "ResourceQuota", apiVersion: "v1", metadata: { name: "q" } },
      spec: { hard: { "count/pods": hard } },
    });
    const { length } = await list();
    await cluster.client.create(quotas, quota(String(length)) as KubeObject);
    await vi.waitFor(async () => {
      const known = (await cluster.client.get(quotas, "q")) as KubeObject & { status?: { used?: object } };
      expect(known.status?.used).toEqual({ "count/pods": String(length) });
    }, soon);
    await make("d", 1);
    await vi.waitFor(async () => {
      expect((await get("d")).status.conditions).toEqual([
        expect.objectContaining({
          ...{ type: "ReplicaFailure", status: "True", reason: "FailedCreate" },
          message: expect.stringMatching(
            /^pods "d-.{5}" is forbidden: exceeded quota: q, requested: count\/pods=1/,
          ),
        }),
      ]);
    }, soon);
    await cluster.client.patch(quotas, "q", { spec: { hard: { "count/pods": "100" } } }, { type: "merge" });
    await vi.waitFor(async () => {
      const { replicas, conditions } = (await get("d")).status;
      expect({ replicas, conditions }).toEqual({ replicas: 1 });
    }, soon);
  });
});
