import { type Conversation, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { deployment, named, pod, service } from "../../objects.ts";

export const isApart = true;

const DRY = { query: { dryRun: "All" } };

/** The real server's plug-in learns of a quota a moment later. */
const LAG_MS = 400;

/** A quota as its controller would leave it, with nothing used. */
async function limit(t: Conversation, hard: Readonly<Record<string, string>>, more: JsonObject = {}) {
  const quotas = t.path("v1/resourcequotas");
  await t.ask("POST", quotas, named("v1", "ResourceQuota", "q", { spec: { hard: { ...hard }, ...more } }));
  const used = Object.fromEntries(Object.keys(hard).map((key) => [key, "0"]));
  const status = named("v1", "ResourceQuota", "q", { status: { hard: { ...hard }, used } });
  await t.ask("PUT", `${quotas}/q/status`, status);
  await t.pause(LAG_MS);
}

const used = async (t: Conversation) =>
  t.note(JSON.stringify((await t.ask("GET", t.path("v1/resourcequotas/q"))).at("status.used") ?? null));

const template = { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "c", image: "i" }] } };
const running = { ...template, spec: { ...template.spec, restartPolicy: "Never" } };
const selector = { matchLabels: { app: "a" } };

/** What is counted, where it is, its kind, and what it needs. */
const counted: readonly [string, string, string, JsonObject][] = [
  ["pods", "v1/pods", "Pod", { spec: template.spec }],
  ["count/pods", "v1/pods", "Pod", { spec: template.spec }],
  ["services", "v1/services", "Service", { spec: { clusterIP: "None" } }],
  ["secrets", "v1/secrets", "Secret", {}],
  ["configmaps", "v1/configmaps", "ConfigMap", {}],
  [
    "replicationcontrollers",
    "v1/replicationcontrollers",
    "ReplicationController",
    { spec: { selector: { app: "a" }, template } },
  ],
  ["resourcequotas", "v1/resourcequotas", "ResourceQuota", { spec: {} }],
  ["count/serviceaccounts", "v1/serviceaccounts", "ServiceAccount", {}],
  ["count/limitranges", "v1/limitranges", "LimitRange", { spec: { limits: [] } }],
  ["count/podtemplates", "v1/podtemplates", "PodTemplate", { template }],
  ["count/endpoints", "v1/endpoints", "Endpoints", {}],
  ["count/replicasets.apps", "apps/v1/replicasets", "ReplicaSet", { spec: { selector, template } }],
  [
    "count/statefulsets.apps",
    "apps/v1/statefulsets",
    "StatefulSet",
    { spec: { selector, serviceName: "s", template } },
  ],
  ["count/daemonsets.apps", "apps/v1/daemonsets", "DaemonSet", { spec: { selector, template } }],
  ["count/controllerrevisions.apps", "apps/v1/controllerrevisions", "ControllerRevision", { revision: 1 }],
  ["count/jobs.batch", "batch/v1/jobs", "Job", { spec: { template: running } }],
  [
    "count/cronjobs.batch",
    "batch/v1/cronjobs",
    "CronJob",
    { spec: { schedule: "* * * * *", jobTemplate: { spec: { template: running } } } },
  ],
  [
    "count/ingresses.networking.k8s.io",
    "networking.k8s.io/v1/ingresses",
    "Ingress",
    { spec: { defaultBackend: { service: { name: "s", port: { number: 1 } } } } },
  ],
  [
    "count/networkpolicies.networking.k8s.io",
    "networking.k8s.io/v1/networkpolicies",
    "NetworkPolicy",
    { spec: { podSelector: {} } },
  ],
  ["count/roles.rbac.authorization.k8s.io", "rbac.authorization.k8s.io/v1/roles", "Role", {}],
  [
    "count/rolebindings.rbac.authorization.k8s.io",
    "rbac.authorization.k8s.io/v1/rolebindings",
    "RoleBinding",
    { roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "r" } },
  ],
  ["count/leases.coordination.k8s.io", "coordination.k8s.io/v1/leases", "Lease", {}],
  [
    "count/endpointslices.discovery.k8s.io",
    "discovery.k8s.io/v1/endpointslices",
    "EndpointSlice",
    { addressType: "IPv4", endpoints: [] },
  ],
  [
    "count/poddisruptionbudgets.policy",
    "policy/v1/poddisruptionbudgets",
    "PodDisruptionBudget",
    { spec: { selector } },
  ],
  [
    "count/horizontalpodautoscalers.autoscaling",
    "autoscaling/v2/horizontalpodautoscalers",
    "HorizontalPodAutoscaler",
    { spec: { maxReplicas: 1, scaleTargetRef: { kind: "Deployment", name: "d" } } },
  ],
  ["count/events", "v1/events", "Event", { involvedObject: { kind: "Pod", name: "p" } }],
  [
    "count/events.events.k8s.io",
    "events.k8s.io/v1/events",
    "Event",
    {
      eventTime: "2030-01-01T00:00:00.000000Z",
      type: "Normal",
      reason: "r",
      action: "a",
      reportingController: "e.com/c",
      reportingInstance: "i",
    },
  ],
  [
    "count/resourceclaimtemplates.resource.k8s.io",
    "resource.k8s.io/v1/resourceclaimtemplates",
    "ResourceClaimTemplate",
    { spec: { spec: {} } },
  ],
  [
    "count/csistoragecapacities.storage.k8s.io",
    "storage.k8s.io/v1/csistoragecapacities",
    "CSIStorageCapacity",
    { storageClassName: "s" },
  ],
];

