import { type Conversation, test } from "../../conversation.ts";
import type { Json, JsonObject } from "../../json.ts";
import { named, pod, service } from "../../objects.ts";

export const isApart = true;

const DRY = { query: { dryRun: "All" } };
const LAG_MS = 400;
const NAMESPACES = "/api/v1/namespaces";
const PREFIX = "pod-security.kubernetes.io/";

async function relabel(t: Conversation, own: Readonly<Record<string, string | null>>): Promise<void> {
  const labels = Object.fromEntries(Object.entries(own).map(([key, value]) => [PREFIX + key, value]));
  await t.patch(`${NAMESPACES}/${t.namespace}`, { metadata: { labels } }, { remark: JSON.stringify(own) });
  await t.pause(LAG_MS);
}

const bad = { hostPID: true, containers: [{ name: "c", image: "i", securityContext: { privileged: true } }] };
const template = (spec: JsonObject): JsonObject => ({ metadata: { labels: { app: "a" } }, spec });
const selector = { matchLabels: { app: "a" } };

/** Everything that has a template of pods: where it is, its kind, and what is around the template. */
const WORKLOADS: readonly [string, string, (spec: JsonObject) => JsonObject][] = [
  ["apps/v1/deployments", "Deployment", (spec) => ({ spec: { selector, template: template(spec) } })],
  ["apps/v1/replicasets", "ReplicaSet", (spec) => ({ spec: { selector, template: template(spec) } })],
  [
    "apps/v1/statefulsets",
    "StatefulSet",
    (spec) => ({ spec: { selector, serviceName: "s", template: template(spec) } }),
  ],
  ["apps/v1/daemonsets", "DaemonSet", (spec) => ({ spec: { selector, template: template(spec) } })],
  [
    "v1/replicationcontrollers",
    "ReplicationController",
    (spec) => ({ spec: { selector: { app: "a" }, template: template(spec) } }),
  ],
  ["v1/podtemplates", "PodTemplate", (spec) => ({ template: template(spec) })],
  ["batch/v1/jobs", "Job", (spec) => ({ spec: { template: template({ restartPolicy: "Never", ...spec }) } })],
  [
    "batch/v1/cronjobs",
    "CronJob",
    (spec) => ({
      spec: {
        schedule: "* * * * *",
        jobTemplate: { spec: { template: template({ restartPolicy: "Never", ...spec }) } },
      },
    }),
  ],
];

const warned = ([resource, kind, around]: (typeof WORKLOADS)[number]) =>
  test(`plug-ins: warnings about a ${kind}`, async (t) => {
    const all = t.path(resource);
    const apiVersion = resource.split("/").slice(0, -1).join("/");
    const object = (name: string, spec: JsonObject) => named(apiVersion, kind, name, around(spec) as never);
    await relabel(t, {
      enforce: "restricted",
      warn: "restricted",
      "warn-version": "v1.30",
      audit: "baseline",
    });
    await t.post(all, object("bad", bad), DRY);
    const made = await t.post(all, object("good", { containers: [{ name: "c", image: "i" }] }), {
      compare: "head",
    });
    await t.patch(`${all}/good`, { metadata: { labels: { a: "b" } } }, { compare: "head", remark: "labels" });
    await t.put(
      `${all}/good`,
      { ...object("good", bad), metadata: { name: "good", resourceVersion: made.resourceVersion } },
      { ...DRY, compare: "head" },
    );
    await t.apply(`${all}/applied`, object("applied", bad), "m", { ...DRY, compare: "head" });
    await t.patch(`${all}/good/status`, { status: {} }, { compare: "head" });
    await relabel(t, { warn: "baseline", "warn-version": "latest", enforce: null });
    await t.post(all, object("bad", bad), { ...DRY, compare: "head" });
    await relabel(t, { warn: null, audit: "restricted" });
    await t.post(all, object("bad", bad), { ...DRY, compare: "head" });
  });

const PRIORITIES = "/apis/scheduling.k8s.io/v1/priorityclasses";
const priority = (name: string, more: JsonObject) =>
  named("scheduling.k8s.io/v1", "PriorityClass", name, more as never);

