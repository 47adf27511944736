import { type Conversation, test } from "../../conversation.ts";
import type { Json, JsonObject } from "../../json.ts";
import { configMap, deployment, named, pod, service } from "../../objects.ts";

export const isApart = true;

const DRY = { query: { dryRun: "All" } };

/** The real server's plug-in learns of a quota a moment later. */
const LAG_MS = 400;

type Amounts = Readonly<Record<string, string>>;

/** A quota as its controller would leave it: with what is used. */
async function limit(
  t: Conversation,
  name: string,
  hard: Amounts,
  used: Amounts | undefined,
  more: JsonObject = {},
) {
  const quotas = t.path("v1/resourcequotas");
  const created = await t.post(
    quotas,
    named("v1", "ResourceQuota", name, { spec: { hard: { ...hard }, ...more } }),
  );
  const status: JsonObject = { hard: { ...hard }, ...(used ? { used: { ...used } } : {}) };
  await t.put(`${quotas}/${name}/status`, created.with({ status, "metadata.resourceVersion": undefined }));
  await t.pause(LAG_MS);
}

const usedOf = (t: Conversation, name: string) => t.get(t.path(`v1/resourcequotas/${name}`));

const zero = (hard: Amounts): Amounts => Object.fromEntries(Object.keys(hard).map((key) => [key, "0"]));

const asking = (
  name: string,
  requests: JsonObject,
  limits: JsonObject = {},
  spec: JsonObject = {},
): JsonObject =>
  pod(name, { containers: [{ name: "c", image: "i", resources: { requests, limits } }], ...spec });

const claim = (name: string, storage: string, spec: JsonObject = {}): JsonObject =>
  named("v1", "PersistentVolumeClaim", name, {
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } }, ...spec },
  });