function counting([quota, resource, kind, rest]: (typeof counted)[number]) {
  return test(`quota kinds: ${quota}`, async (t) => {
    const all = t.path(resource);
    const apiVersion = resource.split("/").slice(0, -1).join("/");
    const object = (name: string) => {
      const about =
        kind === "Event" && rest["involvedObject"]
          ? { involvedObject: { kind: "Pod", name: "p", namespace: t.namespace } }
          : {};
      return named(apiVersion, kind, name, { ...rest, ...about } as never);
    };
    await limit(t, { [quota]: quota === "resourcequotas" ? "2" : "1" });
    if (quota === "resourcequotas")
      await t.ask(
        "PATCH",
        `${all}/q/status`,
        { status: { used: { resourcequotas: "1" } } },
        { headers: { "content-type": "application/merge-patch+json" } },
      );
    await t.pause(LAG_MS);
    await t.post(all, object("tried"), { ...DRY, compare: "head" });
    await used(t);
    await t.post(all, object("a"), { compare: "head" });
    await used(t);
    await t.post(all, object("b"));
    await t.post(all, object("b"), DRY);
    await t.apply(`${all}/c`, object("c"));
    await t.post(all, { ...object("g"), metadata: { generateName: "g-" } }, { compare: "status" });
    await t.patch(`${all}/a`, { metadata: { labels: { a: "b" } } }, { compare: "head" });
    await t.delete(`${all}/a`, { gracePeriodSeconds: 0 } as JsonObject, { compare: "head" });
    await used(t);
  });
}

const asking = (resources: JsonObject, spec: JsonObject = {}): JsonObject =>
  pod("p", { containers: [{ name: "c", image: "i", resources }], ...spec });

const both = (name: string, amount: string): JsonObject => ({
  requests: { [name]: amount },
  limits: { [name]: amount },
});

/** Pods that ask for an amount of something in each way. */
function shapes(name: string, amount: string): Record<string, JsonObject> {
  const standard = ["cpu", "memory", "ephemeral-storage"].includes(name);
  const container = { name: "x", image: "i", resources: both(name, amount) };
  const plain = { containers: [{ name: "c", image: "i", resources: both(name, amount) }] };
  return {
    nothing: pod("p"),
    both: asking(both(name, amount)),
    ...(standard
      ? {
          "a request": asking({ requests: { [name]: amount } }),
          "a limit": asking({ limits: { [name]: amount } }),
        }
      : {}),
    "two containers": pod("p", { containers: [container, { ...container, name: "y" }] }),
    "an init container": pod("p", { initContainers: [{ ...container, name: "i" }], ...plain }),
    "a sidecar": pod("p", {
      initContainers: [{ ...container, name: "i", restartPolicy: "Always" }],
      ...plain,
    }),
    "only an init container": pod("p", { initContainers: [{ ...container, name: "i" }] }),
    ...(name === "cpu" || name === "memory"
      ? { "the pod": pod("p", { resources: both(name, amount), containers: [{ name: "c", image: "i" }] }) }
      : {}),
  };
}

const amounts: readonly [string, string, string, string][] = [
  // What is limited, to how much, what pods ask for, how much.
  ["cpu", "1", "cpu", "600m"],
  ["requests.cpu", "1", "cpu", "600m"],
  ["limits.cpu", "1", "cpu", "600m"],
  ["memory", "1Gi", "memory", "600Mi"],
  ["requests.memory", "1Gi", "memory", "600Mi"],
  ["limits.memory", "1Gi", "memory", "600Mi"],
  ["ephemeral-storage", "1Gi", "ephemeral-storage", "600Mi"],
  ["requests.ephemeral-storage", "1Gi", "ephemeral-storage", "600Mi"],
  ["limits.ephemeral-storage", "1Gi", "ephemeral-storage", "600Mi"],
  ["hugepages-2Mi", "4Mi", "hugepages-2Mi", "4Mi"],
  ["requests.hugepages-2Mi", "4Mi", "hugepages-2Mi", "4Mi"],
  ["requests.example.com/gpu", "1", "example.com/gpu", "1"],
];

