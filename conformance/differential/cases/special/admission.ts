import { type Conversation, test } from "../../conversation.ts";
import type { Json, JsonObject } from "../../json.ts";
import { configMap, named, pod } from "../../objects.ts";

const DRY = { query: { dryRun: "All" } };
const NAMESPACES = "/api/v1/namespaces";
const NODES = "/api/v1/nodes";
const PRIORITIES = "/apis/scheduling.k8s.io/v1/priorityclasses";
const STORAGE = "/apis/storage.k8s.io/v1/storageclasses";
const INGRESS = "/apis/networking.k8s.io/v1/ingressclasses";
const RUNTIMES = "/apis/node.k8s.io/v1/runtimeclasses";

/** The real server's plug-ins learn of a write a moment later. */
const LAG_MS = 400;

/** Makes what plug-ins read, and waits until they know it. */
async function given(t: Conversation, all: string, ...objects: JsonObject[]): Promise<void> {
  for (const object of objects) {
    await t.post(all, object);
    const { name } = object["metadata"] as { name: string };
    if (!all.includes("/namespaces/")) t.leftovers.add(`${all}/${name}`);
  }
  await t.pause(LAG_MS);
}

const tried = (t: Conversation, all: string, object: JsonObject, remark: string) =>
  t.post(all, object, { ...DRY, remark });

const priorityClass = (name: string, value: number, more: JsonObject = {}): JsonObject =>
  named("scheduling.k8s.io/v1", "PriorityClass", name, { value, ...more });

const runtimeClass = (name: string, more: JsonObject = {}): JsonObject =>
  named("node.k8s.io/v1", "RuntimeClass", name, { handler: "h", ...more });

const claim = (name: string, spec: JsonObject = {}): JsonObject =>
  named("v1", "PersistentVolumeClaim", name, {
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec },
  });

const ingress = (name: string, spec: JsonObject = {}): JsonObject =>
  named("networking.k8s.io/v1", "Ingress", name, {
    spec: { defaultBackend: { service: { name: "s", port: { number: 80 } } }, ...spec },
  });

const asking = (name: string, resources: JsonObject, spec: JsonObject = {}): JsonObject =>
  pod(name, { containers: [{ name: "c", image: "i", resources }], ...spec });

const limitRange = (name: string, ...limits: Json[]): JsonObject =>
  named("v1", "LimitRange", name, { spec: { limits } });

