import { type Conversation, type RequestOptions, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { configMap, pod, service } from "../../objects.ts";

/** Plug-ins that have to be asked for. */
const PLUGINS = [
  "AlwaysPullImages",
  "DenyServiceExternalIPs",
  "ExtendedResourceToleration",
  "LimitPodHardAntiAffinityTopology",
  "NamespaceAutoProvision",
  "NamespaceExists",
  "OwnerReferencesPermissionEnforcement",
  "PodNodeSelector",
  "PodTolerationRestriction",
];

export const flags = ["--authorization-mode=RBAC", `--enable-admission-plugins=${PLUGINS.join(",")}`];

const DRY = { query: { dryRun: "All" } };
const LAG_MS = 400;

const tried = (t: Conversation, all: string, object: JsonObject, remark: string) =>
  t.post(all, object, { ...DRY, remark });

async function annotate(t: Conversation, annotations: JsonObject): Promise<void> {
  await t.patch(`/api/v1/namespaces/${t.namespace}`, { metadata: { annotations } });
  await t.pause(LAG_MS);
}

const asking = (requests: JsonObject, spec: JsonObject = {}): JsonObject =>
  pod("p", { containers: [{ name: "c", image: "i:1", resources: { requests, limits: requests } }], ...spec });

export const cases = [
  test("optional admission: images are always pulled", async (t) => {
    const pods = t.path("v1/pods");
    const volumes = [{ name: "v", image: { reference: "r", pullPolicy: "Never" } }];
    const containers = [{ name: "c", image: "i:1", imagePullPolicy: "Never" }];
    await t.post(pods, pod("p", { containers, volumes, initContainers: [{ name: "i", image: "i:1" }] }));
    await t.patch(`${pods}/p`, { metadata: { labels: { a: "b" } } });
    await t.patch(
      `${pods}/p`,
      { spec: { containers: [{ name: "c", image: "i:2" }] } },
      { type: "strategic" },
    );
  }),
  test("optional admission: addresses from outside", async (t) => {
    const services = t.path("v1/services");
    const open = service("open", { externalIPs: ["192.0.2.1"], clusterIP: "10.0.0.9" });
    await t.post(services, open);
    const created = await t.post(services, service("inner", { clusterIP: "10.0.0.10" }));
    await t.put(`${services}/inner`, created.with({ "spec.externalIPs": ["192.0.2.1"] }));
    await t.patch(`${services}/inner`, { metadata: { labels: { a: "b" } } });
  }),
  test("optional admission: tolerations for devices", async (t) => {
    const pods = t.path("v1/pods");
    await tried(t, pods, asking({ "example.com/b": "1", "example.com/a": "1", cpu: "1" }), "two kinds");
    const own = [{ key: "example.com/a", operator: "Exists", effect: "NoSchedule" }];
    await tried(t, pods, asking({ "example.com/a": "1" }, { tolerations: own }), "tolerated already");
    const other = [{ key: "example.com/a", operator: "Equal", value: "x", effect: "NoSchedule" }];
    await tried(t, pods, asking({ "example.com/a": "1" }, { tolerations: other }), "tolerated otherwise");
  }),
  test("optional admission: hard anti-affinity", async (t) => {
    const away = (topologyKey: string) =>
      pod("p", {
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey, labelSelector: { matchLabels: { a: "b" } } },
            ],
          },
        },
      });
    for (const key of ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]) {
      await tried(t, t.path("v1/pods"), away(key), key);
    }
  }),
  test("optional admission: namespaces come along", async (t) => {
    const inside = (resource: string) => t.path(resource, "optional-provided");
    await t.delete(inside("v1/configmaps/a"));
    await tried(t, inside("v1/configmaps"), configMap("a"), "tried");
    await t.post(inside("v1/configmaps"), configMap("a"));
    await t.get("/api/v1/namespaces/optional-provided");
    await t.post(t.path("v1/configmaps", "Bad_Name"), configMap("a"));
    t.leftovers.add("/api/v1/namespaces/optional-provided");
  }),
  test("optional admission: nodes of a namespace", async (t) => {
    const pods = t.path("v1/pods");
    const key = "scheduler.alpha.kubernetes.io/node-selector";
    await annotate(t, { [key]: "zone=a, disk = ssd" });
    await tried(t, pods, pod("p"), "nothing of its own");
    await tried(t, pods, pod("p", { nodeSelector: { zone: "a", other: "b" } }), "something else");
    await tried(t, pods, pod("p", { nodeSelector: { zone: "b" } }), "a conflict");
    for (const wrong of ["zone", "a=b=c", "-a=b", "a=b c"]) {
      await annotate(t, { [key]: wrong });
      await tried(t, pods, pod("p"), wrong);
    }
  }),
  test("optional admission: tolerations of a namespace", async (t) => {
    const pods = t.path("v1/pods");
    const defaults = "scheduler.alpha.kubernetes.io/defaultTolerations";
    const allowed = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";
    await tried(t, pods, pod("p"), "best effort");
    await tried(t, pods, asking({ cpu: "1", memory: "1Gi" }), "guaranteed");
    await annotate(t, { [defaults]: JSON.stringify([{ key: "k", operator: "Exists" }]) });
    await tried(t, pods, pod("p"), "with defaults");
    await tried(t, pods, pod("p", { tolerations: [{ operator: "Exists" }] }), "with everything");
    await annotate(t, { [allowed]: JSON.stringify([{ key: "k", operator: "Exists" }]), [defaults]: "" });
    await tried(t, pods, pod("p", { tolerations: [{ key: "k", operator: "Equal", value: "v" }] }), "not all");
    await annotate(t, { [allowed]: JSON.stringify([{ operator: "Exists" }]) });
    await tried(t, pods, pod("p", { tolerations: [{ key: "k", operator: "Exists" }] }), "all");
  }),
  test("optional admission: owners", async (t) => {
    const maps = t.path("v1/configmaps");
    const owner = await t.post(maps, configMap("owner"));
    const reference = (more: JsonObject = {}): JsonObject => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      name: "owner",
      uid: owner.uid,
      ...more,
    });
    const rule = (verbs: string[], resources: string[]) => ({ apiGroups: [""], resources, verbs });
    await t.post(`${t.path("rbac.authorization.k8s.io/v1/roles")}`, {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name: "writer" },
      rules: [rule(["create", "update", "patch", "get"], ["configmaps", "pods"])],
    });
    await t.post(`${t.path("rbac.authorization.k8s.io/v1/rolebindings")}`, {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "writer" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "writer" },
      subjects: [{ kind: "User", name: "alice", apiGroup: "rbac.authorization.k8s.io" }],
    });
    await t.pause(LAG_MS);
    const alice: RequestOptions = { token: "alice-token" };
    const owned = (name: string, ...ownerReferences: JsonObject[]) =>
      configMap(name, { metadata: { ownerReferences } });
    await t.post(maps, owned("a", reference()), alice);
    await t.post(maps, owned("b", reference({ blockOwnerDeletion: true })), alice);
    await t.post(maps, owned("b", reference({ kind: "Nothing", blockOwnerDeletion: true })), alice);
    await t.post(maps, configMap("c"), alice);
    await t.patch(`${maps}/c`, { metadata: { ownerReferences: [reference()] } }, alice);
    await t.patch(`${maps}/c`, { data: { a: "b" } }, alice);
    await t.post(maps, owned("d", reference({ blockOwnerDeletion: true })));
    await t.patch(`${maps}/d`, { metadata: { labels: { a: "b" } } }, alice);
  }),
];
