import { test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { deployment, named } from "../../objects.ts";

const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io";
const TIME = "2020-01-01T00:00:00Z";

const job = (name: string, metadata: JsonObject = {}) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name, ...metadata },
  spec: { template: { spec: { containers: [{ name: "c", image: "i" }], restartPolicy: "Never" } } },
});

export const cases = [
  test("workloads: deletion and what becomes of dependents", async (t) => {
    const options: Record<string, JsonObject | undefined> = {
      nothing: undefined,
      background: { propagationPolicy: "Background" },
      foreground: { propagationPolicy: "Foreground" },
      orphan: { propagationPolicy: "Orphan" },
      "orphan, the old way": { orphanDependents: true },
      "not orphan": { orphanDependents: false },
      both: { orphanDependents: true, propagationPolicy: "Orphan" },
      unknown: { propagationPolicy: "Never" },
      "a grace period": { gracePeriodSeconds: 30 },
      "a negative one": { gracePeriodSeconds: -1 },
    };
    const kinds: Record<string, (name: string) => JsonObject> = {
      "batch/v1/jobs": (name) => job(name),
      "apps/v1/deployments": (name) => deployment(name),
    };
    for (const [resource, build] of Object.entries(kinds)) {
      const all = t.path(resource);
      for (const [number, [remark, body]] of Object.entries(options).entries()) {
        await t.post(all, build(`a${number}`), { remark });
        await t.delete(`${all}/a${number}`, body, { remark });
        await t.get(`${all}/a${number}`, { remark });
        await t.delete(
          `${all}/a${number}`,
          { propagationPolicy: "Background" },
          { remark: `${remark}, again` },
        );
        await t.get(`${all}/a${number}`, { remark });
      }
      await t.get(all, { accept: TABLE });
      await t.delete(
        all,
        { propagationPolicy: "Foreground" },
        { query: { fieldSelector: "metadata.name=a0" } },
      );
      await t.delete(all, undefined, { query: { labelSelector: "!none", dryRun: "All" } });
      await t.delete(all, { propagationPolicy: "Background" }, { query: { gracePeriodSeconds: 0 } });
      await t.get(all);
    }
    const jobs = t.path("batch/v1/jobs");
    await t.post(jobs, job("held", { finalizers: ["example.com/f", "orphan", "foregroundDeletion"] }));
    await t.delete(`${jobs}/held`, { propagationPolicy: "Background" });
    const held = await t.get(`${jobs}/held`);
    await t.put(`${jobs}/held`, held.with({ "metadata.finalizers": ["example.com/f", "example.com/g"] }));
    await t.put(`${jobs}/held`, held.with({ "spec.suspend": true }));
    await t.put(
      `${jobs}/held`,
      held.with({ "metadata.resourceVersion": undefined, "metadata.finalizers": [] }),
    );
    await t.get(`${jobs}/held`);
  }),
  test("workloads: owners", async (t) => {
    const all = t.path("v1/configmaps");
    const owner = { apiVersion: "apps/v1", kind: "Deployment", name: "d", uid: "u" };
    const owners: Record<string, JsonObject[]> = {
      plain: [owner],
      controller: [{ ...owner, controller: true, blockOwnerDeletion: true }],
      "two controllers": [
        { ...owner, controller: true },
        { ...owner, uid: "v", controller: true },
      ],
      twice: [owner, owner],
      "twice, not alike": [owner, { ...owner, name: "e" }],
      "no version": [{ ...owner, apiVersion: "" }],
      "a bad version": [{ ...owner, apiVersion: "a/b/c" }],
      "no kind": [{ ...owner, kind: "" }],
      "no name": [{ ...owner, name: "" }],
      "no uid": [{ ...owner, uid: "" }],
      "an event": [{ ...owner, apiVersion: "v1", kind: "Event" }],
    };
    for (const [remark, ownerReferences] of Object.entries(owners)) {
      await t.post(all, named("v1", "ConfigMap", "a", { metadata: { name: "a", ownerReferences } }), {
        remark,
        query: { dryRun: "All" },
      });
    }
    const revisions = t.path("apps/v1/controllerrevisions");
    const revision = await t.post(
      revisions,
      named("apps/v1", "ControllerRevision", "r", {
        metadata: { name: "r", ownerReferences: [{ ...owner, controller: true }] },
        revision: 1,
        data: { a: { b: [1, 2.5, "x", null] } },
      }),
    );
    await t.put(`${revisions}/r`, revision.with({ "data.a": "changed" }));
    await t.put(`${revisions}/r`, revision.with({ data: undefined }));
    await t.put(`${revisions}/r`, revision.with({ revision: -1 }));
    await t.put(`${revisions}/r`, revision.with({ revision: 7 }));
    await t.get(revisions, { accept: TABLE });
  }),
  test("workloads: budgets", async (t) => {
    const all = t.path("policy/v1/poddisruptionbudgets");
    const budget = (name: string, spec: JsonObject) =>
      named("policy/v1", "PodDisruptionBudget", name, { spec });
    const selector = { matchLabels: { app: "a" } };
    const specs: Record<string, JsonObject> = {
      both: { minAvailable: 1, maxUnavailable: 1, selector },
      neither: { selector },
      percent: { minAvailable: "101%", selector },
      fraction: { minAvailable: "1.5%", selector },
      word: { maxUnavailable: "all", selector },
      negative: { maxUnavailable: -1, selector },
      policy: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "Never", selector },
      "every pod": { maxUnavailable: 1, selector: {} },
      "a label on both sides": {
        maxUnavailable: 1,
        selector: {
          matchExpressions: [
            { key: "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match", operator: "Exists" },
          ],
        },
      },
    };
    for (const [number, [remark, spec]] of Object.entries(specs).entries()) {
      await t.post(all, budget(`a${number}`, spec), { remark });
    }
    const created = await t.post(all, budget("b", { minAvailable: "50%", selector }));
    await t.put(`${all}/b`, created.with({ "spec.selector.matchLabels.app": "b" }));
    await t.put(`${all}/b`, created.with({ "metadata.resourceVersion": undefined, "spec.minAvailable": 3 }));
    await t.patch(`${all}/b/status`, {
      status: {
        disruptionsAllowed: 2,
        currentHealthy: 3,
        desiredHealthy: 1,
        expectedPods: 4,
        disruptedPods: { "bad name!": TIME },
      },
    });
    await t.patch(`${all}/b/status`, { status: { disruptionsAllowed: -2, currentHealthy: 3 } });
    await t.get(all, { accept: TABLE });
    await t.get(t.path("policy/v1/poddisruptionbudgets/b/status"), { accept: TABLE });
    await t.delete(all);
  }),
];