export const cases = [
  test("quotas: pods and what they ask for", async (t) => {
    const pods = t.path("v1/pods");
    const hard = { pods: "2", "requests.cpu": "1", "limits.memory": "1Gi", "count/pods": "5" };
    await limit(t, "q", hard, zero(hard));
    await t.post(pods, pod("p"), { remark: "says nothing" });
    await t.post(pods, asking("p", { cpu: "600m" }, { memory: "512Mi" }), { ...DRY, remark: "tried" });
    await usedOf(t, "q");
    await t.post(pods, asking("a", { cpu: "600m" }, { memory: "512Mi" }));
    await usedOf(t, "q");
    await t.post(pods, asking("b", { cpu: "600m" }, { memory: "1Gi" }), { remark: "too much of two" });
    await t.post(pods, asking("b", { cpu: "400m" }, { memory: "512Mi" }));
    await t.post(pods, asking("c", { cpu: "0" }, { memory: "0" }), { remark: "one too many" });
    await usedOf(t, "q");
    await t.patch(`${pods}/a`, { metadata: { labels: { a: "b" } } });
    await t.delete(`${pods}/a`, { gracePeriodSeconds: 0 } as JsonObject);
    await usedOf(t, "q");
  }),
  test("quotas: objects that are counted", async (t) => {
    const hard = {
      configmaps: "1",
      "count/secrets": "1",
      "count/deployments.apps": "1",
      "count/widgets.example.com": "1",
    };
    await limit(t, "q", hard, zero(hard));
    for (const name of ["a", "b"]) {
      await t.post(t.path("v1/configmaps"), configMap(name));
      await t.post(t.path("v1/secrets"), named("v1", "Secret", name));
      await t.post(t.path("apps/v1/deployments"), deployment(name));
    }
    await t.apply(t.path("v1/configmaps/c"), configMap("c"));
    await t.post(
      t.path("v1/configmaps"),
      { apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "g-" } },
      { compare: "head" },
    );
    await t.put(t.path("v1/configmaps/a"), configMap("a", { data: { a: "b" } }));
    await usedOf(t, "q");
  }),
  test("quotas: whose usage is not known", async (t) => {
    await limit(t, "q", { pods: "2", "count/pods": "3", configmaps: "1" }, undefined);
    await t.post(t.path("v1/pods"), pod("p"));
    await t.post(t.path("v1/configmaps"), configMap("a"));
    await t.post(t.path("v1/secrets"), named("v1", "Secret", "s"));
  }),
  test("quotas: that nobody has looked at", async (t) => {
    await t.post(
      t.path("v1/resourcequotas"),
      named("v1", "ResourceQuota", "q", { spec: { hard: { pods: "0" } } }),
    );
    await t.pause(LAG_MS);
    await t.post(t.path("v1/pods"), pod("p"));
    await usedOf(t, "q");
  }),
  test("quotas: several", async (t) => {
    const pods = t.path("v1/pods");
    await limit(t, "wide", { pods: "10" }, { pods: "1" });
    await limit(t, "narrow", { pods: "1", "requests.cpu": "5" }, { pods: "0", "requests.cpu": "0" });
    await t.post(pods, asking("a", { cpu: "1" }));
    await t.post(pods, asking("b", { cpu: "1" }));
    for (const name of ["wide", "narrow"]) await usedOf(t, name);
  }),
  test("quotas: scopes", async (t) => {
    const pods = t.path("v1/pods");
    const full = { pods: "0" };
    const scoped = (name: string, more: JsonObject) => limit(t, name, full, full, more);
    const selector = (operator: string, values?: string[]): JsonObject => ({
      scopeSelector: {
        matchExpressions: [{ scopeName: "PriorityClass", operator, ...(values ? { values } : {}) }],
      },
    });
    const shapes: Record<string, JsonObject> = {
      plain: pod("p"),
      burstable: asking("p", { cpu: "1" }),
      ending: pod("p", { activeDeadlineSeconds: 5 }),
      critical: pod("p", { priorityClassName: "system-node-critical" }),
      related: pod("p", {
        affinity: {
          podAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: "k", labelSelector: { matchLabels: { a: "b" } }, namespaces: ["other"] },
            ],
          },
        },
      }),
    };
    const quotas: Record<string, JsonObject> = {
      terminating: { scopes: ["Terminating"] },
      "not-terminating": { scopes: ["NotTerminating"] },
      "best-effort": { scopes: ["BestEffort"] },
      "not-best-effort": { scopes: ["NotBestEffort"] },
      both: { scopes: ["NotBestEffort", "NotTerminating"] },
      affinity: { scopes: ["CrossNamespacePodAffinity"] },
      "any-class": selector("Exists"),
      "no-class": selector("DoesNotExist"),
      "that-class": selector("In", ["system-node-critical", "x"]),
      "other-class": selector("NotIn", ["system-node-critical"]),
    };
    for (const [name, more] of Object.entries(quotas)) {
      await scoped(name, more);
      for (const [shape, object] of Object.entries(shapes)) {
        await t.post(pods, object, { ...DRY, remark: `${name}: ${shape}` });
      }
      await t.ask("DELETE", t.path(`v1/resourcequotas/${name}`));
      await t.pause(LAG_MS);
    }
  }),
  test("quotas: services", async (t) => {
    const services = t.path("v1/services");
    const hard = {
      services: "3",
      "services.nodeports": "3",
      "services.loadbalancers": "1",
      "count/services": "9",
    };
    await limit(t, "q", hard, zero(hard));
    const ports: Json[] = [
      { name: "a", port: 80 },
      { name: "b", port: 81 },
    ];
    await t.post(services, service("inner"));
    await t.post(
      services,
      service("balanced", { type: "LoadBalancer", ports, allocateLoadBalancerNodePorts: false }),
    );
    await usedOf(t, "q");
    await t.post(services, service("balanced-too", { type: "LoadBalancer", ports }));
    await t.post(services, service("open", { type: "NodePort", ports }), { compare: "head" });
    await usedOf(t, "q");
    await t.patch(`${services}/inner`, { spec: { type: "NodePort", ports } });
    await t.patch(`${services}/inner`, { spec: { type: "NodePort" } }, { compare: "head" });
    await usedOf(t, "q");
    await t.patch(
      `${services}/open`,
      { spec: { type: "ClusterIP", ports: [{ name: "a", port: 80, nodePort: null }] } },
      { compare: "status" },
    );
    await usedOf(t, "q");
    await t.post(services, service("last"));
  }),
  test("quotas: claims", async (t) => {
    const claims = t.path("v1/persistentvolumeclaims");
    const gold = "gold.storageclass.storage.k8s.io/";
    const hard = {
      persistentvolumeclaims: "3",
      "requests.storage": "5Gi",
      [`${gold}requests.storage`]: "2Gi",
      [`${gold}persistentvolumeclaims`]: "1",
    };
    await limit(t, "q", hard, zero(hard));
    await t.post(claims, claim("a", "1Gi", { storageClassName: "gold" }));
    await t.post(claims, claim("b", "1Gi", { storageClassName: "gold" }));
    await t.post(claims, claim("b", "4500Mi", { storageClassName: "" }));
    await t.post(claims, claim("b", "1500m", { storageClassName: "" }));
    await usedOf(t, "q");
    await t.patch(`${claims}/a/status`, {
      status: { phase: "Bound", capacity: { storage: "1Gi" }, allocatedResources: { storage: "3Gi" } },
    });
    await usedOf(t, "q");
  }),
  test("quotas: pods that change", async (t) => {
    const pods = t.path("v1/pods");
    const hard = { "requests.cpu": "2", pods: "5" };
    await limit(t, "q", hard, zero(hard));
    await limit(t, "ending", { pods: "1" }, { pods: "1" }, { scopes: ["Terminating"] });
    await t.post(pods, asking("a", { cpu: "1" }));
    const resized = (cpu: string) =>
      t.patch(
        `${pods}/a/resize`,
        { spec: { containers: [{ name: "c", resources: { requests: { cpu } } }] } },
        { type: "strategic", remark: cpu },
      );
    await resized("1500m");
    await usedOf(t, "q");
    await resized("3");
    await resized("1");
    await usedOf(t, "q");
    await t.patch(`${pods}/a`, { spec: { activeDeadlineSeconds: 60 } });
    await usedOf(t, "ending");
  }),
  test("quotas: devices", async (t) => {
    const claims = t.path("resource.k8s.io/v1/resourceclaims");
    const gpus = "gpu.deviceclass.resource.k8s.io/devices";
    const hard = { "count/resourceclaims.resource.k8s.io": "9", [gpus]: "4" };
    await limit(t, "q", hard, zero(hard));
    const exactly = (deviceClassName: string, more: JsonObject = {}): JsonObject => ({
      exactly: { deviceClassName, ...more },
    });
    const asked = (name: string, ...requests: JsonObject[]) =>
      named("resource.k8s.io/v1", "ResourceClaim", name, {
        spec: { devices: { requests: requests.map((request, i) => ({ name: `r${i}`, ...request })) } },
      });
    await t.post(claims, asked("two", exactly("gpu", { allocationMode: "ExactCount", count: 2 })));
    await t.post(claims, asked("all", exactly("gpu", { allocationMode: "All" })));
    await t.post(claims, asked("others", exactly("net")));
    const firstAvailable: Json[] = [
      { name: "a", deviceClassName: "gpu", allocationMode: "ExactCount", count: 1 },
      { name: "b", deviceClassName: "gpu", allocationMode: "ExactCount", count: 3 },
    ];
    await t.post(claims, asked("either", { firstAvailable }));
    await usedOf(t, "q");
  }),
];