export const cases = [
  ...WORKLOADS.map(warned),
  test("plug-ins: modes of pod security together", async (t) => {
    const pods = t.path("v1/pods");
    const labels: Record<string, string>[] = [
      { enforce: "baseline", warn: "restricted" },
      { enforce: "restricted", warn: "baseline" },
      { enforce: "baseline", warn: "baseline", audit: "baseline" },
      { enforce: "privileged", "enforce-version": "v1.20", warn: "restricted", "warn-version": "v1.18" },
      { "enforce-version": "v1.20", warn: "restricted" },
      { warn: "restricted", "warn-version": "v1.2" },
      { enforce: "restricted", "enforce-version": "latest", audit: "restricted", "audit-version": "v1.0" },
    ];
    const none = {
      enforce: null,
      "enforce-version": null,
      warn: null,
      "warn-version": null,
      audit: null,
      "audit-version": null,
    };
    for (const own of labels) {
      await relabel(t, { ...none, ...own });
      await t.post(pods, pod("plain"), { ...DRY, compare: "all" });
      await t.post(pods, pod("bad", bad), { ...DRY, compare: "all" });
    }
  }),
  test("plug-ins: pods that are there when a namespace gets stricter", async (t) => {
    const pods = t.path("v1/pods");
    for (const name of ["a", "b"]) await t.ask("POST", pods, pod(name, bad));
    await t.ask("POST", pods, pod("c", { hostNetwork: true }));
    await t.ask("POST", pods, pod("d"));
    await t.pause(LAG_MS);
    const stricter: Record<string, string>[] = [
      { enforce: "baseline" },
      { enforce: "restricted" },
      { "enforce-version": "v1.10" },
      { warn: "restricted" },
      { enforce: "privileged" },
    ];
    for (const own of stricter) {
      await relabel(t, own);
    }
    await relabel(t, { enforce: "restricted", warn: null });
    await t.patch(`${pods}/a`, { metadata: { labels: { x: "y" } } }, { remark: "labels" });
    await t.patch(
      `${pods}/a`,
      { spec: { containers: [{ name: "c", image: "j" }] } },
      { type: "strategic", remark: "an image" },
    );
    await t.patch(
      `${pods}/a`,
      { metadata: { annotations: { "container.apparmor.security.beta.kubernetes.io/c": "unconfined" } } },
      { remark: "a profile" },
    );
    await t.patch(`${pods}/a`, { spec: { activeDeadlineSeconds: 5 } }, { remark: "a deadline" });
    await t.patch(`${pods}/a/status`, { status: { message: "m" } }, { remark: "status" });
    await t.patch(
      `${pods}/d/ephemeralcontainers`,
      { spec: { ephemeralContainers: [{ name: "e", image: "i" }] } },
      { type: "strategic" },
    );
    await t.patch(
      `${pods}/d/resize`,
      { spec: { containers: [{ name: "c", resources: { requests: { cpu: "1" } } }] } },
      { type: "strategic" },
    );
    await t.post(`${pods}/d/binding`, named("v1", "Binding", "d", { target: { name: "n" } }));
  }),
  test("plug-ins: priority classes", async (t) => {
    const shapes: Record<string, JsonObject> = {
      high: { value: 1_000_000_000 },
      "too high": { value: 1_000_000_001 },
      low: { value: -2_147_483_648 },
      "too low": { value: -2_147_483_649 },
      "no value": {},
      never: { value: 1, preemptionPolicy: "Never" },
      "odd policy": { value: 1, preemptionPolicy: "Odd" },
      text: { value: "1" },
    };
    for (const [remark, more] of Object.entries(shapes))
      await t.post(PRIORITIES, priority("plug-ins-tried", more), { ...DRY, remark });
    await t.post(PRIORITIES, priority("system-mine", { value: 1 }), {
      ...DRY,
      remark: "a name of the system",
    });
    await t.post(PRIORITIES, priority("system-node-critical", { value: 2_000_001_000 }), {
      ...DRY,
      remark: "there is one",
    });
    await t.post(PRIORITIES, priority("plug-ins-class", { value: 5 }));
    t.leftovers.add(`${PRIORITIES}/plug-ins-class`);
    await t.patch(`${PRIORITIES}/plug-ins-class`, { value: 6 });
    await t.patch(`${PRIORITIES}/plug-ins-class`, { preemptionPolicy: "Never" });
    await t.patch(`${PRIORITIES}/plug-ins-class`, { description: "d" });
    await t.delete(`${PRIORITIES}/system-node-critical`, undefined, DRY);
    await t.patch(`${PRIORITIES}/system-node-critical`, { description: "d" }, DRY);
  }),
  test("plug-ins: priorities of pods", async (t) => {
    const pods = t.path("v1/pods");
    await t.ask("POST", PRIORITIES, priority("plug-ins-own", { value: 7, preemptionPolicy: "Never" }));
    t.leftovers.add(`${PRIORITIES}/plug-ins-own`);
    await t.pause(LAG_MS);
    const specs: Record<string, JsonObject> = {
      own: { priorityClassName: "plug-ins-own" },
      "own and right": { priorityClassName: "plug-ins-own", priority: 7, preemptionPolicy: "Never" },
      "own and wrong": { priorityClassName: "plug-ins-own", priority: 8 },
      "own, another policy": { priorityClassName: "plug-ins-own", preemptionPolicy: "PreemptLowerPriority" },
      absent: { priorityClassName: "plug-ins-absent" },
      critical: { priorityClassName: "system-cluster-critical" },
      "critical, with its number": { priority: 2_000_000_000 },
      zero: { priority: 0, preemptionPolicy: "PreemptLowerPriority" },
      never: { preemptionPolicy: "Never" },
    };
    for (const [remark, spec] of Object.entries(specs))
      await t.post(pods, pod("p", spec), { ...DRY, remark });
    await t.post(pods, pod("p", specs["own"]!));
    const changes: JsonObject[] = [
      { priority: 8 },
      { priority: null },
      { priorityClassName: "" },
      { priorityClassName: null },
      { preemptionPolicy: null },
    ];
    for (const change of changes)
      await t.patch(`${pods}/p`, { spec: change }, { ...DRY, remark: JSON.stringify(change) });
    await t.delete(`${PRIORITIES}/plug-ins-own`);
    await t.pause(LAG_MS);
    await t.patch(`${pods}/p`, { metadata: { labels: { a: "b" } } }, { remark: "its class is gone" });
    await t.put(`${pods}/p`, pod("p", specs["own"]!), { ...DRY, remark: "its class is gone" });
  }),
  test("plug-ins: tolerations by default", async (t) => {
    const pods = t.path("v1/pods");
    const at = (key: string, more: JsonObject = {}): JsonObject => ({
      key: `node.kubernetes.io/${key}`,
      operator: "Exists",
      effect: "NoExecute",
      ...more,
    });
    const lists: Record<string, Json[]> = {
      both: [at("not-ready"), at("unreachable")],
      "one, for ever": [at("not-ready")],
      "one, for a while": [at("unreachable", { tolerationSeconds: 3 })],
      "no effect": [at("not-ready", { effect: "" })],
      "another effect": [at("not-ready", { effect: "NoSchedule" })],
      equal: [at("not-ready", { operator: "Equal", value: "x" })],
      "every key": [{ operator: "Exists", effect: "NoExecute" }],
      "every key, to schedule": [{ operator: "Exists", effect: "NoSchedule" }],
    };
    for (const [remark, tolerations] of Object.entries(lists))
      await t.post(pods, pod("p", { tolerations }), { ...DRY, remark });
    await t.post(pods, pod("p", { tolerations: lists["both"]! }));
    await t.patch(
      `${pods}/p`,
      [{ op: "add", path: "/spec/tolerations/-", value: { key: "x", operator: "Exists" } }],
      DRY,
    );
    await t.patch(`${pods}/p`, [{ op: "remove", path: "/spec/tolerations/0" }], DRY);
    await t.patch(`${pods}/p`, [{ op: "add", path: "/spec/tolerations/0/tolerationSeconds", value: 5 }], DRY);
  }),
  test("plug-ins: services and their outer addresses", async (t) => {
    const all = t.path("v1/services");
    const tries: Record<string, JsonObject> = {
      good: { externalIPs: ["192.0.2.1"] },
      loopback: { externalIPs: ["127.0.0.1"] },
      "link-local": { externalIPs: ["169.254.0.1"] },
      none: { externalIPs: ["0.0.0.0"] },
      multicast: { externalIPs: ["224.0.0.1"] },
      text: { externalIPs: ["x"] },
      zeros: { externalIPs: ["192.000.002.001"] },
      mapped: { externalIPs: ["::ffff:1.2.3.4"] },
      twice: { externalIPs: ["192.0.2.1", "192.0.2.1"] },
      inner: { externalIPs: ["10.0.0.1"] },
    };
    for (const [remark, spec] of Object.entries(tries))
      await t.post(all, service("s", { clusterIP: "None", ...spec }), { ...DRY, remark });
  }),
  test("plug-ins: topology of nodes", async (t) => {
    const nodes = "/api/v1/nodes";
    const labels = {
      "topology.kubernetes.io/zone": "z",
      "topology.kubernetes.io/region": "r",
      "topology.kubernetes.io/rack": "k",
      "failure-domain.beta.kubernetes.io/zone": "old",
    };
    const name = "plug-ins-topology";
    await t.ask("POST", nodes, { ...named("v1", "Node", name), metadata: { name, labels } });
    t.leftovers.add(`${nodes}/${name}`);
    const pods = t.path("v1/pods");
    const own = { labels: { "topology.kubernetes.io/zone": "mine" } };
    await t.ask("POST", pods, pod("plain"));
    await t.ask("POST", pods, pod("labelled", {}, own));
    await t.pause(LAG_MS);
    for (const what of ["plain", "labelled"]) {
      await t.post(`${pods}/${what}/binding`, {
        ...named("v1", "Binding", what, { target: { kind: "Node", name } }),
        metadata: { name: what, labels: { a: "b" }, annotations: { c: "d" } },
      });
      await t.get(`${pods}/${what}`);
    }
    await t.post(pods, pod("placed", { nodeName: name }), DRY);
    await t.post(pods, pod("placed-labelled", { nodeName: name }, own), DRY);
    await t.post(pods, pod("nowhere", { nodeName: "plug-ins-absent" }), DRY);
  }),
  test("plug-ins: what is in use stays", async (t) => {
    const claims = t.path("v1/persistentvolumeclaims");
    const claim = (more: JsonObject = {}): JsonObject => ({
      ...named("v1", "PersistentVolumeClaim", "c", {
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: "",
          resources: { requests: { storage: "1Gi" } },
        },
      }),
      metadata: { name: "c", ...more },
    });
    await t.post(claims, claim({ finalizers: ["example.com/f"] }), DRY);
    await t.post(claims, claim({ finalizers: ["kubernetes.io/pvc-protection", "example.com/f"] }), DRY);
    await t.apply(`${claims}/c`, claim(), "m", DRY);
    await t.post(claims, claim());
    await t.apply(`${claims}/c`, claim(), "m");
    await t.patch(`${claims}/c`, { metadata: { finalizers: null } });
    await t.put(`${claims}/c`, claim());
    await t.patch(`${claims}/c`, { metadata: { finalizers: ["kubernetes.io/pvc-protection"] } });
    await t.delete(`${claims}/c`);
    await t.patch(`${claims}/c`, {
      metadata: { finalizers: ["kubernetes.io/pvc-protection", "example.com/new"] },
    });
    await t.patch(`${claims}/c`, { metadata: { labels: { a: "b" } } });
    await t.patch(`${claims}/c`, { metadata: { finalizers: null } });
    await t.get(`${claims}/c`);
  }),
  test("plug-ins: overhead of runtimes", async (t) => {
    const runtimes = "/apis/node.k8s.io/v1/runtimeclasses";
    const name = "plug-ins-runtime";
    await t.post(
      runtimes,
      named("node.k8s.io/v1", "RuntimeClass", name, {
        handler: "h",
        overhead: { podFixed: { cpu: "100m" } },
        scheduling: { nodeSelector: { a: "b" } },
      }),
    );
    t.leftovers.add(`${runtimes}/${name}`);
    await t.pause(LAG_MS);
    const pods = t.path("v1/pods");
    const both = { requests: { cpu: "1" }, limits: { cpu: "1" } };
    await t.post(pods, pod("p", { runtimeClassName: name, resources: both }), DRY);
    await t.post(pods, pod("p", { runtimeClassName: name, overhead: { cpu: "0.1" } }), DRY);
    await t.post(pods, pod("p", { runtimeClassName: name, overhead: { cpu: "100m", memory: "1" } }), DRY);
    await t.post(pods, pod("p", { runtimeClassName: name, nodeSelector: { a: "c" } }), DRY);
    await t.post(pods, pod("p", { runtimeClassName: "" }), DRY);
    await t.post(pods, pod("p", { runtimeClassName: "Bad Name" }), DRY);
    await t.post(pods, pod("p", { runtimeClassName: name, nodeName: "n" }));
    await t.patch(`${pods}/p`, { spec: { runtimeClassName: "other" } }, DRY);
    await t.patch(`${pods}/p`, { spec: { overhead: { cpu: "1" } } }, DRY);
    await t.patch(`${runtimes}/${name}`, { handler: "i" });
    await t.patch(`${runtimes}/${name}`, { overhead: null });
    await t.delete(`${runtimes}/${name}`);
    await t.pause(LAG_MS);
    await t.patch(`${pods}/p`, { metadata: { labels: { a: "b" } } });
  }),
];