export const cases = [
  test("admission: writes where no namespace is", async (t) => {
    const missing = (resource: string) => t.path(resource, "admission-none");
    await t.post(missing("v1/configmaps"), configMap("a"));
    await t.post(missing("v1/pods"), pod("a"));
    await t.post(missing("v1/configmaps"), {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { generateName: "a-" },
    });
    await t.put(missing("v1/configmaps/a"), configMap("a"));
    await t.apply(missing("v1/configmaps/a"), configMap("a"));
    await t.patch(missing("v1/configmaps/a"), {});
    await t.delete(missing("v1/configmaps/a"));
    await t.delete(missing("v1/configmaps"));
    await t.post(missing("v1/bindings"), named("v1", "Binding", "a", { target: { name: "n" } }));
    await t.post(missing("v1/pods/a/eviction"), named("policy/v1", "Eviction", "a"));
    await t.post(missing("v1/serviceaccounts/a/token"), {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: {},
    });
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "LocalSubjectAccessReview" };
    const resourceAttributes = { namespace: "admission-none", verb: "get", resource: "pods" };
    await t.post(missing("authorization.k8s.io/v1/localsubjectaccessreviews"), {
      ...review,
      metadata: { namespace: "admission-none" },
      spec: { user: "u", resourceAttributes },
    });
  }),
  test("admission: a namespace that is going away", async (t) => {
    const inside = (resource: string) => t.path(resource, "admission-ending");
    await t.post(NAMESPACES, named("v1", "Namespace", "admission-ending"));
    await t.post(inside("v1/configmaps"), configMap("a"));
    await t.post(inside("v1/pods"), pod("p"));
    await t.delete(`${NAMESPACES}/admission-ending`);
    await t.post(inside("v1/configmaps"), configMap("b"));
    await t.post(inside("v1/configmaps"), {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { generateName: "b-" },
    });
    await t.post(inside("apps/v1/deployments"), named("apps/v1", "Deployment", "d"), {
      remark: "invalid, too",
    });
    await t.apply(inside("v1/configmaps/c"), configMap("c"));
    await t.post(inside("v1/pods/p/binding"), named("v1", "Binding", "p", { target: { name: "n" } }));
    await t.post(inside("v1/pods/p/eviction"), named("policy/v1", "Eviction", "p"));
    await t.patch(inside("v1/configmaps/a"), { data: { a: "b" } });
    await t.delete(inside("v1/configmaps/a"));
    const finalized = named("v1", "Namespace", "admission-ending", { spec: { finalizers: [] } });
    await t.put(`${NAMESPACES}/admission-ending/finalize`, finalized);
    await t.pause(LAG_MS);
    await t.post(inside("v1/configmaps"), configMap("d"), { remark: "it is gone" });
  }),
  test("admission: namespaces that stay", async (t) => {
    for (const name of ["default", "kube-system", "kube-public"]) {
      await t.delete(`${NAMESPACES}/${name}`);
      await t.delete(`${NAMESPACES}/${name}`, undefined, DRY);
    }
    await t.delete(`${NAMESPACES}/kube-node-lease`, undefined, DRY);
  }),
  test("admission: priorities", async (t) => {
    const pods = t.path("v1/pods");
    await given(
      t,
      PRIORITIES,
      priorityClass("admission-high", 1000, { preemptionPolicy: "Never" }),
      priorityClass("admission-low", -5),
    );
    const created = await t.post(pods, pod("own", { priorityClassName: "admission-high" }));
    await t.put(
      `${pods}/own`,
      created.with({ "spec.priority": undefined, "spec.preemptionPolicy": undefined }),
    );
    await t.put(`${pods}/own`, created.with({ "spec.priority": 3 }));
    await t.put(`${pods}/own`, created.with({ "spec.priorityClassName": "admission-low" }));
    const wrong: Record<string, JsonObject> = {
      none: { priorityClassName: "admission-none" },
      "a number of its own": { priority: 7 },
      "the right number": { priority: 0 },
      "another number": { priorityClassName: "admission-low", priority: 7 },
      "another policy": { priorityClassName: "admission-high", preemptionPolicy: "PreemptLowerPriority" },
      "a policy without a class": { preemptionPolicy: "Never" },
      system: { priorityClassName: "system-node-critical" },
      low: { priorityClassName: "admission-low" },
    };
    for (const [remark, spec] of Object.entries(wrong)) await tried(t, pods, pod("tried", spec), remark);
    await t.post(pods, {
      ...pod(""),
      metadata: { generateName: "g-" },
      spec: { priorityClassName: "no", containers: [{ name: "c", image: "i" }] },
    });
  }),
  test("admission: one default priority", async (t) => {
    await given(t, PRIORITIES, priorityClass("admission-default", 42, { globalDefault: true }));
    await t.post(PRIORITIES, priorityClass("admission-second", 43, { globalDefault: true }));
    await given(t, PRIORITIES, priorityClass("admission-third", 44));
    await t.patch(`${PRIORITIES}/admission-third`, { globalDefault: true });
    await t.patch(`${PRIORITIES}/admission-default`, { globalDefault: true, description: "still" });
    await tried(t, t.path("v1/pods"), pod("p"), "by default");
    await t.delete(`${PRIORITIES}/admission-default`);
    await t.pause(LAG_MS);
    await tried(t, t.path("v1/pods"), pod("p"), "without a default");
  }),
  test("admission: tolerations and taints", async (t) => {
    const pods = t.path("v1/pods");
    const notReady = "node.kubernetes.io/not-ready";
    const tolerations: Record<string, Json[]> = {
      none: [],
      everything: [{ operator: "Exists" }],
      "not ready": [{ key: notReady, operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 }],
      "not ready at all": [{ key: notReady, operator: "Exists" }],
      schedule: [{ key: notReady, operator: "Exists", effect: "NoSchedule" }],
    };
    for (const [remark, own] of Object.entries(tolerations)) {
      await tried(t, pods, pod("p", { tolerations: own }), remark);
    }
    const created = await t.post(pods, pod("kept"));
    await t.put(`${pods}/kept`, created.with({ "spec.tolerations": [] }));
    await t.patch(`${pods}/kept`, { spec: { tolerations: [{ operator: "Exists" }] } });
    const taints = [{ key: notReady, effect: "NoSchedule" }];
    await tried(t, NODES, named("v1", "Node", "admission-bare"), "bare");
    await tried(t, NODES, named("v1", "Node", "admission-tainted", { spec: { taints } }), "tainted");
    const node = await t.post(
      NODES,
      named("v1", "Node", "admission-node", { spec: { taints: [{ key: "a", effect: "NoExecute" }] } }),
    );
    t.leftovers.add(`${NODES}/admission-node`);
    await t.put(`${NODES}/admission-node`, node.with({ "spec.taints": undefined }));
    await t.apply(`${NODES}/admission-applied`, named("v1", "Node", "admission-applied"), "applier", DRY);
  }),
  test("admission: volumes and their classes", async (t) => {
    const claims = t.path("v1/persistentvolumeclaims");
    const storageClass = (name: string, more: JsonObject, isDefault = false): JsonObject => ({
      ...named("storage.k8s.io/v1", "StorageClass", name, { provisioner: "p.example.com", ...more }),
      metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) } },
    });
    await given(
      t,
      STORAGE,
      storageClass("admission-b", { allowVolumeExpansion: true }, true),
      storageClass("admission-a", {}),
    );
    await t.post(claims, claim("defaulted"));
    await tried(t, claims, claim("p", { storageClassName: "" }), "without a class");
    await tried(
      t,
      claims,
      {
        ...claim("p"),
        metadata: { name: "p", annotations: { "volume.beta.kubernetes.io/storage-class": "x" } },
      },
      "by annotation",
    );
    await tried(
      t,
      claims,
      { ...claim("p"), metadata: { name: "p", finalizers: ["kubernetes.io/pvc-protection"] } },
      "protected",
    );
    await tried(
      t,
      "/api/v1/persistentvolumes",
      named("v1", "PersistentVolume", "admission-pv", {
        spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, hostPath: { path: "/a" } },
      }),
      "a volume",
    );
    await tried(
      t,
      "/apis/storage.k8s.io/v1/volumeattributesclasses",
      named("storage.k8s.io/v1", "VolumeAttributesClass", "admission-vac", {
        driverName: "d.example.com",
        parameters: { a: "b" },
      }),
      "an attributes class",
    );
    const larger = { spec: { resources: { requests: { storage: "2Gi" } } } };
    await t.patch(`${claims}/defaulted`, larger, { remark: "not bound" });
    await t.patch(`${claims}/defaulted/status`, { status: { phase: "Bound", capacity: { storage: "1Gi" } } });
    await t.patch(`${claims}/defaulted`, larger, { remark: "may grow" });
    await t.post(claims, claim("fixed", { storageClassName: "admission-a" }));
    await t.patch(`${claims}/fixed/status`, { status: { phase: "Bound", capacity: { storage: "1Gi" } } });
    await t.patch(`${claims}/fixed`, larger, { remark: "may not grow" });
    await t.post(claims, claim("unknown", { storageClassName: "admission-none" }));
    await t.patch(`${claims}/unknown/status`, { status: { phase: "Bound", capacity: { storage: "1Gi" } } });
    await t.patch(`${claims}/unknown`, larger, { remark: "of an unknown class" });
    await t.patch(`${claims}/unknown`, { metadata: { labels: { a: "b" } } }, { remark: "nothing grows" });
    await t.delete(`${claims}/unknown`, undefined, { remark: "it stays, protected" });
  }),
  test("admission: ingress classes", async (t) => {
    const ingresses = t.path("networking.k8s.io/v1/ingresses");
    await tried(t, ingresses, ingress("i"), "no default");
    const metadata = {
      name: "admission-ingress",
      annotations: { "ingressclass.kubernetes.io/is-default-class": "true" },
    };
    await given(t, INGRESS, {
      ...named("networking.k8s.io/v1", "IngressClass", ""),
      metadata,
      spec: { controller: "c.example.com/x" },
    });
    await tried(t, ingresses, ingress("i"), "the default");
    await tried(t, ingresses, ingress("i", { ingressClassName: "own" }), "its own");
    const annotated = { name: "i", annotations: { "kubernetes.io/ingress.class": "x" } };
    await tried(t, ingresses, { ...ingress("i"), metadata: annotated }, "by annotation");
    await tried(t, ingresses, named("networking.k8s.io/v1", "Ingress", "i"), "without a spec");
  }),
  test("admission: runtime classes", async (t) => {
    const pods = t.path("v1/pods");
    await given(
      t,
      RUNTIMES,
      runtimeClass("admission-plain"),
      runtimeClass("admission-heavy", { overhead: { podFixed: { cpu: "250m", memory: "64Mi" } } }),
      runtimeClass("admission-light", { overhead: {} }),
      runtimeClass("admission-placed", {
        scheduling: {
          nodeSelector: { zone: "a" },
          tolerations: [
            { key: "t", operator: "Exists" },
            { key: "u", operator: "Equal", value: "v", effect: "NoSchedule" },
          ],
        },
      }),
    );
    const specs: Record<string, JsonObject> = {
      unknown: { runtimeClassName: "admission-none" },
      plain: { runtimeClassName: "admission-plain" },
      "plain with overhead": { runtimeClassName: "admission-plain", overhead: { cpu: "1" } },
      "overhead without class": { overhead: { cpu: "1" } },
      heavy: { runtimeClassName: "admission-heavy" },
      "heavy, the same": {
        runtimeClassName: "admission-heavy",
        overhead: { cpu: "0.25", memory: "65536Ki" },
      },
      "heavy, another": { runtimeClassName: "admission-heavy", overhead: { cpu: "250m" } },
      light: { runtimeClassName: "admission-light" },
      "light with overhead": { runtimeClassName: "admission-light", overhead: { cpu: "1" } },
      placed: { runtimeClassName: "admission-placed" },
      "placed elsewhere": { runtimeClassName: "admission-placed", nodeSelector: { zone: "b" } },
      "placed further": {
        runtimeClassName: "admission-placed",
        nodeSelector: { zone: "a", disk: "ssd" },
        tolerations: [
          { key: "t", operator: "Equal", value: "x" },
          { key: "w", operator: "Exists" },
        ],
      },
      "placed, tolerating everything": {
        runtimeClassName: "admission-placed",
        tolerations: [{ operator: "Exists" }],
      },
    };
    for (const [remark, spec] of Object.entries(specs)) await tried(t, pods, pod("p", spec), remark);
  }),
  test("admission: limit ranges give defaults", async (t) => {
    const pods = t.path("v1/pods");
    await given(
      t,
      t.path("v1/limitranges"),
      limitRange("defaults", {
        type: "Container",
        default: { cpu: "2", memory: "1Gi" },
        defaultRequest: { cpu: "500m", "ephemeral-storage": "1Gi" },
      }),
    );
    await t.post(pods, pod("bare"));
    await tried(t, pods, asking("p", { requests: { cpu: "1" } }), "a request");
    await tried(t, pods, asking("p", { limits: { cpu: "1" } }), "a limit below the default request");
    await tried(
      t,
      pods,
      asking("p", {
        limits: { cpu: "100m", memory: "1Mi" },
        requests: { cpu: "100m", memory: "1Mi", "ephemeral-storage": "1" },
      }),
      "everything",
    );
    await tried(
      t,
      pods,
      asking("p", {}, { initContainers: [{ name: "i", image: "i" }] }),
      "an init container",
    );
    const annotated = pod("p", {}, { annotations: { a: "b" } });
    await tried(t, pods, annotated, "annotations of its own");
    await t.patch(`${pods}/bare`, { metadata: { labels: { a: "b" } } });
    await t.patch(
      `${pods}/bare/resize`,
      { spec: { containers: [{ name: "c", resources: { limits: { cpu: "1", memory: "1Gi" } } }] } },
      { type: "strategic" },
    );
  }),
  test("admission: limit ranges hold", async (t) => {
    const pods = t.path("v1/pods");
    await given(
      t,
      t.path("v1/limitranges"),
      limitRange("least", { type: "Container", min: { cpu: "500m" } }),
    );
    const both = (cpu: string): JsonObject => ({ requests: { cpu }, limits: { cpu } });
    await tried(t, pods, pod("p"), "no request: the default");
    await tried(t, pods, asking("p", both("499m")), "too little");
    await tried(t, pods, asking("p", both("0.5")), "enough");
    await t.put(
      `${t.path("v1/limitranges")}/least`,
      limitRange("least", { type: "Container", max: { cpu: "1" } }),
    );
    await t.pause(LAG_MS);
    await tried(t, pods, pod("p"), "no limit: the default");
    await tried(t, pods, asking("p", both("1500m")), "too much");
    await tried(t, pods, asking("p", { requests: { cpu: "100m" } }), "a request and the default limit");
    await t.put(
      `${t.path("v1/limitranges")}/least`,
      limitRange("least", { type: "Container", maxLimitRequestRatio: { memory: "2" } }),
    );
    await t.pause(LAG_MS);
    await tried(t, pods, pod("p"), "no ratio");
    await tried(t, pods, asking("p", { requests: { memory: "1Gi" } }), "only a request");
    await tried(
      t,
      pods,
      asking("p", { requests: { memory: "1Gi" }, limits: { memory: "2500Mi" } }),
      "a high ratio",
    );
    await tried(t, pods, asking("p", { requests: { memory: "1Gi" }, limits: { memory: "2Gi" } }), "a ratio");
    await tried(t, pods, asking("p", { requests: { memory: "0" }, limits: { memory: "2Gi" } }), "nothing");
    await t.put(`${t.path("v1/limitranges")}/least`, limitRange("least", { type: "Pod", max: { cpu: "1" } }));
    await t.pause(LAG_MS);
    const two = { containers: ["a", "b"].map((name) => ({ name, image: "i", resources: both("600m") })) };
    await tried(t, pods, pod("p", two), "two containers");
    await tried(t, pods, pod("p", { ...two, resources: both("1200m") }), "the pod as a whole");
    await tried(
      t,
      pods,
      pod("p", { initContainers: [{ name: "i", image: "i", resources: both("2") }] }),
      "an init container",
    );
    await tried(
      t,
      pods,
      pod("p", {
        initContainers: [{ name: "i", image: "i", restartPolicy: "Always", resources: both("600m") }],
        containers: [{ name: "c", image: "i", resources: both("600m") }],
      }),
      "a sidecar",
    );
  }),
  test("admission: limit ranges of claims", async (t) => {
    const claims = t.path("v1/persistentvolumeclaims");
    const most = { type: "PersistentVolumeClaim", min: { storage: "1Gi" }, max: { storage: "2Gi" } };
    await given(t, t.path("v1/limitranges"), limitRange("claims", most));
    const sized = (storage: string) => claim("c", { resources: { requests: { storage } } });
    for (const storage of ["1Gi", "3Gi", "512Mi"]) await tried(t, claims, sized(storage), storage);
    await tried(t, t.path("v1/pods"), pod("p"), "pods are no concern");
  }),
  test("admission: pods on nodes", async (t) => {
    const pods = t.path("v1/pods");
    const labels = { "topology.kubernetes.io/zone": "z", "topology.kubernetes.io/region": "r", other: "o" };
    const node = (name: string, more: JsonObject = {}): JsonObject => ({
      ...named("v1", "Node", name),
      metadata: { name, labels: { ...labels, ...more } },
    });
    await given(
      t,
      NODES,
      node("admission-linux"),
      node("admission-windows", { "kubernetes.io/os": "windows" }),
    );
    await t.patch(`${NODES}/admission-linux/status`, {
      status: { allocatable: { cpu: "2", memory: "2Gi", pods: "9" } },
    });
    await t.pause(LAG_MS);
    const resources = { requests: { cpu: "1", memory: "1Gi" } };
    await t.post(pods, asking("bound", resources));
    await t.post(
      `${pods}/bound/binding`,
      named("v1", "Binding", "bound", { target: { kind: "Node", name: "admission-linux" } }),
    );
    await t.get(`${pods}/bound`);
    await t.post(pods, asking("placed", resources, { nodeName: "admission-windows" }));
    await t.post(pods, asking("lost", resources, { nodeName: "admission-none" }));
    const resized = (name: string, requests: JsonObject, remark: string) =>
      t.patch(
        `${pods}/${name}/resize`,
        { spec: { containers: [{ name: "c", resources: { requests } }] } },
        { type: "strategic", remark },
      );
    await resized("bound", { cpu: "2" }, "it fits");
    await resized("bound", { cpu: "2500m", memory: "3Gi" }, "too much");
    await resized("bound", { cpu: "2500m" }, "too much of one");
    await resized("placed", { cpu: "1500m" }, "not on Linux");
    await resized("lost", { cpu: "1500m" }, "no such node");
    for (const name of ["bound", "placed", "lost"])
      await t.ask("DELETE", `${pods}/${name}`, { gracePeriodSeconds: 0 });
  }),
];
