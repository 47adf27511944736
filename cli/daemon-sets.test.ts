import { beforeAll, expect, test, vi } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { clusterWithPods, podsInDefault, readyStatus } from "./workloads.suite.ts";

const inDefault = { version: "v1", namespace: "default" } as const;
const daemonSets = { ...inDefault, group: "apps", resource: "daemonsets" };
const revisions = { ...inDefault, group: "apps", resource: "controllerrevisions" };
const pods = podsInDefault;
const events = { ...inDefault, group: "", resource: "events" };
const nodes = { group: "", version: "v1", resource: "nodes" };
const soon = { timeout: 10_000, interval: 5 };

interface Pod extends KubeObject {
  spec: {
    nodeName?: string;
    tolerations: { key: string }[];
    containers: { image: string }[];
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: unknown } };
    };
  };
  status: object;
}
interface DaemonSet extends KubeObject {
  status: Record<string, number>;
}

/** Pods go to the node that they are meant for, are ready unless their image does not work, and leave when told. */
const cluster = clusterWithPods({
  async see(type, pod, client) {
    const { name = "", deletionTimestamp } = pod.metadata;
    if (type === "MODIFIED" && deletionTimestamp !== undefined)
      await client.delete(pods, name, { gracePeriodSeconds: 0 }).catch(() => undefined);
    if (type !== "ADDED") return undefined;
    const { requiredDuringSchedulingIgnoredDuringExecution: required } = (pod as Pod).spec.affinity
      .nodeAffinity;
    const [{ matchFields }] = required.nodeSelectorTerms as [{ matchFields: [{ values: [string] }] }];
    const target = { kind: "Node", name: matchFields[0].values[0] };
    const binding = { kind: "Binding", apiVersion: "v1", metadata: { name }, target };
    await client.create(pods, binding as KubeObject, { name, subresource: "binding" });
    const { image } = pod.spec.containers[0]!;
    if (image === "broken") return undefined;
    return image === "fails" ? { phase: "Failed" } : readyStatus();
  },
});

beforeAll(async () => {
  for (const name of ["n1", "n2", "n3"]) {
    const labels = { pool: name === "n3" ? "b" : "a" };
    await cluster.client.create(nodes, { kind: "Node", apiVersion: "v1", metadata: { name, labels } });
    // A new node is not ready as long as nobody says so.
    await taint(name);
  }
});

const taint = (name: string, ...taints: object[]) =>
  cluster.client.patch(nodes, name, { spec: { taints } }, { type: "merge" });

const template = (name: string, image = "i:1") => ({
  metadata: { labels: { app: name } },
  spec: { containers: [{ name: "c", image }] },
});
const make = (name: string, spec: object = {}) =>
  cluster.client.create(daemonSets, {
    ...{ kind: "DaemonSet", apiVersion: "apps/v1", metadata: { name } },
    spec: { selector: { matchLabels: { app: name } }, template: template(name), ...spec },
  } as KubeObject);
const change = (name: string, spec: object) =>
  cluster.client.patch(daemonSets, name, { spec }, { type: "merge" });
const statusOf = async (name: string) => ((await cluster.client.get(daemonSets, name)) as DaemonSet).status;
const podsOf = async (name: string) =>
  ((await cluster.client.list(pods, { labelSelector: `app=${name}` })).items as Pod[]).filter(
    ({ metadata }) => !metadata.deletionTimestamp,
  );
const places = async (name: string) =>
  (await podsOf(name)).map(({ spec }) => `${spec.nodeName} ${spec.containers[0]!.image}`).sort();
const isPlaced = (name: string, ...expected: string[]) =>
  vi.waitFor(async () => expect(await places(name)).toEqual(expected), soon);

test("each node gets a pod that is meant for it, and tolerates its troubles", async () => {
  await make("a");
  await isPlaced("a", "n1 i:1", "n2 i:1", "n3 i:1");
  await vi.waitFor(async () => {
    expect(await statusOf("a")).toMatchObject({
      ...{ desiredNumberScheduled: 3, currentNumberScheduled: 3, numberReady: 3, numberAvailable: 3 },
      ...{ updatedNumberScheduled: 3, numberMisscheduled: 0, observedGeneration: 1 },
    });
  }, soon);
  const [pod] = await podsOf("a");
  expect(pod!.metadata.ownerReferences).toMatchObject([{ kind: "DaemonSet", name: "a", controller: true }]);
  const { items } = await cluster.client.list(revisions, { labelSelector: "app=a" });
  expect(items).toMatchObject([{ revision: 1, data: { spec: { template: { $patch: "replace" } } } }]);
  expect(items[0]!.metadata.name).toBe(`a-${pod!.metadata.labels?.["controller-revision-hash"]}`);
  expect(pod!.metadata.labels?.["pod-template-generation"]).toBe("1");
  expect(pod!.spec.tolerations.map(({ key }) => key)).toEqual([
    ...["not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"].map(
      (key) => `node.kubernetes.io/${key}`,
    ),
  ]);
});

