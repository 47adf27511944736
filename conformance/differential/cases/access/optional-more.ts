import { type Conversation, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { configMap, deployment, named, pod, service } from "../../objects.ts";
import { account, as, binding, given, reference, role, rule } from "../../rbac.ts";
import { flags as optional } from "./optional-admission.ts";

/** On the servers of other cases. */
export const flags = optional;
export const isApart = true;

const DRY = { query: { dryRun: "All" } };
const LAG_MS = 400;

/** A robot of the case's namespace, and what it may do there. */
async function robot(t: Conversation, ...rules: JsonObject[]) {
  await given(t, role("r", ...rules), binding("b", reference("Role", "r"), account("robot", t.namespace)));
  return as(`system:serviceaccount:${t.namespace}:robot`, "system:serviceaccounts", "system:authenticated");
}

export const cases = [
  test("optional: owners that block", async (t) => {
    const who = await robot(
      t,
      rule("*", "", "configmaps,secrets"),
      rule("update", "apps", "deployments/finalizers", "mine"),
      rule("*", "", "pods"),
    );
    const maps = t.path("v1/configmaps");
    await t.ask("POST", maps, configMap("plain"));
    const owner = (apiVersion: string, kind: string, name: string, more: JsonObject = {}): JsonObject => ({
      apiVersion,
      kind,
      name,
      uid: `u-${name}`,
      ...more,
    });
    const blocks = { blockOwnerDeletion: true };
    const owners: Record<string, JsonObject[]> = {
      "not blocking": [owner("apps/v1", "Deployment", "other")],
      "its own": [owner("apps/v1", "Deployment", "mine", blocks)],
      "another's": [owner("apps/v1", "Deployment", "other", blocks)],
      "an unknown kind": [owner("x.example.com/v1", "Thing", "x", blocks)],
      "an unknown version": [owner("apps/v7", "Deployment", "mine", blocks)],
      "of the cluster": [owner("v1", "Node", "n", blocks)],
      "a map": [owner("v1", "ConfigMap", "plain", blocks)],
      two: [
        owner("apps/v1", "Deployment", "mine", blocks),
        owner("apps/v1", "Deployment", "other", { ...blocks, controller: true }),
      ],
      "a controller": [owner("apps/v1", "Deployment", "other", { controller: true })],
    };
    for (const [remark, ownerReferences] of Object.entries(owners)) {
      await t.post(maps, configMap("new", { metadata: { ownerReferences } }), { ...who, ...DRY, remark });
      await t.patch(`${maps}/plain`, { metadata: { ownerReferences } }, { ...who, ...DRY, remark });
      await t.apply(`${maps}/plain`, configMap("plain", { metadata: { ownerReferences } }), "m", {
        ...who,
        ...DRY,
        remark,
      });
    }
    const last = owners["another's"]!;
    await t.ask("POST", maps, configMap("blocked", { metadata: { ownerReferences: last } }));
    await t.patch(`${maps}/blocked`, { data: { a: "b" } }, { ...who, remark: "leaves its owner" });
    await t.patch(
      `${maps}/blocked`,
      { metadata: { ownerReferences: [{ ...last[0], controller: true }] } },
      { ...who, remark: "changes its owner" },
    );
    await t.patch(
      `${maps}/blocked`,
      { metadata: { ownerReferences: [{ ...last[0], blockOwnerDeletion: false }] } },
      { ...who, remark: "blocks no longer" },
    );
    await t.patch(
      `${maps}/blocked`,
      { metadata: { ownerReferences: last } },
      { ...who, remark: "blocks again" },
    );
  }),
  test("optional: owners without the right to delete", async (t) => {
    const who = await robot(t, rule("create,update,patch,get", "", "configmaps"));
    const maps = t.path("v1/configmaps");
    await t.ask("POST", maps, configMap("a"));
    const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "u" }];
    await t.post(maps, configMap("new", { metadata: { ownerReferences } }), { ...who, ...DRY });
    await t.patch(`${maps}/a`, { metadata: { ownerReferences } }, { ...who, ...DRY });
    await t.patch(`${maps}/a`, { metadata: { labels: { a: "b" } } }, who);
    await t.apply(`${maps}/a`, configMap("a", { metadata: { ownerReferences } }), "m", { ...who, ...DRY });
    await t.ask(
      "PATCH",
      `${maps}/a`,
      { metadata: { ownerReferences } },
      { headers: { "content-type": "application/merge-patch+json" } },
    );
    await t.patch(`${maps}/a`, { metadata: { ownerReferences: [] } }, { ...who, ...DRY });
    await t.patch(`${maps}/a`, { data: { a: "b" } }, who);
  }),
  test("optional: images of all that runs", async (t) => {
    const containers = ["Always", "IfNotPresent", "Never"].map((imagePullPolicy) => ({
      name: imagePullPolicy.toLowerCase(),
      image: "i:1",
      imagePullPolicy,
    }));
    const template = { metadata: { labels: { app: "d" } }, spec: { containers } };
    await t.post(t.path("apps/v1/deployments"), deployment("d", { template }), DRY);
    const pods = t.path("v1/pods");
    await t.post(pods, pod("p", { containers }));
    await t.patch(
      `${pods}/p/ephemeralcontainers`,
      { spec: { ephemeralContainers: [{ name: "e", image: "i:1", imagePullPolicy: "Never" }] } },
      { type: "strategic" },
    );
    await t.patch(
      `${pods}/p`,
      { spec: { containers: [{ name: "never", image: "i:2", imagePullPolicy: "Never" }] } },
      { type: "strategic" },
    );
    await t.patch(
      `${pods}/p`,
      { spec: { containers: [{ name: "never", image: "i:2" }] } },
      { type: "strategic" },
    );
    await t.put(`${pods}/p`, pod("p", { containers }), DRY);
  }),
  test("optional: outer addresses that change", async (t) => {
    const all = t.path("v1/services");
    await t.post(all, service("s", { clusterIP: "None" }));
    for (const externalIPs of [["192.0.2.1"], [], null])
      await t.patch(`${all}/s`, { spec: { externalIPs } }, { remark: JSON.stringify(externalIPs) });
    await t.apply(`${all}/s`, service("s", { clusterIP: "None", externalIPs: ["192.0.2.1"] }), "m", DRY);
    await t.patch(`${all}/s/status`, { spec: { externalIPs: ["192.0.2.1"] } });
    await t.post(
      all,
      service("l", {
        type: "LoadBalancer",
        allocateLoadBalancerNodePorts: false,
        externalIPs: ["192.0.2.1"],
      }),
      DRY,
    );
  }),
  test("optional: nodes of pods that are there", async (t) => {
    const key = "scheduler.alpha.kubernetes.io/node-selector";
    const pods = t.path("v1/pods");
    await t.ask("POST", pods, pod("before", { nodeSelector: { zone: "b" } }));
    await t.patch(`/api/v1/namespaces/${t.namespace}`, { metadata: { annotations: { [key]: "zone=a" } } });
    await t.pause(LAG_MS);
    await t.patch(`${pods}/before`, { metadata: { labels: { a: "b" } } });
    await t.put(`${pods}/before`, pod("before", { nodeSelector: { zone: "b" } }), DRY);
    await t.apply(`${pods}/new`, pod("new"), "m", DRY);
    await t.apply(`${pods}/new`, pod("new", { nodeSelector: { zone: "b" } }), "m", DRY);
    await t.post(t.path("apps/v1/deployments"), deployment("d"), DRY);
  }),
  test("optional: tolerations of pods that change", async (t) => {
    const prefix = "scheduler.alpha.kubernetes.io/";
    const pods = t.path("v1/pods");
    const asking = { containers: [{ name: "c", image: "i:1", resources: { requests: { cpu: "1" } } }] };
    await t.post(pods, pod("p", asking));
    const allowed = JSON.stringify([
      { key: "k", operator: "Exists" },
      { key: "node.kubernetes.io/not-ready", operator: "Exists" },
      { key: "node.kubernetes.io/unreachable", operator: "Exists" },
    ]);
    await t.patch(`/api/v1/namespaces/${t.namespace}`, {
      metadata: { annotations: { [`${prefix}tolerationsWhitelist`]: allowed } },
    });
    await t.pause(LAG_MS);
    await t.patch(`${pods}/p`, { metadata: { labels: { a: "b" } } });
    await t.patch(
      `${pods}/p`,
      [{ op: "add", path: "/spec/tolerations/-", value: { key: "k", operator: "Exists" } }],
      DRY,
    );
    await t.patch(`${pods}/p/status`, { status: { message: "m" } }, { compare: "head" });
    await t.patch(`/api/v1/namespaces/${t.namespace}`, {
      metadata: {
        annotations: { [`${prefix}tolerationsWhitelist`]: "{", [`${prefix}defaultTolerations`]: "x" },
      },
    });
    await t.pause(LAG_MS);
    await t.post(pods, pod("q"), { ...DRY, compare: "head" });
    await t.post(pods, pod("q", { tolerations: [{ key: "k", operator: "Exists" }] }), {
      ...DRY,
      compare: "head",
    });
  }),
  test("optional: namespaces that appear", async (t) => {
    const inside = (resource: string) => t.path(resource, "optional-more");
    t.leftovers.add("/api/v1/namespaces/optional-more");
    await t.get(inside("v1/configmaps"));
    await t.apply(inside("v1/configmaps/a"), configMap("a"), "m", DRY);
    await t.post(inside("v1/serviceaccounts/x/token"), {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {},
    });
    await t.put(inside("coordination.k8s.io/v1/leases/l"), named("coordination.k8s.io/v1", "Lease", "l"));
    await t.get("/api/v1/namespaces/optional-more");
    await t.post(inside("v1/configmaps"), configMap("a"), { token: "bob-token" });
  }),
  test("optional: devices of all containers", async (t) => {
    const gpu = (name: string) => ({
      name,
      image: "i:1",
      resources: { limits: { [`example.com/${name}`]: "1" }, requests: { [`example.com/${name}`]: "1" } },
    });
    const pods = t.path("v1/pods");
    await t.post(
      pods,
      pod("p", {
        containers: [gpu("b")],
        initContainers: [gpu("a"), { ...gpu("c"), restartPolicy: "Always" }],
      }),
      DRY,
    );
    await t.post(pods, pod("q", { containers: [gpu("b")] }));
    await t.patch(`${pods}/q`, { spec: { tolerations: [{ key: "x", operator: "Exists" }] } }, DRY);
    await t.patch(`${pods}/q`, { metadata: { labels: { a: "b" } } });
  }),
];
