import assert from "node:assert/strict";
import { workloadsIn } from "../outcome.ts";
import { type Any, core, eventually, inGroup, newNamespace, type Scenario, type World } from "../world.ts";

/** Says of pods what a kubelet would, from time to time until it is stopped. */
function startKubelet({ client }: World, namespace: string, statusOf: (pod: Any) => Any | undefined) {
  let isStopped = false;
  const run = async (): Promise<void> => {
    while (!isStopped) {
      const { items } = await client.list(core("pods", namespace));
      for (const pod of items as Any[]) {
        const { name, deletionTimestamp } = pod.metadata;
        await bind(client, pod);
        if (deletionTimestamp)
          await client.delete(core("pods", namespace), name, { gracePeriodSeconds: 0 }).catch(() => {});
        const status = deletionTimestamp || pod.status.phase !== "Pending" ? undefined : statusOf(pod);
        const patch = { status };
        if (status)
          await client
            .patch(core("pods", namespace), name, patch, { type: "strategic", subresource: "status" })
            .catch(() => {});
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const done = run();
  return async () => {
    isStopped = true;
    await done;
  };
}

/** Puts a pod of a DaemonSet where it belongs, as the scheduler would. */
async function bind(client: World["client"], { metadata, spec }: Any): Promise<void> {
  const { name, namespace } = metadata;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const node = required?.nodeSelectorTerms[0].matchFields?.[0].values[0];
  if (node === undefined || spec.nodeName) return;
  const binding = {
    kind: "Binding",
    apiVersion: "v1",
    metadata: { name },
    target: { kind: "Node", name: node },
  };
  await client
    .create(core("pods", namespace), binding as Any, { name, subresource: "binding" })
    .catch(() => {});
}

const ready = () => ({
  phase: "Running",
  conditions: [
    { type: "Ready", status: "True", lastTransitionTime: `${new Date().toISOString().slice(0, 19)}Z` },
  ],
});
const readyUnlessBroken = (pod: Any) => (pod.spec.containers[0].image === "broken" ? undefined : ready());

/** Ends a pod as its image says: exit-0, exit-3. */
const ended = (pod: Any) => {
  const exitCode = Number(/^exit-(\d+)$/.exec(pod.spec.containers[0].image)?.[1] ?? -1);
  if (exitCode < 0) return undefined;
  const finishedAt = `${new Date().toISOString().slice(0, 19)}Z`;
  const state = { terminated: { exitCode, startedAt: finishedAt, finishedAt } };
  const container = { name: "c", image: "i", imageID: "", ready: false, restartCount: 0, state };
  return { phase: exitCode === 0 ? "Succeeded" : "Failed", containerStatuses: [container] };
};

const template = (app: string, image = "i:1", more: object = {}) => ({
  metadata: { labels: { app }, annotations: { from: "template" } },
  spec: { containers: [{ name: "c", image }], ...more },
});
const selecting = (app: string) => ({ selector: { matchLabels: { app } } });

/** A namespace whose pods can be created, with a kubelet, until play has ended; what is left there then. */
async function inNamespace(
  world: World,
  namespace: string,
  statusOf: (pod: Any) => Any | undefined,
  play: () => Promise<void>,
): Promise<Any> {
  await newNamespace(world, namespace);
  await eventually(() => world.client.get(core("serviceaccounts", namespace), "default"));
  const stop = startKubelet(world, namespace, statusOf);
  try {
    await play();
    return await settled(world, namespace);
  } finally {
    await stop();
  }
}

/** What there is when nothing has changed for a while. */
async function settled(world: World, namespace: string): Promise<Any> {
  let last = "";
  for (;;) {
    const outcome = await workloadsIn(world, namespace);
    if (JSON.stringify(outcome) === last) return outcome;
    last = JSON.stringify(outcome);
    await new Promise((resolve) => setTimeout(resolve, 3000));
  }
}

const apps = (resource: string, namespace: string) => inGroup("apps", resource, namespace);
const batch = (resource: string, namespace: string) => inGroup("batch", resource, namespace);

export const workloadScenarios: readonly Scenario[] = [
  {
    name: "a Deployment rolls out, is scaled, rolled back and paused",
    play: (world) =>
      inNamespace(world, "rolling", readyUnlessBroken, async () => {
        const { client } = world;
        const place = apps("deployments", "rolling");
        const change = (spec: object) => client.patch(place, "d", { spec }, { type: "merge" });
        const isDone = (replicas: number) =>
          eventually(async () => {
            const { metadata, status } = (await client.get(place, "d")) as Any;
            assert.equal(status.observedGeneration, metadata.generation);
            assert.deepEqual(
              [status.updatedReplicas, status.availableReplicas, status.replicas],
              [replicas, replicas, replicas],
            );
          });
        await client.create(place, {
          ...{
            kind: "Deployment",
            apiVersion: "apps/v1",
            metadata: { name: "d", annotations: { own: "yes" } },
          },
          spec: { replicas: 3, ...selecting("d"), template: template("d") },
        } as Any);
        await isDone(3);
        await change({ template: template("d", "i:2") });
        await isDone(3);
        await change({ replicas: 5 });
        await isDone(5);
        await change({ template: template("d", "i:1") });
        await isDone(5);
        await change({ paused: true });
        await eventually(async () => {
          const { status } = (await client.get(place, "d")) as Any;
          assert(status.conditions.some(({ reason }: Any) => reason === "DeploymentPaused"));
        });
        await change({ paused: false });
      }),
  },
  {
    name: "a Deployment whose new pods do not work stops, and says so",
    play: (world) =>
      inNamespace(world, "stuck", readyUnlessBroken, async () => {
        const { client } = world;
        const place = apps("deployments", "stuck");
        await client.create(place, {
          ...{ kind: "Deployment", apiVersion: "apps/v1", metadata: { name: "d" } },
          spec: { replicas: 4, progressDeadlineSeconds: 4, ...selecting("d"), template: template("d") },
        } as Any);
        await eventually(async () => {
          assert.equal(((await client.get(place, "d")) as Any).status.availableReplicas, 4);
        });
        await client.patch(place, "d", { spec: { template: template("d", "broken") } }, { type: "merge" });
        await eventually(async () => {
          const { status } = (await client.get(place, "d")) as Any;
          assert(status.conditions.some(({ reason }: Any) => reason === "ProgressDeadlineExceeded"));
        });
        await client.patch(place, "d", { spec: { replicas: 8 } }, { type: "merge" });
      }),
  },
  {
    name: "a Deployment that recreates its pods",
    play: (world) =>
      inNamespace(world, "recreating", readyUnlessBroken, async () => {
        const { client } = world;
        const place = apps("deployments", "recreating");
        await client.create(place, {
          ...{ kind: "Deployment", apiVersion: "apps/v1", metadata: { name: "d" } },
          spec: { replicas: 2, strategy: { type: "Recreate" }, ...selecting("d"), template: template("d") },
        } as Any);
        const isAvailable = () =>
          eventually(async () => {
            const { metadata, status } = (await client.get(place, "d")) as Any;
            assert.deepEqual(
              [status.observedGeneration, status.updatedReplicas, status.availableReplicas],
              [metadata.generation, 2, 2],
            );
          });
        await isAvailable();
        await client.patch(place, "d", { spec: { template: template("d", "i:2") } }, { type: "merge" });
        await isAvailable();
      }),
  },
  ...(["ReplicaSet", "ReplicationController"] as const).map((kind): Scenario => {
    const namespace = kind.toLowerCase();
    const isSet = kind === "ReplicaSet";
    const place = isSet ? apps("replicasets", namespace) : core("replicationcontrollers", namespace);
    return {
      name: `a ${kind} adopts, replaces and meets a quota`,
      play: (world) =>
        inNamespace(world, namespace, readyUnlessBroken, async () => {
          const { client } = world;
          const count = (replicas: number) =>
            eventually(async () => {
              assert.equal(((await client.get(place, "r")) as Any).status.readyReplicas ?? 0, replicas);
            });
          const orphan = { metadata: { name: "orphan", labels: { app: "r" } }, spec: template("r").spec };
          await client.create(core("pods", namespace), orphan as Any);
          await client.create(place, {
            ...{ kind, apiVersion: isSet ? "apps/v1" : "v1", metadata: { name: "r" } },
            spec: {
              replicas: 3,
              selector: isSet ? { matchLabels: { app: "r" } } : { app: "r" },
              template: template("r"),
            },
          } as Any);
          await count(3);
          await client.patch(
            core("pods", namespace),
            "orphan",
            { metadata: { labels: { app: "free" } } },
            { type: "merge" },
          );
          await eventually(async () => {
            const { items } = await client.list(core("pods", namespace));
            assert.equal(items.length, 4);
          });
          await count(3);
          await client.create(core("resourcequotas", namespace), {
            ...{ kind: "ResourceQuota", apiVersion: "v1", metadata: { name: "q" } },
            spec: { hard: { "count/pods": "4" } },
          } as Any);
          await eventually(async () => {
            const { status } = (await client.get(core("resourcequotas", namespace), "q")) as Any;
            assert.equal(status.used?.["count/pods"], "4");
          });
          await client.patch(place, "r", { spec: { replicas: 5 } }, { type: "merge" });
          await eventually(async () => {
            const { status } = (await client.get(place, "r")) as Any;
            assert.equal(status.conditions?.[0]?.reason, "FailedCreate");
          });
          await client.patch(place, "r", { spec: { replicas: 1 } }, { type: "merge" });
          await count(1);
        }),
    };
  }),
  {
    name: "a StatefulSet with claims is updated and scaled",
    play: (world) =>
      inNamespace(world, "stateful", readyUnlessBroken, async () => {
        const { client } = world;
        const place = apps("statefulsets", "stateful");
        const change = (spec: object) => client.patch(place, "s", { spec }, { type: "merge" });
        const isReady = (replicas: number) =>
          eventually(async () => {
            const { metadata, status } = (await client.get(place, "s")) as Any;
            assert.deepEqual(
              [status.observedGeneration, status.readyReplicas, status.updatedReplicas],
              [metadata.generation, replicas, replicas],
            );
          });
        await client.create(place, {
          ...{
            kind: "StatefulSet",
            apiVersion: "apps/v1",
            metadata: { name: "s", annotations: { own: "yes" } },
          },
          spec: {
            ...{ replicas: 3, serviceName: "svc", ...selecting("s"), template: template("s") },
            persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Retain" },
            volumeClaimTemplates: [
              {
                metadata: { name: "data" },
                spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
              },
            ],
          },
        } as Any);
        await isReady(3);
        await change({ template: template("s", "i:2") });
        await isReady(3);
        await change({ replicas: 1 });
        await isReady(1);
        await change({ template: template("s", "i:1") });
        await isReady(1);
        // The name of a revision is a hash of its patch, the same everywhere.
        const { status } = (await client.get(place, "s")) as Any;
        assert.equal(status.currentRevision, status.updateRevision);
      }),
  },
  {
    name: "a DaemonSet follows nodes, and is updated",
    play: (world) =>
      inNamespace(world, "daemons", readyUnlessBroken, async () => {
        const { client } = world;
        const place = apps("daemonsets", "daemons");
        const taint = (name: string, ...taints: object[]) =>
          client.patch(core("nodes"), name, { spec: { taints } }, { type: "merge" });
        for (const name of ["w1", "w2"]) {
          const metadata = { name, labels: { daemons: "yes" } };
          await client.create(core("nodes"), { kind: "Node", apiVersion: "v1", metadata });
          await taint(name);
        }
        const chosen = { nodeSelector: { daemons: "yes" } };
        const isReady = (count: number) =>
          eventually(async () => {
            const { metadata, status } = (await client.get(place, "d")) as Any;
            const { observedGeneration, numberAvailable = 0, updatedNumberScheduled = 0 } = status;
            assert.deepEqual(
              [observedGeneration, numberAvailable, updatedNumberScheduled],
              [metadata.generation, count, count],
            );
          });
        await client.create(place, {
          ...{ kind: "DaemonSet", apiVersion: "apps/v1", metadata: { name: "d" } },
          spec: { ...selecting("d"), template: template("d", "i:1", chosen) },
        } as Any);
        await isReady(2);
        await client.patch(
          place,
          "d",
          { spec: { template: template("d", "i:2", chosen) } },
          { type: "merge" },
        );
        await isReady(2);
        await taint("w1", { key: "k", value: "v", effect: "NoExecute" });
        await isReady(1);
      }),
  },
  {
    name: "Jobs succeed, fail, and go with indexes",
    play: (world) =>
      inNamespace(world, "jobs", ended, async () => {
        const { client } = world;
        const place = batch("jobs", "jobs");
        const make = (name: string, image: string, spec: object) =>
          client.create(place, {
            ...{ kind: "Job", apiVersion: "batch/v1", metadata: { name } },
            spec: { template: template(name, image, { restartPolicy: "Never" }), ...spec },
          } as Any);
        await make("good", "exit-0", { completions: 3, parallelism: 2 });
        await make("bad", "exit-3", { backoffLimit: 0 });
        await make("indexed", "exit-0", { completions: 2, parallelism: 2, completionMode: "Indexed" });
        await make("late", "never", { activeDeadlineSeconds: 2 });
        const onExitCodes = { operator: "In", values: [42] };
        await make("ruled", "exit-42", { podFailurePolicy: { rules: [{ action: "FailJob", onExitCodes }] } });
        await make("suspended", "exit-0", { suspend: true });
        await make("brief", "exit-0", { ttlSecondsAfterFinished: 1 });
        for (const name of ["good", "bad", "indexed", "late", "ruled"]) {
          await eventually(async () => {
            const { status } = (await client.get(place, name)) as Any;
            assert(status.conditions?.some(({ type }: Any) => type === "Complete" || type === "Failed"));
          });
        }
      }),
  },
];
