import { type Conversation, raw, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { configMap, deployment, named, pod } from "../../objects.ts";

export const isApart = true;

const LAG_MS = 400;
const DRY = { query: { dryRun: "All" } };

/** A node that can do some things, and pods on it. */
async function onNode(t: Conversation, name: string, status: JsonObject, spec: JsonObject): Promise<string> {
  const path = `/api/v1/nodes/${name}`;
  t.leftovers.add(path);
  await t.ask("POST", "/api/v1/nodes", named("v1", "Node", name));
  await t.ask(
    "PATCH",
    `${path}/status`,
    { status },
    { headers: { "content-type": "application/merge-patch+json" } },
  );
  await t.ask("POST", t.path("v1/pods"), pod("p", { nodeName: name, ...spec }));
  await t.pause(LAG_MS);
  return `${t.path("v1/pods")}/p`;
}

const sized = (cpu: string): JsonObject => ({
  requests: { cpu, memory: "64Mi" },
  limits: { cpu, memory: "64Mi" },
});

const features = (declaredFeatures: string[]) =>
  test(`odd requests: resizes on a node that declares ${declaredFeatures.join(" and ") || "nothing"}`, async (t) => {
    const name = `odd-node-${declaredFeatures.length}`;
    const container = { name: "c", image: "i", resources: sized("100m") };
    const path = await onNode(
      t,
      name,
      { allocatable: { cpu: "1", memory: "1Gi" }, declaredFeatures },
      {
        resources: sized("500m"),
        containers: [container],
        initContainers: [
          { ...container, name: "i" },
          { ...container, name: "s", restartPolicy: "Always" },
        ],
      },
    );
    const resized = (spec: JsonObject, remark: string) =>
      t.patch(`${path}/resize`, { spec }, { type: "strategic", ...DRY, remark });
    await resized({ containers: [{ name: "c", resources: sized("200m") }] }, "a container");
    await resized({ containers: [{ name: "c", resources: sized("2") }] }, "a container, too large");
    await resized({ resources: sized("600m") }, "the pod");
    await resized({ resources: sized("6") }, "the pod, too large");
    await resized({ initContainers: [{ name: "i", resources: sized("200m") }] }, "an init container");
    await resized({ initContainers: [{ name: "s", resources: sized("200m") }] }, "a sidecar");
    await t.patch(path, { metadata: { labels: { a: "b" } } }, { compare: "head" });
  });

export const cases = [
  features([]),
  features(["InPlacePodLevelResourcesVerticalScaling"]),
  features(["InPlacePodLevelResourcesVerticalScaling", "InPlacePodVerticalScalingInitContainers"]),
  test("odd requests: options of writes", async (t) => {
    const all = t.path("v1/configmaps");
    const queries: Record<string, string | readonly string[]>[] = [
      { dryRun: ["All", "All"] },
      { dryRun: ["All", "Some"] },
      { dryRun: "" },
      { dryRun: "all" },
      { fieldManager: "x".repeat(128), dryRun: "All" },
      { fieldManager: "x".repeat(129), dryRun: "All" },
      { fieldManager: "a\u0007b", dryRun: "All" },
      { fieldManager: "\u00e4", dryRun: "All" },
      { fieldManager: ["a", "b"], dryRun: "All" },
      { fieldValidation: "Odd", dryRun: "All" },
      { fieldValidation: "", dryRun: "All" },
      { force: "true", dryRun: "All" },
      { force: "perhaps", dryRun: "All" },
      { pretty: "yes", dryRun: "All" },
      { pretty: "1", dryRun: "All" },
      { unknown: "x", dryRun: "All" },
    ];
    await t.post(all, configMap("a"));
    for (const query of queries) {
      await t.post(all, configMap("b"), { query });
      await t.put(`${all}/a`, configMap("a", { data: { k: "v" } }), { query });
      await t.patch(`${all}/a`, { data: { k: "v" } }, { query });
      await t.patch(`${all}/a`, configMap("a", { data: { k: "v" } }), { type: "apply", query });
      await t.delete(`${all}/absent`, undefined, { query });
    }
  }),
  test("odd requests: media types of bodies", async (t) => {
    const all = t.path("v1/configmaps");
    const json = JSON.stringify(configMap("a"));
    const types = [
      "application/json; charset=utf-8",
      "application/json;stream=watch",
      "APPLICATION/JSON",
      "application/json, text/plain",
      "application/*",
      "*/*",
      "application/x-json",
      "application/merge-patch+json",
      "text/json",
      "application/yaml; x",
      "application/json;",
      "application/json; ;",
      "application/json; a=b; A=c",
      'application/json; a="b;c"',
      "application/json;a",
      "application/json; a=",
      "application/vnd.kubernetes.protobuf",
      ";",
      "application/cbor",
    ];
    for (const type of types) {
      await t.post(all, raw(type, json), { ...DRY, remark: type });
      await t.patch(`${all}/a`, raw(type, "{}"), { ...DRY, remark: type });
    }
    await t.post(all, raw(undefined, json), { ...DRY, remark: "none" });
    await t.patch(`${all}/a`, raw(undefined, "{}"), { ...DRY, remark: "none" });
  }),
  test("odd requests: paths", async (t) => {
    await t.ask("POST", t.path("v1/configmaps"), configMap("a"));
    const own = t.path("v1/configmaps");
    const paths = [
      `${own}/`,
      `${own}//a`,
      `${own}/a/`,
      `${own}/%61`,
      `${own}/a%2Fb`,
      `${own}/a%00`,
      `${own}/..`,
      `${own}/.`,
      `${own}/a?`,
      `${own}?limit`,
      `${own}?limit=&continue=`,
      own.replace("/api/", "/api//"),
      own.replace("/v1/", "/V1/"),
      own.toUpperCase(),
      `${own}/a#x`,
      `${own}/${"a".repeat(300)}`,
      `${own}/A_b`,
      `${own}/a;b`,
      `${own}/a b`.replace(" ", "%20"),
      `${own}/%`,
    ];
    for (const path of paths) await t.get(path);
    for (const path of paths.slice(0, 8)) await t.delete(path, undefined, { query: { dryRun: "All" } });
  }),
  test("odd requests: scales", async (t) => {
    await t.ask("POST", t.path("apps/v1/deployments"), deployment("d"));
    const path = t.path("apps/v1/deployments/d/scale");
    const scale = (more: JsonObject): JsonObject => ({
      apiVersion: "autoscaling/v1",
      kind: "Scale",
      metadata: { name: "d" },
      ...more,
    });
    const bodies: Record<string, JsonObject> = {
      plain: scale({ spec: { replicas: 2 } }),
      negative: scale({ spec: { replicas: -1 } }),
      empty: scale({}),
      text: scale({ spec: { replicas: "2" } }),
      huge: scale({ spec: { replicas: 2_147_483_648 } }),
      "another version": scale({ apiVersion: "autoscaling/v2", spec: { replicas: 2 } }),
      "another name": scale({ metadata: { name: "e" }, spec: { replicas: 2 } }),
      "another namespace": scale({ metadata: { name: "d", namespace: "default" }, spec: { replicas: 2 } }),
      "a stale version": scale({ metadata: { name: "d", resourceVersion: "1" }, spec: { replicas: 2 } }),
      "another uid": scale({ metadata: { name: "d", uid: "u" }, spec: { replicas: 2 } }),
      "a deployment": deployment("d", { replicas: 2 }),
      "more metadata": scale({
        metadata: { name: "d", labels: { a: "b" } },
        spec: { replicas: 2 },
        status: { replicas: 7 },
      }),
    };
    for (const [remark, body] of Object.entries(bodies)) {
      await t.put(path, body, { ...DRY, remark });
      await t.patch(path, body, { ...DRY, remark });
      await t.apply(path, body, "m", { ...DRY, remark });
    }
    for (const type of ["json", "strategic"] as const)
      await t.patch(
        path,
        type === "json" ? [{ op: "replace", path: "/spec/replicas", value: 4 }] : { spec: { replicas: 3 } },
        { type, ...DRY },
      );
    await t.get(path, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
  }),
  test("odd requests: deletions with conditions", async (t) => {
    const all = t.path("v1/configmaps");
    const made = await t.ask("POST", all, configMap("a"));
    const bodies: Record<string, JsonObject> = {
      "its uid": { preconditions: { uid: made.uid } },
      "its uid, another version": { preconditions: { uid: made.uid, resourceVersion: "1" } },
      "another uid": { preconditions: { uid: "x" } },
      "an empty uid": { preconditions: { uid: "" } },
      "an empty version": { preconditions: { resourceVersion: "" } },
      "a negative grace": { gracePeriodSeconds: -1 },
      "two ways": { propagationPolicy: "Orphan", orphanDependents: false },
      foreground: { propagationPolicy: "Foreground" },
      "unknown field": { color: "red" },
      "no credentials": { ignoreStoreReadErrorWithClusterBreakingPotential: true },
      "a list of dry runs": { dryRun: [] },
    };
    for (const [remark, body] of Object.entries(bodies)) {
      await t.delete(`${all}/a`, { dryRun: ["All"], ...body }, { remark });
      await t.delete(
        all,
        { dryRun: ["All"], ...body },
        { remark, query: { fieldSelector: "metadata.name=a" } },
      );
    }
    await t.delete(`${all}/a`, { gracePeriodSeconds: 5 } as JsonObject, {
      query: { gracePeriodSeconds: 7, dryRun: "All" },
    });
  }),
];
