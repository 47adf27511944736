import assert from "node:assert/strict";
import {
  type Any,
  core,
  eventually,
  gone,
  inGroup,
  newNamespace,
  type Scenario,
  type World,
} from "../world.ts";

const labels = { app: "a" };
const pod = (image = "i", more: object = {}): Any => ({
  metadata: { labels },
  spec: { containers: [{ name: "c", image }], ...more },
});

/** A namespace in which pods can be made. */
async function podNamespace(world: World, name: string): Promise<void> {
  await newNamespace(world, name);
  await eventually(() => world.client.get(core("serviceaccounts", name), "default"));
}

const listed = async (
  { client }: World,
  namespace: string,
  resource = core("pods", namespace),
): Promise<Any[]> => (await client.list(resource)).items as Any[];

/** Until there are so many pods that are not being deleted. */
const podsOf = (world: World, namespace: string, count: number): Promise<Any[]> =>
  eventually(async () => {
    const pods = (await listed(world, namespace)).filter(({ metadata }) => !metadata.deletionTimestamp);
    assert.equal(pods.length, count);
    return pods;
  });

/** What a kubelet would say of a pod. */
async function say({ client }: World, { metadata }: Any, status: object): Promise<void> {
  const options = { type: "strategic", subresource: "status" } as const;
  await client.patch(core("pods", metadata.namespace), metadata.name, { status }, options);
}

const ready = (ip: string) => ({
  ...{ phase: "Running", podIP: ip, podIPs: [{ ip }] },
  conditions: [{ type: "Ready", status: "True" }],
});

export const workloadScenarios: readonly Scenario[] = [
  {
    name: "a deployment keeps its pods by a set, and replaces them by those of another",
    async play(world) {
      const { client } = world;
      await podNamespace(world, "deployments");
      const deployments = inGroup("apps", "deployments", "deployments");
      const sets = inGroup("apps", "replicasets", "deployments");
      const spec = { replicas: 2, selector: { matchLabels: labels }, template: pod() };
      await client.create(deployments, { metadata: { name: "d" }, spec } as Any);
      const first = await podsOf(world, "deployments", 2);
      const [set] = await listed(world, "deployments", sets);
      assert.equal(set.metadata.annotations["deployment.kubernetes.io/revision"], "1");
      assert.equal(set.metadata.name, `d-${set.metadata.labels["pod-template-hash"]}`);
      for (const one of first) {
        assert.deepEqual(
          [one.metadata.ownerReferences[0].uid, one.metadata.labels["pod-template-hash"]],
          [set.metadata.uid, set.metadata.labels["pod-template-hash"]],
        );
        await say(world, one, ready("10.1.0.1"));
      }
      const statusIs = (expected: object) =>
        eventually(async () => {
          const { status } = (await client.get(deployments, "d")) as Any;
          assert.deepEqual(
            { ...expected, ...status, conditions: undefined },
            { ...status, ...expected, conditions: undefined },
          );
        });
      await statusIs({
        observedGeneration: 1,
        replicas: 2,
        updatedReplicas: 2,
        readyReplicas: 2,
        availableReplicas: 2,
      });
      await client.patch(deployments, "d", { spec: { template: pod("j") } }, { type: "merge" });
      await eventually(async () => {
        for (const one of await listed(world, "deployments")) await say(world, one, ready("10.1.0.2"));
        const pods = await listed(world, "deployments");
        const old = pods.filter(
          ({ metadata }) => metadata.labels["pod-template-hash"] === set.metadata.labels["pod-template-hash"],
        );
        // Nobody ends pods that run on a node, and these are on none.
        assert.deepEqual([pods.length, old.length], [2, 0]);
      });
      await statusIs({ observedGeneration: 2, replicas: 2, updatedReplicas: 2 });
      const all = await listed(world, "deployments", sets);
      assert.deepEqual(
        all
          .map(({ metadata, spec: { replicas } }) => [
            metadata.annotations["deployment.kubernetes.io/revision"],
            replicas,
          ])
          .sort(),
        [
          ["1", 0],
          ["2", 2],
        ],
      );
      await client.delete(deployments, "d", { propagationPolicy: "Foreground" });
      await gone(client, deployments, "d");
      await podsOf(world, "deployments", 0);
    },
  },
  {
    name: "a stateful set makes its pods in order, each when the one before is ready",
    async play(world) {
      const { client } = world;
      await podNamespace(world, "stateful");
      const sets = inGroup("apps", "statefulsets", "stateful");
      const spec = { replicas: 2, serviceName: "s", selector: { matchLabels: labels }, template: pod() };
      await client.create(sets, { metadata: { name: "s" }, spec } as Any);
      const [first] = await podsOf(world, "stateful", 1);
      assert.equal(first.metadata.name, "s-0");
      assert.equal(first.metadata.labels["statefulset.kubernetes.io/pod-name"], "s-0");
      assert.equal(first.metadata.labels["apps.kubernetes.io/pod-index"], "0");
      await say(world, first, ready("10.1.1.1"));
      const pods = await podsOf(world, "stateful", 2);
      assert.deepEqual(pods.map(({ metadata }) => metadata.name).sort(), ["s-0", "s-1"]);
      await say(
        world,
        pods.find(({ metadata }) => metadata.name === "s-1"),
        ready("10.1.1.2"),
      );
      await client.patch(sets, "s", { spec: { replicas: 1 } }, { type: "merge" });
      await gone(client, core("pods", "stateful"), "s-1");
    },
  },
  {
    name: "a job is complete when enough of its pods have succeeded, and goes when its time is over",
    async play(world) {
      const { client } = world;
      await podNamespace(world, "jobs");
      const jobs = inGroup("batch", "jobs", "jobs");
      const template = { spec: pod("i", { restartPolicy: "Never" }).spec };
      const spec = { completions: 2, parallelism: 1, ttlSecondsAfterFinished: 1, template };
      await client.create(jobs, { metadata: { name: "j" }, spec } as Any);
      const succeed = async () => {
        await eventually(async () => {
          const open = (await listed(world, "jobs")).filter(({ status }) => status.phase !== "Succeeded");
          assert.equal(open.length, 1);
          await say(world, open[0], { phase: "Succeeded" });
        });
      };
      await succeed();
      await succeed();
      await eventually(async () => {
        const { status } = (await client.get(jobs, "j")) as Any;
        const types = status.conditions.map((one: Any) => `${one.type}=${one.status} ${one.reason}`);
        assert.deepEqual(types, [
          "SuccessCriteriaMet=True CompletionsReached",
          "Complete=True CompletionsReached",
        ]);
        assert.deepEqual([status.succeeded, status.ready], [2, 0]);
      });
      await gone(client, jobs, "j");
      await podsOf(world, "jobs", 0);
    },
  },
];
