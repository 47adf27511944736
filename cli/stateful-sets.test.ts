import { expect, test, vi } from "vitest";
import type { KubeObject, OwnerReference } from "../api/object.ts";
import { clusterWithPods, podsInDefault, readyStatus } from "./workloads.suite.ts";

const inDefault = { version: "v1", namespace: "default" } as const;
const statefulSets = { ...inDefault, group: "apps", resource: "statefulsets" };
const revisions = { ...inDefault, group: "apps", resource: "controllerrevisions" };
const pods = podsInDefault;
const claims = { ...inDefault, group: "", resource: "persistentvolumeclaims" };
const events = { ...inDefault, group: "", resource: "events" };
const soon = { timeout: 10_000, interval: 5 };

interface Pod extends KubeObject {
  spec: { hostname?: string; subdomain?: string; volumes?: object[]; containers: { image: string }[] };
  status: { phase?: string };
}
interface StatefulSet extends KubeObject {
  spec: { replicas: number };
  status: Record<string, unknown>;
}

/** What has happened to pods, in order. */
const history: string[] = [];
/** Pods become ready, unless their image does not work. */
const cluster = clusterWithPods({
  see(type, { metadata: { name }, spec }) {
    const { image } = spec.containers[0]!;
    if (type !== "MODIFIED") history.push(`${type} ${name} ${image}`);
    if (type !== "ADDED" || image === "broken") return undefined;
    history.push(`READY ${name}`);
    return readyStatus();
  },
});

const template = (name: string, image = "i:1") => ({
  metadata: { labels: { app: name } },
  spec: { containers: [{ name: "c", image }] },
});
const make = (name: string, spec: object) =>
  cluster.client.create(statefulSets, {
    ...{ kind: "StatefulSet", apiVersion: "apps/v1", metadata: { name } },
    spec: { serviceName: "svc", selector: { matchLabels: { app: name } }, template: template(name), ...spec },
  } as KubeObject);
const change = (name: string, spec: object) =>
  cluster.client.patch(statefulSets, name, { spec }, { type: "merge" });
const get = async (name: string) => (await cluster.client.get(statefulSets, name)) as StatefulSet;
const podsOf = async (name: string) =>
  (await cluster.client.list(pods, { labelSelector: `app=${name}` })).items as Pod[];
const imagesOf = async (name: string) =>
  (await podsOf(name)).map(({ metadata, spec }) => `${metadata.name} ${spec.containers[0]!.image}`);
const isReady = (name: string, replicas: number) =>
  vi.waitFor(async () => {
    const { metadata, status } = await get(name);
    expect(status).toMatchObject({
      ...{ observedGeneration: metadata.generation, replicas, readyReplicas: replicas },
      ...{ availableReplicas: replicas },
    });
  }, soon);
const since = async (act: () => Promise<unknown>) => {
  const start = history.length;
  await act();
  return history.slice(start);
};

