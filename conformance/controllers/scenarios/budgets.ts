import assert from "node:assert/strict";
import {
  type Any,
  core,
  eventually,
  inGroup,
  newNamespace,
  ownedBy,
  type Scenario,
  type World,
} from "../world.ts";

async function prepared(world: World, namespace: string) {
  const { client } = world;
  await newNamespace(world, namespace);
  await eventually(() => client.get(core("serviceaccounts", namespace), "default"));
  const budgets = inGroup("policy", "poddisruptionbudgets", namespace);
  const container = { name: "c", image: "i" };
  return {
    async pod(name: string, app: string, metadata: object = {}): Promise<void> {
      const pods = core("pods", namespace);
      await client.create(pods, {
        metadata: { name, labels: { app }, ...metadata },
        spec: { nodeName: "nowhere", containers: [container] },
      } as Any);
      const conditions = [{ type: "Ready", status: "True" }];
      const status = { phase: "Running", conditions };
      await client.patch(pods, name, { status }, { type: "merge", subresource: "status" });
    },
    budget: (app: string, spec: object) =>
      client.create(budgets, {
        metadata: { name: app },
        spec: { selector: { matchLabels: { app } }, ...spec },
      } as Any),
    statusIs: (name: string, expected: object) =>
      eventually(async () => {
        const { status } = (await client.get(budgets, name)) as Any;
        const conditions = status.conditions.map(({ lastTransitionTime: _, ...condition }: Any) => condition);
        assert.deepEqual({ ...status, conditions }, expected);
      }),
    evict: (name: string) =>
      client.create(core("pods", namespace), { metadata: { name } }, { name, subresource: "eviction" }),
    eventIs: (name: string, expected: object) =>
      eventually(async () => {
        const { items } = await client.list(core("events", namespace), {
          fieldSelector: `involvedObject.name=${name}`,
        });
        const found = (items as Any[]).map(({ type, reason, message, source }) => ({
          type,
          reason,
          message,
          source: source.component,
        }));
        assert.deepEqual(
          found.find(({ reason }) => reason === (expected as Any).reason),
          expected,
        );
      }),
    workload: (kind: string, name: string, replicas: number, metadata: object = {}) => {
      const labels = { app: name };
      const template = { metadata: { labels }, spec: { containers: [container] } };
      return client.create(inGroup("apps", `${kind.toLowerCase()}s`, namespace), {
        ...{ kind, apiVersion: "apps/v1", metadata: { name, labels, ...metadata } },
        spec: { replicas, selector: { matchLabels: labels }, template },
      } as Any);
    },
  };
}

const allowed = {
  type: "DisruptionAllowed",
  status: "True",
  reason: "SufficientPods",
  message: "",
  observedGeneration: 1,
};
const refused = { ...allowed, status: "False", reason: "InsufficientPods" };
const source = "controllermanager";

export const budgetScenarios: readonly Scenario[] = [
  {
    name: "a budget of a number of pods allows those beyond it, and counts evictions",
    async play(world) {
      const { pod, budget, statusIs, evict, eventIs } = await prepared(world, "budgets");
      await budget("b", { minAvailable: 1 });
      const none = {
        currentHealthy: 0,
        desiredHealthy: 1,
        disruptionsAllowed: 0,
        expectedPods: 0,
        observedGeneration: 1,
      };
      await statusIs("b", { ...none, conditions: [refused] });
      await eventIs("b", { type: "Normal", reason: "NoPods", message: "No matching pods found", source });
      for (const name of ["p1", "p2"]) await pod(name, "b");
      const two = { ...none, currentHealthy: 2, expectedPods: 2, disruptionsAllowed: 1 };
      await statusIs("b", { ...two, conditions: [allowed] });
      await evict("p1");
      await statusIs("b", { ...two, currentHealthy: 1, disruptionsAllowed: 0, conditions: [refused] });
      await assert.rejects(evict("p2"), { code: 429 });
    },
  },
  {
    name: "a budget of a share counts what the controllers of the pods want",
    async play(world) {
      const { pod, budget, statusIs, workload } = await prepared(world, "shares");
      await budget("d", { maxUnavailable: "50%" });
      const deployment = await workload("Deployment", "d", 5);
      const set = await workload("ReplicaSet", "d", 9, ownedBy(deployment, { controller: true }));
      for (const name of ["d1", "d2", "d3"]) await pod(name, "d", ownedBy(set, { controller: true }));
      const counts = {
        currentHealthy: 3,
        desiredHealthy: 2,
        disruptionsAllowed: 1,
        expectedPods: 5,
        observedGeneration: 1,
      };
      await statusIs("d", { ...counts, conditions: [allowed] });
    },
  },
  {
    name: "a budget with a share of pods that nobody manages, or whose manager has no scale, allows none",
    async play(world) {
      const { client } = world;
      const { pod, budget, statusIs, eventIs } = await prepared(world, "unmanaged");
      const none = {
        currentHealthy: 1,
        desiredHealthy: 0,
        disruptionsAllowed: 0,
        expectedPods: 0,
        observedGeneration: 1,
      };
      await pod("p", "b");
      await budget("b", { maxUnavailable: 1 });
      await statusIs("b", { ...none, conditions: [refused] });
      const selector =
        "&LabelSelector{MatchLabels:map[string]string{app: b,},MatchExpressions:[]LabelSelectorRequirement{},}";
      const message = `Pods selected by this PodDisruptionBudget (selector: ${selector}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
      await eventIs("b", { type: "Warning", reason: "UnmanagedPods", message, source });

      const spec = {
        template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i" }] } },
      };
      const jobs = inGroup("batch", "jobs", "unmanaged");
      const job = await client.create(jobs, {
        kind: "Job",
        apiVersion: "batch/v1",
        metadata: { name: "j" },
        spec,
      } as Any);
      await pod("j", "j", ownedBy(job, { controller: true }));
      await budget("j", { maxUnavailable: 1 });
      const problem = "jobs.batch does not implement the scale subresource";
      const { observedGeneration: _, ...failed } = { ...refused, reason: "SyncFailed", message: problem };
      await statusIs("j", {
        ...{
          currentHealthy: 0,
          desiredHealthy: 0,
          disruptionsAllowed: 0,
          expectedPods: 0,
          conditions: [failed],
        },
      });
      const told = `Failed to calculate the number of expected pods: ${problem}`;
      await eventIs("j", {
        type: "Warning",
        reason: "CalculateExpectedPodCountFailed",
        message: told,
        source,
      });
    },
  },
];
