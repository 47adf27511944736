import { expect, test, vi } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { clusterWithPods, podsInDefault, readyStatus } from "./workloads.suite.ts";

const inDefault = { version: "v1", namespace: "default" } as const;
const deployments = { ...inDefault, group: "apps", resource: "deployments" };
const replicaSets = { ...inDefault, group: "apps", resource: "replicasets" };
const pods = podsInDefault;
const events = { ...inDefault, group: "", resource: "events" };
const soon = { timeout: 10_000, interval: 5 };
const revision = "deployment.kubernetes.io/revision";

interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
}
interface Deployment extends KubeObject {
  spec: { replicas: number };
  status: Record<string, number> & { conditions: Condition[] };
}
interface ReplicaSet extends KubeObject {
  spec: {
    replicas: number;
    selector: { matchLabels: object };
    template: { spec: { containers: { image: string }[] } };
  };
}
interface Pod extends KubeObject {
  spec: { containers: { image: string }[] };
  status: object;
}

/** Every pod is ready as soon as it is there, unless its image does not work. */
const cluster = clusterWithPods({
  see: (type, pod) =>
    type === "ADDED" && !pod.spec.containers[0]!.image.includes("broken") ? readyStatus() : undefined,
});

const make = (name: string, spec: object, metadata: object = {}) =>
  cluster.client.create(deployments, {
    ...{ kind: "Deployment", apiVersion: "apps/v1", metadata: { name, ...metadata } },
    spec: {
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: "c", image: "i:1" }] } },
      ...spec,
    },
  } as KubeObject);
const change = (name: string, patch: object) =>
  cluster.client.patch(deployments, name, patch, { type: "strategic" });
const setImage = (name: string, image: string) =>
  change(name, { spec: { template: { spec: { containers: [{ name: "c", image }] } } } });
const get = async (name: string) => (await cluster.client.get(deployments, name)) as Deployment;
const setsOf = async (name: string) => {
  const { items } = await cluster.client.list(replicaSets, { labelSelector: `app=${name}` });
  return (items as ReplicaSet[]).toSorted((a, b) => revisionOf(a) - revisionOf(b));
};
const revisionOf = ({ metadata }: KubeObject) => Number(metadata.annotations?.[revision]);
const imageOf = ({ spec }: ReplicaSet) => spec.template.spec.containers[0]!.image;
const said = async (name: string) => {
  const { items } = await cluster.client.list(events, { fieldSelector: `involvedObject.name=${name}` });
  return (items as unknown as { reason: string; message: string }[]).map(
    ({ reason, message }) => `${reason}: ${message}`,
  );
};
const conditionOf = async (name: string, type: string) =>
  (await get(name)).status.conditions?.find((one) => one.type === type);
const isDone = (name: string, replicas: number) =>
  vi.waitFor(async () => {
    const { metadata, status } = await get(name);
    expect(status).toMatchObject({
      ...{ observedGeneration: metadata.generation, replicas, updatedReplicas: replicas },
      ...{ readyReplicas: replicas, availableReplicas: replicas },
    });
    expect(status.unavailableReplicas).toBeUndefined();
    const progressing = await conditionOf(name, "Progressing");
    expect(progressing).toMatchObject({ status: "True", reason: "NewReplicaSetAvailable" });
  }, soon);

test("a Deployment gets a ReplicaSet with its annotations, and is done when all pods are ready", async () => {
  await make("a", { replicas: 3 }, { annotations: { "kubernetes.io/change-cause": "first" } });
  await isDone("a", 3);
  const { metadata, status } = await get("a");
  expect(metadata.annotations?.[revision]).toBe("1");
  expect(status.conditions).toEqual([
    expect.objectContaining({ type: "Available", status: "True", reason: "MinimumReplicasAvailable" }),
    expect.objectContaining({
      type: "Progressing",
      message: expect.stringMatching(/^ReplicaSet "a-.+" has successfully progressed\.$/),
    }),
  ]);
  const sets = await setsOf("a");
  expect(sets).toHaveLength(1);
  const hash = sets[0]!.metadata.labels?.["pod-template-hash"];
  expect(sets[0]!.metadata).toMatchObject({
    name: `a-${hash}`,
    annotations: {
      ...{ [revision]: "1", "kubernetes.io/change-cause": "first" },
      "deployment.kubernetes.io/desired-replicas": "3",
      "deployment.kubernetes.io/max-replicas": "4",
    },
    ownerReferences: [{ kind: "Deployment", name: "a", controller: true }],
  });
  expect(sets[0]!.spec.selector).toEqual({ matchLabels: { app: "a", "pod-template-hash": hash } });
  await vi.waitFor(async () => {
    expect(await said("a")).toEqual([`ScalingReplicaSet: Scaled up replica set a-${hash} from 0 to 3`]);
  }, soon);
});

test("a new template replaces pods step by step, within both limits", async () => {
  const sizes: number[][] = [];
  const watching = new AbortController();
  const watch = (async () => {
    const known = new Map<string, number>();
    for await (const { object } of cluster.client.watch(replicaSets, { signal: watching.signal })) {
      if (object.metadata.labels?.app !== "a") continue;
      known.set(object.metadata.name!, (object as ReplicaSet).spec.replicas);
      sizes.push([...known.values()]);
    }
  })();
  await setImage("a", "i:2");
  await isDone("a", 3);
  watching.abort();
  await watch;
  const totals = sizes.filter(({ length }) => length === 2).map(([old = 0, fresh = 0]) => old + fresh);
  expect(Math.max(...totals)).toBe(4);
  expect(Math.min(...totals)).toBe(3);
  const sets = await setsOf("a");
  expect(sets.map((set) => [imageOf(set), set.spec.replicas])).toEqual([
    ["i:1", 0],
    ["i:2", 3],
  ]);
  expect((await get("a")).metadata.annotations?.[revision]).toBe("2");
});

