import { join } from "node:path";
import { test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { deployment, named, pod } from "../../objects.ts";

export const flags = [
  "--enable-admission-plugins=EventRateLimit,PodNodeSelector,PodTolerationRestriction",
  `--admission-control-config-file=${join(import.meta.dirname, "admission-configuration.yaml")}`,
];

const NAMESPACES = "/api/v1/namespaces";
const RUNTIMES = "/apis/node.k8s.io/v1/runtimeclasses";
const LAG_MS = 400;
const DRY = { query: { dryRun: "All" } };

const namespace = (name: string, labels: JsonObject = {}): JsonObject => ({
  ...named("v1", "Namespace", name),
  metadata: { name, labels },
});

export const cases = [
  test("admission configuration: default levels", async (t) => {
    const pods = t.path("v1/pods");
    await t.post(pods, pod("p"), DRY);
    await t.post(pods, pod("p", { hostPID: true }), DRY);
    const template = {
      metadata: { labels: { app: "d" } },
      spec: { hostPID: true, containers: [{ name: "c", image: "i" }] },
    };
    await t.post(t.path("apps/v1/deployments"), deployment("d", { template }), DRY);
    const labels = {
      "pod-security.kubernetes.io/enforce": "privileged",
      "pod-security.kubernetes.io/warn": "baseline",
    };
    await t.patch(`${NAMESPACES}/${t.namespace}`, { metadata: { labels } });
    await t.pause(LAG_MS);
    await t.post(pods, pod("p", { hostPID: true }), DRY);
  }),
  test("admission configuration: exemptions", async (t) => {
    const pods = t.path("v1/pods");
    await t.post(pods, pod("p", { hostPID: true }), { ...DRY, token: "alice-token" });
    await t.ask(
      "POST",
      RUNTIMES,
      named("node.k8s.io/v1", "RuntimeClass", "exempt-from-security", { handler: "h" }),
    );
    t.leftovers.add(`${RUNTIMES}/exempt-from-security`);
    await t.pause(LAG_MS);
    await t.post(pods, pod("p", { hostPID: true, runtimeClassName: "exempt-from-security" }), DRY);
    const prefix = "pod-security.kubernetes.io/";
    const shapes: Record<string, JsonObject> = {
      nothing: {},
      "the default": {
        [`${prefix}enforce`]: "baseline",
        [`${prefix}enforce-version`]: "v1.30",
        [`${prefix}warn`]: "restricted",
      },
      another: {
        [`${prefix}enforce`]: "restricted",
        [`${prefix}audit-version`]: "v1.20",
        [`${prefix}audit`]: "baseline",
      },
      "no level": { [`${prefix}enforce`]: "privileged", [`${prefix}warn`]: "privileged" },
    };
    for (const [remark, labels] of Object.entries(shapes)) {
      await t.post(NAMESPACES, namespace("exempt-from-security", labels), { ...DRY, remark });
    }
    await t.post(NAMESPACES, namespace("exempt-from-security"));
    t.leftovers.add(`${NAMESPACES}/exempt-from-security`);
    await t.pause(LAG_MS);
    await t.post(t.path("v1/pods", "exempt-from-security"), pod("p", { hostPID: true }), DRY);
    await t.patch(
      `${NAMESPACES}/exempt-from-security`,
      { metadata: { labels: { [`${prefix}enforce`]: "restricted" } } },
      DRY,
    );
  }),
  test("admission configuration: too many events", async (t) => {
    const events = t.path("v1/events");
    const event = (name: string, about: string): JsonObject => ({
      ...named("v1", "Event", name),
      involvedObject: { kind: "Pod", name: about, namespace: t.namespace },
      source: { component: "tester" },
    });
    await t.post(events, event("tried", "p"), DRY);
    await t.post(events, event("a", "p"));
    await t.post(events, event("b", "p"));
    await t.post(events, event("c", "p"));
    await t.post(events, event("d", "q"));
  }),
  test("admission configuration: nodes of all namespaces", async (t) => {
    const key = "scheduler.alpha.kubernetes.io/node-selector";
    const spaces = ["configured-nodes", "configured-badly", "configured-otherwise"];
    for (const name of spaces) {
      await t.ask("POST", NAMESPACES, namespace(name));
      t.leftovers.add(`${NAMESPACES}/${name}`);
    }
    const annotations = { [key]: "" };
    const own = { name: "configured-empty", annotations };
    await t.ask("POST", NAMESPACES, { ...namespace("configured-empty"), metadata: own });
    t.leftovers.add(`${NAMESPACES}/configured-empty`);
    await t.pause(LAG_MS);
    const selectors: Record<string, JsonObject> = {
      none: {},
      same: { zone: "a" },
      another: { zone: "b" },
      "one more": { disk: "ssd" },
      "one more, otherwise": { disk: "hdd" },
      "not listed": { other: "x" },
    };
    for (const space of [...spaces, "configured-empty"])
      for (const [remark, nodeSelector] of Object.entries(selectors))
        await t.post(t.path("v1/pods", space), pod("p", { nodeSelector }), { ...DRY, remark });
  }),
  test("admission configuration: tolerations of all namespaces", async (t) => {
    const prefix = "scheduler.alpha.kubernetes.io/";
    const pods = t.path("v1/pods");
    const tolerations: Record<string, JsonObject[]> = {
      none: [],
      listed: [{ key: "cluster", operator: "Equal", value: "x" }],
      "not listed": [{ key: "other", operator: "Exists" }],
      everything: [{ operator: "Exists" }],
    };
    const tryAll = async (what: string) => {
      for (const [remark, own] of Object.entries(tolerations))
        await t.post(pods, pod("p", { tolerations: own }), { ...DRY, remark: `${what}: ${remark}` });
    };
    await tryAll("nothing said");
    const annotated: Record<string, JsonObject> = {
      "no defaults": { [`${prefix}defaultTolerations`]: "" },
      "own defaults": { [`${prefix}defaultTolerations`]: '[{"key":"own","operator":"Exists"}]' },
      "an own list": {
        [`${prefix}defaultTolerations`]: "[]",
        [`${prefix}tolerationsWhitelist`]: '[{"key":"other","operator":"Exists"}]',
      },
      "an empty list": { [`${prefix}tolerationsWhitelist`]: "" },
    };
    for (const [what, annotations] of Object.entries(annotated)) {
      await t.patch(`${NAMESPACES}/${t.namespace}`, { metadata: { annotations } });
      await t.pause(LAG_MS);
      await tryAll(what);
    }
  }),
  test("admission configuration: what needs a quota", async (t) => {
    const claim = (storageClassName: string): JsonObject =>
      named("v1", "PersistentVolumeClaim", "c", {
        spec: {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "1Gi" } },
          storageClassName,
        },
      });
    const amounts = { "example.com/gpu": "1", "example.com/gpu-memory": "2" };
    const gpu = pod("p", {
      containers: [{ name: "c", image: "i", resources: { requests: amounts, limits: amounts } }],
    });
    const job = named("batch/v1", "Job", "j", {
      spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "c", image: "i" }] } } },
    });
    const critical = pod("p", { priorityClassName: "system-cluster-critical" });
    const tryAll = async (what: string) => {
      for (const name of ["gold", ""])
        await t.post(t.path("v1/persistentvolumeclaims"), claim(name), {
          ...DRY,
          remark: `${what}: ${name}`,
        });
      await t.post(t.path("v1/pods"), gpu, { ...DRY, remark: `${what}: a gpu` });
      await t.post(t.path("v1/pods"), critical, { ...DRY, remark: `${what}: a critical pod` });
      await t.post(t.path("batch/v1/jobs"), job, { ...DRY, compare: "all", remark: `${what}: a job` });
    };
    await tryAll("no quota");
    const quotas = t.path("v1/resourcequotas");
    const quota = async (name: string, hard: Record<string, string>, more: JsonObject = {}) => {
      await t.ask("POST", quotas, named("v1", "ResourceQuota", name, { spec: { hard, ...more } }));
      const used = Object.fromEntries(Object.keys(hard).map((one) => [one, "0"]));
      await t.ask(
        "PUT",
        `${quotas}/${name}/status`,
        named("v1", "ResourceQuota", name, { status: { hard, used } }),
      );
    };
    await quota("some", { "requests.example.com/gpu": "2", "count/jobs.batch": "1", pods: "9" });
    await quota("gold", { "gold.storageclass.storage.k8s.io/requests.storage": "2Gi" });
    await t.pause(LAG_MS);
    await tryAll("some quotas");
    await quota("rest", { "requests.example.com/gpu-memory": "1" });
    const matchExpressions = [{ scopeName: "PriorityClass", operator: "Exists" }];
    await quota("critical", { pods: "1" }, { scopeSelector: { matchExpressions } });
    await t.pause(LAG_MS);
    await tryAll("all quotas");
    await t.post(t.path("v1/pods"), pod("q"), { compare: "head" });
    await t.patch(`${t.path("v1/pods")}/q`, { metadata: { labels: { a: "b" } } }, { compare: "head" });
  }),
];