test("pods come one after the other, with names, numbers and claims of their own", async () => {
  const happened = await since(async () => {
    await make("a", {
      replicas: 2,
      volumeClaimTemplates: [
        {
          metadata: { name: "data", labels: { from: "template" } },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      ],
    });
    await isReady("a", 2);
  });
  expect(happened).toEqual(["ADDED a-0 i:1", "READY a-0", "ADDED a-1 i:1", "READY a-1"]);
  const { status } = await get("a");
  expect(status).toMatchObject({ currentReplicas: 2, updatedReplicas: 2, collisionCount: 0 });
  expect(status.currentRevision).toBe(status.updateRevision);
  const [first] = await podsOf("a");
  expect(first!.metadata).toMatchObject({
    generateName: "a-",
    labels: {
      ...{ app: "a", "apps.kubernetes.io/pod-index": "0", "statefulset.kubernetes.io/pod-name": "a-0" },
      "controller-revision-hash": status.currentRevision,
    },
    ownerReferences: [{ kind: "StatefulSet", name: "a", controller: true }],
  });
  expect(first!.spec).toMatchObject({ hostname: "a-0", subdomain: "svc" });
  expect(first!.spec.volumes?.[0]).toEqual({
    name: "data",
    persistentVolumeClaim: { claimName: "data-a-0" },
  });
  const { items } = await cluster.client.list(claims);
  expect(items.map(({ metadata }) => [metadata.name, metadata.labels, metadata.ownerReferences])).toEqual([
    ["data-a-0", { from: "template", app: "a" }, undefined],
    ["data-a-1", { from: "template", app: "a" }, undefined],
  ]);
  await vi.waitFor(async () => {
    const said = (await cluster.client.list(events, { fieldSelector: "involvedObject.name=a" }))
      .items as unknown as { reason: string; message: string }[];
    expect(said.map(({ reason, message }) => `${reason}: ${message}`)).toEqual(
      expect.arrayContaining([
        "SuccessfulCreate: Create Claim data-a-0 Pod a-0 in StatefulSet a success",
        "SuccessfulCreate: Create Pod a-0 in StatefulSet a successful",
      ]),
    );
  }, soon);
});

test("a new template goes to the highest pod first, and revisions are kept", async () => {
  const happened = await since(async () => {
    await change("a", { template: template("a", "i:2") });
    await vi.waitFor(async () => {
      expect(await imagesOf("a")).toEqual(["a-0 i:2", "a-1 i:2"]);
      const { status } = await get("a");
      expect(status.currentRevision).toBe(status.updateRevision);
    }, soon);
  });
  expect(happened).toEqual([
    ...["DELETED a-1 i:1", "ADDED a-1 i:2", "READY a-1"],
    ...["DELETED a-0 i:1", "ADDED a-0 i:2", "READY a-0"],
  ]);
  const { items } = await cluster.client.list(revisions);
  const known = items as unknown as { metadata: KubeObject["metadata"]; revision: number; data: object }[];
  expect(known.map(({ revision }) => revision).sort()).toEqual([1, 2]);
  const { currentRevision } = (await get("a")).status;
  const latest = known.find(({ revision }) => revision === 2)!;
  expect(latest.metadata.name).toBe(currentRevision);
  expect(latest.metadata.labels?.["controller.kubernetes.io/hash"]).toBe(latest.metadata.name?.slice(2));
  expect(latest.data).toMatchObject({ spec: { template: { $patch: "replace" } } });
});

test("going back makes the old revision the newest", async () => {
  await change("a", { template: template("a", "i:1") });
  await vi.waitFor(async () => expect(await imagesOf("a")).toEqual(["a-0 i:1", "a-1 i:1"]), soon);
  const { items } = await cluster.client.list(revisions);
  expect((items as unknown as { revision: number }[]).map(({ revision }) => revision).sort()).toEqual([2, 3]);
});

test("pods below the partition stay as they are, even if they are made anew", async () => {
  await isReady("a", 2);
  await change("a", {
    template: template("a", "i:3"),
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } },
  });
  await vi.waitFor(async () => expect(await imagesOf("a")).toEqual(["a-0 i:1", "a-1 i:3"]), soon);
  await isReady("a", 2);
  await cluster.client.delete(pods, "a-0");
  await vi.waitFor(async () => expect(await imagesOf("a")).toEqual(["a-0 i:1", "a-1 i:3"]), soon);
  await vi.waitFor(
    async () => expect((await get("a")).status).toMatchObject({ currentReplicas: 1, updatedReplicas: 1 }),
    soon,
  );
});

test("scaling down takes the highest first, and one that does not work stops the next", async () => {
  await make("s", { replicas: 3 });
  await isReady("s", 3);
  const happened = await since(async () => {
    await change("s", { replicas: 1 });
    await isReady("s", 1);
  });
  expect(happened).toEqual(["DELETED s-2 i:1", "DELETED s-1 i:1"]);
  await change("s", { replicas: 3, template: template("s", "broken") });
  await vi.waitFor(async () => expect(await imagesOf("s")).toEqual(["s-0 i:1", "s-1 broken"]), soon);
});

test("with Parallel all come at once, from the first ordinal", async () => {
  const happened = await since(async () => {
    await make("p", {
      replicas: 3,
      podManagementPolicy: "Parallel",
      ordinals: { start: 5 },
      template: template("p", "broken"),
    });
    await vi.waitFor(async () => expect((await get("p")).status.replicas).toBe(3), soon);
  });
  expect(happened.sort()).toEqual(["ADDED p-5 broken", "ADDED p-6 broken", "ADDED p-7 broken"]);
});

test("OnDelete replaces only what somebody deletes", async () => {
  await make("o", { replicas: 2, updateStrategy: { type: "OnDelete" } });
  await isReady("o", 2);
  await change("o", { template: template("o", "i:2") });
  await vi.waitFor(async () => {
    const { status } = await get("o");
    expect(status.currentRevision).not.toBe(status.updateRevision);
  }, soon);
  await cluster.client.delete(pods, "o-0");
  await vi.waitFor(async () => expect(await imagesOf("o")).toEqual(["o-0 i:2", "o-1 i:1"]), soon);
});

test("claims go with what the policy says", async () => {
  const ownersOf = async (name: string) => {
    const owners: OwnerReference[] = (await cluster.client.get(claims, name)).metadata.ownerReferences ?? [];
    return owners.map(({ kind, name: owner, controller }) => `${kind} ${owner} ${controller}`);
  };
  await make("c", {
    replicas: 2,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" },
    volumeClaimTemplates: [
      {
        metadata: { name: "d" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    ],
  });
  await isReady("c", 2);
  await vi.waitFor(async () => expect(await ownersOf("d-c-1")).toEqual(["StatefulSet c true"]), soon);
  await change("c", { replicas: 1 });
  const isGone = (name: string) =>
    vi.waitFor(async () => {
      // Protected as long as a controller that is not there yet says so.
      const claim = await cluster.client.get(claims, name).catch(() => undefined);
      expect(claim === undefined || claim.metadata.deletionTimestamp !== undefined).toBe(true);
    }, soon);
  await isGone("d-c-1");
  expect(await ownersOf("d-c-0")).toEqual(["StatefulSet c true"]);
  await change("c", {
    persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
  });
  await vi.waitFor(async () => expect(await ownersOf("d-c-0")).toEqual([]), soon);
});