test("going back uses the old ReplicaSet again and remembers its revisions", async () => {
  await setImage("a", "i:1");
  await isDone("a", 3);
  await vi.waitFor(async () => expect((await get("a")).metadata.annotations?.[revision]).toBe("3"), soon);
  const sets = await setsOf("a");
  expect(sets.map(imageOf)).toEqual(["i:2", "i:1"]);
  expect(sets[1]!.metadata.annotations?.["deployment.kubernetes.io/revision-history"]).toBe("1");
});

test("scaling does not make a new revision", async () => {
  await change("a", { spec: { replicas: 5 } });
  await isDone("a", 5);
  const annotations = (await setsOf("a"))[1]!.metadata.annotations;
  expect(annotations).toMatchObject({
    [revision]: "3",
    "deployment.kubernetes.io/desired-replicas": "5",
    "deployment.kubernetes.io/max-replicas": "7",
  });
  await change("a", { spec: { replicas: 1 } });
  await isDone("a", 1);
});

test("while a Deployment is paused, a new template waits", async () => {
  await make("p", { replicas: 2 });
  await isDone("p", 2);
  await change("p", { spec: { paused: true } });
  const paused = { status: "Unknown", reason: "DeploymentPaused", message: "Deployment is paused" };
  await vi.waitFor(async () => expect(await conditionOf("p", "Progressing")).toMatchObject(paused), soon);
  await setImage("p", "i:2");
  await change("p", { spec: { replicas: 3 } });
  await vi.waitFor(async () => expect((await get("p")).status.availableReplicas).toBe(3), soon);
  expect(await setsOf("p")).toHaveLength(1);
  await change("p", { spec: { paused: false } });
  await isDone("p", 3);
  expect((await setsOf("p")).map(imageOf)).toEqual(["i:1", "i:2"]);
});

test("what does not come up stops the update, and scaling then grows both in proportion", async () => {
  await make("s", { replicas: 10 });
  await isDone("s", 10);
  await setImage("s", "broken");
  // 25 % of 10: three more may be there, two fewer may work.
  const sizes = async () => (await setsOf("s")).map(({ spec }) => spec.replicas);
  await vi.waitFor(async () => expect(await sizes()).toEqual([8, 5]), soon);
  await change("s", { spec: { replicas: 30 } });
  await vi.waitFor(async () => expect(await sizes()).toEqual([23, 15]), soon);
  await setImage("s", "i:3");
  await isDone("s", 30);
});

test("an update that makes no progress in time has failed, and says so", async () => {
  await make("t", { replicas: 1, progressDeadlineSeconds: 2, minReadySeconds: 0 });
  await isDone("t", 1);
  await setImage("t", "broken");
  await vi.waitFor(async () => {
    expect(await conditionOf("t", "Progressing")).toMatchObject({
      ...{ status: "False", reason: "ProgressDeadlineExceeded" },
      message: expect.stringMatching(/^ReplicaSet "t-.+" has timed out progressing\.$/),
    });
  }, soon);
});

test("Recreate lets all old pods go before new ones come", async () => {
  await make("r", { replicas: 2, strategy: { type: "Recreate" } });
  await isDone("r", 2);
  const images = new Set<string>();
  const watching = new AbortController();
  const watch = (async () => {
    const { metadata, items } = await cluster.client.list(pods, { labelSelector: "app=r" });
    const known = new Map((items as Pod[]).map((pod) => [pod.metadata.name, pod.spec.containers[0]!.image]));
    const options = { ...metadata, labelSelector: "app=r", signal: watching.signal };
    for await (const { type, object } of cluster.client.watch(pods, options)) {
      if (type === "DELETED") known.delete(object.metadata.name);
      else known.set(object.metadata.name, (object as Pod).spec.containers[0]!.image);
      images.add([...new Set(known.values())].sort().join());
    }
  })();
  await setImage("r", "i:2");
  await isDone("r", 2);
  watching.abort();
  await watch;
  expect(images).not.toContain("i:1,i:2");
  expect(images).toContain("i:2");
});

test("as many old ReplicaSets are kept as the history limit says", async () => {
  await make("h", { replicas: 1, revisionHistoryLimit: 1 });
  for (const image of ["i:2", "i:3", "i:4"]) {
    await isDone("h", 1);
    await setImage("h", image);
  }
  await isDone("h", 1);
  await vi.waitFor(async () => expect((await setsOf("h")).map(imageOf)).toEqual(["i:3", "i:4"]), soon);
});

test("the annotation of older versions rolls back", async () => {
  const annotations = { "deprecated.deployment.rollback.to": "3" };
  await change("h", { metadata: { annotations } });
  await vi.waitFor(async () => {
    expect(await said("h")).toContain('DeploymentRollback: Rolled back deployment "h" to revision 3');
  }, soon);
  await isDone("h", 1);
  expect((await setsOf("h")).map(imageOf)).toEqual(["i:4", "i:3"]);
  await change("h", { metadata: { annotations: { "deprecated.deployment.rollback.to": "77" } } });
  await vi.waitFor(async () => {
    expect(await said("h")).toContain(
      "DeploymentRollbackRevisionNotFound: Unable to find the revision to rollback to.",
    );
    expect((await get("h")).metadata.annotations).not.toHaveProperty(["deprecated.deployment.rollback.to"]);
  }, soon);
});

test("deleting takes ReplicaSets and pods along", async () => {
  await cluster.client.delete(deployments, "h");
  await vi.waitFor(async () => {
    expect(await setsOf("h")).toEqual([]);
    expect((await cluster.client.list(pods, { labelSelector: "app=h" })).items).toEqual([]);
  }, soon);
});