const amounting = ([quota, hard, name, amount]: (typeof amounts)[number]) =>
  test(`quota amounts: ${quota}`, async (t) => {
    await limit(t, { [quota]: hard });
    for (const [remark, object] of Object.entries(shapes(name, amount)))
      await t.post(t.path("v1/pods"), object, { ...DRY, remark });
    await t.ask("POST", t.path("v1/pods"), asking(both(name, amount)));
    await used(t);
    await t.patch(t.path("v1/pods/p"), { metadata: { labels: { a: "b" } } }, { compare: "head" });
    await t.delete(t.path("v1/pods/p"), { gracePeriodSeconds: 0 } as JsonObject, { compare: "head" });
  });

const quota = (name: string, spec: JsonObject): JsonObject => named("v1", "ResourceQuota", name, { spec });
const expression = (scopeName: string, operator: string, values?: string[]): JsonObject => ({
  scopeSelector: { matchExpressions: [{ scopeName, operator, ...(values ? { values } : {}) }] },
});

export const cases = [
  ...counted.map(counting),
  ...amounts.map(amounting),
  test("quotas: scopes that may not be", async (t) => {
    const all = t.path("v1/resourcequotas");
    const pods = { pods: "1" };
    const shapes: Record<string, JsonObject> = {
      unknown: { hard: pods, scopes: ["Nothing"] },
      "not of services": { hard: { services: "1" }, scopes: ["Terminating"] },
      "memory of best effort": { hard: { "limits.memory": "1" }, scopes: ["BestEffort"] },
      "pods of best effort": { hard: pods, scopes: ["BestEffort"] },
      "both ends": { hard: pods, scopes: ["Terminating", "NotTerminating"] },
      "both efforts": { hard: pods, scopes: ["BestEffort", "NotBestEffort"] },
      twice: { hard: pods, scopes: ["Terminating", "Terminating"] },
      "priority as a scope": { hard: pods, scopes: ["PriorityClass"] },
      affinity: {
        hard: { pods: "1", "requests.cpu": "1", services: "2" },
        scopes: ["CrossNamespacePodAffinity"],
      },
      "In without values": { hard: pods, ...expression("PriorityClass", "In") },
      "Exists with values": { hard: pods, ...expression("PriorityClass", "Exists", ["a"]) },
      "odd operator": { hard: pods, ...expression("PriorityClass", "Odd", ["a"]) },
      "Terminating in": { hard: pods, ...expression("Terminating", "In", ["a"]) },
      "Terminating exists": { hard: pods, ...expression("Terminating", "Exists") },
      "odd scope": { hard: pods, ...expression("Odd", "Exists") },
      "bad value": { hard: pods, ...expression("PriorityClass", "In", ["A b"]) },
      "no expressions": { hard: pods, scopeSelector: {} },
      "attributes class": {
        hard: { persistentvolumeclaims: "1" },
        ...expression("VolumeAttributesClass", "In", ["gold"]),
      },
      "attributes class of pods": { hard: pods, ...expression("VolumeAttributesClass", "In", ["gold"]) },
      "attributes class as scope": {
        hard: { persistentvolumeclaims: "1" },
        scopes: ["VolumeAttributesClass"],
      },
    };
    for (const [remark, spec] of Object.entries(shapes))
      await t.post(all, quota("q", spec), { ...DRY, remark });
  }),
  test("quotas: amounts that may not be", async (t) => {
    const all = t.path("v1/resourcequotas");
    const hards: Record<string, JsonObject> = {
      negative: { pods: "-1" },
      fraction: { pods: "1.5" },
      "half a gpu": { "requests.example.com/gpu": "500m" },
      "limits of a gpu": { "limits.example.com/gpu": "1" },
      "a gpu": { "example.com/gpu": "1" },
      "an odd name": { "Bad Name": "1" },
      "an unknown name": { nothing: "1" },
      "count of nothing": { "count/nothing": "1" },
      "count of pods in core": { "count/pods.": "1" },
      "no number": { pods: "many" },
      null: { pods: null },
      storage: { "requests.storage": "1Gi", "gold.storageclass.storage.k8s.io/requests.storage": "1" },
      hugepages: { "hugepages-2Mi": "3Mi", "requests.hugepages-1Gi": "1Gi", "limits.hugepages-1Gi": "1" },
      "a device class": { "gpu.deviceclass.resource.k8s.io/devices": "2" },
    };
    for (const [remark, hard] of Object.entries(hards))
      await t.post(all, quota("q", { hard }), { ...DRY, remark });
    await t.post(all, quota("q", { hard: { pods: "1" } }));
    const path = `${all}/q`;
    await t.patch(path, { spec: { scopes: ["Terminating"] } }, { remark: "scopes are fixed" });
    await t.patch(path, { spec: expression("PriorityClass", "Exists") }, { remark: "so are selectors" });
    await t.patch(path, { spec: { hard: { pods: "2", services: "0" } } });
    for (const [remark, hard] of Object.entries(hards)) {
      await t.patch(`${path}/status`, { status: { hard } }, { ...DRY, remark: `hard: ${remark}` });
      await t.patch(`${path}/status`, { status: { used: hard } }, { ...DRY, remark: `used: ${remark}` });
    }
    await t.patch(`${path}/status`, { spec: { hard: { pods: "9" } }, status: { used: { pods: "7" } } });
    await t.get(path, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
    await t.patch(path, { status: { used: { pods: "9" } } });
    await t.delete(path);
  }),
  test("quotas: claims of attributes classes", async (t) => {
    await limit(t, { persistentvolumeclaims: "0" }, expression("VolumeAttributesClass", "In", ["gold"]));
    const all = t.path("v1/persistentvolumeclaims");
    for (const name of ["gold", "silver", undefined]) {
      const spec = {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1" } },
        ...(name ? { volumeAttributesClassName: name } : {}),
      };
      await t.post(all, named("v1", "PersistentVolumeClaim", "c", { spec }), {
        ...DRY,
        remark: String(name),
      });
    }
  }),
  test("quotas: pods that end are free", async (t) => {
    const pods = t.path("v1/pods");
    await limit(t, { pods: "1", "requests.cpu": "1", "count/pods": "3" });
    await t.ask("POST", pods, asking(both("cpu", "500m")));
    await used(t);
    await t.patch(`${pods}/p/status`, { status: { phase: "Succeeded" } }, { compare: "head" });
    await used(t);
    await t.patch(`${pods}/p`, { metadata: { labels: { a: "b" } } }, { compare: "head" });
    await used(t);
    await t.post(pods, { ...asking(both("cpu", "500m")), metadata: { name: "q" } }, { compare: "head" });
    await used(t);
  }),
  test("quotas: changed by what they limit", async (t) => {
    const pods = t.path("v1/pods");
    const quotas = t.path("v1/resourcequotas");
    await limit(t, { pods: "1" });
    await t.ask("POST", pods, pod("a"));
    await t.post(pods, pod("b"));
    await t.patch(`${quotas}/q`, { spec: { hard: { pods: "3" } } }, { compare: "head" });
    await t.pause(LAG_MS);
    await t.post(pods, pod("b"), { remark: "the status still says 1" });
    await t.patch(
      `${quotas}/q/status`,
      { status: { hard: { pods: "3" }, used: { pods: "1" } } },
      { compare: "head" },
    );
    await t.pause(LAG_MS);
    await t.post(pods, pod("b"), { compare: "head" });
    await used(t);
    await t.patch(
      `${quotas}/q/status`,
      { status: { hard: { pods: "1" }, used: { pods: "2" } } },
      { compare: "head" },
    );
    await t.pause(LAG_MS);
    await t.post(pods, pod("c"), { remark: "more is used than may be" });
    await t.patch(`${pods}/a`, { metadata: { labels: { a: "b" } } }, { compare: "head" });
    await t.delete(`${quotas}/q`);
    await t.pause(LAG_MS);
    await t.post(pods, pod("c"), { compare: "head" });
  }),
  test("quotas: what is not created does not count", async (t) => {
    await limit(t, { "count/deployments.apps": "1", services: "1" });
    const all = t.path("apps/v1/deployments");
    await t.post(all, deployment("d", { replicas: -1 }), { remark: "invalid" });
    await used(t);
    await t.post(all, deployment("d"), { compare: "head" });
    await t.post(all, deployment("d"), { remark: "there is one, and no room" });
    await t.apply(`${all}/d`, deployment("d", { replicas: 2 }), "m", { compare: "head" });
    await t.put(`${all}/d/scale`, named("autoscaling/v1", "Scale", "d", { spec: { replicas: 3 } }), {
      compare: "head",
    });
    await used(t);
    await t.post(t.path("v1/services"), service("s", { clusterIP: "10.0.0.300" }));
    await used(t);
    await t.post(t.path("v1/services"), service("s", { type: "Nothing" }));
    await used(t);
    await t.delete(all, undefined, { compare: "head" });
    await used(t);
  }),
];