test("taints keep pods away, and some drive them out", async () => {
  await taint("n1", { key: "k", value: "v", effect: "NoSchedule" });
  await make("t");
  await isPlaced("t", "n2 i:1", "n3 i:1");
  await taint("n1");
  await isPlaced("t", "n1 i:1", "n2 i:1", "n3 i:1");
  await taint("n2", { key: "k", value: "v", effect: "NoExecute" });
  await isPlaced("t", "n1 i:1", "n3 i:1");
  await taint("n2");
  await isPlaced("t", "n1 i:1", "n2 i:1", "n3 i:1");
});

test("labels of nodes decide where pods are wanted", async () => {
  const chosen = template("l");
  await make("l", { template: { ...chosen, spec: { ...chosen.spec, nodeSelector: { pool: "b" } } } });
  await isPlaced("l", "n3 i:1");
  await cluster.client.patch(nodes, "n1", { metadata: { labels: { pool: "b" } } }, { type: "merge" });
  await isPlaced("l", "n1 i:1", "n3 i:1");
  await cluster.client.patch(nodes, "n1", { metadata: { labels: { pool: "a" } } }, { type: "merge" });
  await isPlaced("l", "n3 i:1");
});

test("a new template goes to one node after the other, and stops where it does not work", async () => {
  await change("a", { template: template("a", "i:2") });
  await isPlaced("a", "n1 i:2", "n2 i:2", "n3 i:2");
  await vi.waitFor(async () => expect((await statusOf("a")).numberAvailable).toBe(3), soon);
  await change("a", { template: template("a", "broken") });
  await vi.waitFor(async () => {
    const images = (await places("a")).map((place) => place.slice(3));
    expect(images.sort()).toEqual(["broken", "i:2", "i:2"]);
  }, soon);
  await change("a", { template: template("a", "i:1") });
  await isPlaced("a", "n1 i:1", "n2 i:1", "n3 i:1");
  const { items } = await cluster.client.list(revisions, { labelSelector: "app=a" });
  expect((items as unknown as { revision: number }[]).map(({ revision }) => revision).sort()).toEqual([
    2, 3, 4,
  ]);
});

test("with surge the new pod comes before the old one goes", async () => {
  await make("s", { updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
  await isPlaced("s", "n1 i:1", "n2 i:1", "n3 i:1");
  await vi.waitFor(async () => expect((await statusOf("s")).numberAvailable).toBe(3), soon);
  await change("s", { template: template("s", "broken") });
  await vi.waitFor(async () => expect(await podsOf("s")).toHaveLength(4), soon);
  expect((await places("s")).filter((place) => place.endsWith("i:1"))).toHaveLength(3);
  await change("s", { template: template("s", "i:3") });
  await isPlaced("s", "n1 i:3", "n2 i:3", "n3 i:3");
});

test("OnDelete replaces what somebody deletes", async () => {
  await make("o", { updateStrategy: { type: "OnDelete" } });
  await isPlaced("o", "n1 i:1", "n2 i:1", "n3 i:1");
  await change("o", { template: template("o", "i:2") });
  await vi.waitFor(async () => expect((await statusOf("o")).updatedNumberScheduled ?? 0).toBe(0), soon);
  const onFirst = (await podsOf("o")).find(({ spec }) => spec.nodeName === "n1");
  await cluster.client.delete(pods, onFirst!.metadata.name!, { gracePeriodSeconds: 0 });
  await isPlaced("o", "n1 i:2", "n2 i:1", "n3 i:1");
});

test("failed pods are replaced, later each time", async () => {
  const chosen = template("f", "fails");
  await make("f", { template: { ...chosen, spec: { ...chosen.spec, nodeSelector: { pool: "b" } } } });
  await vi.waitFor(async () => {
    const { items } = await cluster.client.list(events, { fieldSelector: "involvedObject.name=f" });
    const said = (items as unknown as { reason: string; message: string }[]).filter(
      ({ reason }) => reason === "FailedDaemonPod",
    );
    expect(said.length).toBeGreaterThan(1);
    expect(said[0]!.message).toMatch(
      /^Found failed daemon pod default\/f-.{5} on node n3, will try to kill it$/,
    );
  }, soon);
});
