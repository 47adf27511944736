import { type Conversation, type RequestOptions, test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { configMap, named, pod } from "../../objects.ts";

export const flags = ["--authorization-mode=Node,RBAC"];
export const isApart = true;

const REVIEWS = "/apis/authorization.k8s.io/v1";

/** As a kubelet, which the administrator may always be. */
const node = (name: string, ...groups: string[]): RequestOptions => ({
  headers: {
    "impersonate-user": `system:node:${name}`,
    "impersonate-group": groups.length === 0 ? ["system:nodes"] : groups,
  },
});

/** Writes without comparing. */
async function given(t: Conversation, path: string, ...objects: JsonObject[]): Promise<void> {
  for (const object of objects) {
    const made = await t.ask("POST", path, object);
    if (made.status !== 201) t.note(`${path}: ${made.text}`);
    if (!path.includes("/namespaces/")) t.leftovers.add(`${path}/${made.string("metadata.name")}`);
  }
}

const settled = (t: Conversation) => t.pause(400);
const secret = (name: string) => named("v1", "Secret", name);
const claim = (name: string) =>
  named("v1", "PersistentVolumeClaim", name, {
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  });
const volume = (name: string, source: JsonObject, claimRef: JsonObject) =>
  named("v1", "PersistentVolume", name, {
    spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, claimRef, ...source },
  });

export const cases = [
  test("nodes: what a pod's node may read", async (t) => {
    const env = (name: string, source: JsonObject) => ({ name, valueFrom: source });
    const spec: JsonObject = {
      nodeName: "nodes-a",
      serviceAccountName: "robot",
      imagePullSecrets: [{ name: "pull" }],
      initContainers: [{ name: "i", image: "i", envFrom: [{ secretRef: { name: "init" } }] }],
      containers: [
        {
          name: "c",
          image: "i",
          env: [
            env("A", { secretKeyRef: { name: "env", key: "k" } }),
            env("B", { configMapKeyRef: { name: "env", key: "k" } }),
          ],
          envFrom: [{ configMapRef: { name: "from" } }],
        },
      ],
      volumes: [
        { name: "a", secret: { secretName: "volume" } },
        { name: "b", configMap: { name: "volume" } },
        {
          name: "c",
          projected: { sources: [{ secret: { name: "projected" } }, { configMap: { name: "projected" } }] },
        },
        { name: "d", persistentVolumeClaim: { claimName: "data" } },
        {
          name: "e",
          ephemeral: {
            volumeClaimTemplate: {
              spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
            },
          },
        },
        { name: "f", csi: { driver: "d.example.com", nodePublishSecretRef: { name: "csi" } } },
      ],
    };
    await given(t, t.path("v1/serviceaccounts"), named("v1", "ServiceAccount", "robot"));
    await given(
      t,
      t.path("v1/pods"),
      pod("a", spec),
      pod("unbound", { volumes: [{ name: "a", secret: { secretName: "other" } }] }),
    );
    await given(t, t.path("v1/secrets"), secret("volume"), secret("other"));
    await settled(t);
    const kubelet = node("nodes-a");
    for (const name of ["pull", "init", "env", "volume", "projected", "csi", "other"])
      await t.get(t.path(`v1/secrets/${name}`), kubelet);
    for (const name of ["env", "from", "volume", "projected", "other"])
      await t.get(t.path(`v1/configmaps/${name}`), kubelet);
    for (const name of ["data", "a-e", "other"])
      await t.get(t.path(`v1/persistentvolumeclaims/${name}`), kubelet);
    await t.get(t.path("v1/secrets/volume"), { ...node("nodes-b"), remark: "another node" });
    await t.get(t.path("v1/secrets/volume", "default"), { ...kubelet, remark: "another namespace" });
    await t.get(t.path("v1/secrets"), kubelet);
    await t.get(t.path("v1/secrets"), { ...kubelet, query: { fieldSelector: "metadata.name=volume" } });
    await t.get(t.path("v1/secrets"), { ...kubelet, query: { fieldSelector: "metadata.name=other" } });
    await t.get("/api/v1/secrets", { ...kubelet, query: { fieldSelector: "metadata.name=volume" } });
    await t.put(t.path("v1/secrets/volume"), secret("volume"), kubelet);
    await t.get(t.path("v1/secrets/volume/status"), kubelet);
    await t.get(t.path("v1/serviceaccounts/robot"), kubelet);
    await t.get(t.path("v1/serviceaccounts/default"), kubelet);
    const token = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { audiences: ["a"] },
    };
    await t.post(t.path("v1/serviceaccounts/robot/token"), token, { ...kubelet, compare: "status" });
    await t.post(t.path("v1/serviceaccounts/default/token"), token, kubelet);
    await t.post(t.path("v1/serviceaccounts"), named("v1", "ServiceAccount", "x"), kubelet);
    await t.patch(t.path("v1/persistentvolumeclaims/data/status"), {}, kubelet);
    await t.patch(t.path("v1/persistentvolumeclaims/other/status"), {}, kubelet);
    await t.get(t.path("v1/persistentvolumeclaims/data/status"), kubelet);
    await t.get(t.path("v1/persistentvolumeclaims"), kubelet);
    await t.delete(t.path("v1/pods/a"), { gracePeriodSeconds: 0 } as JsonObject);
    await settled(t);
    await t.get(t.path("v1/secrets/volume"), { ...kubelet, remark: "the pod is gone" });
  }),
  test("nodes: volumes", async (t) => {
    const ref = (name: string) => ({ namespace: t.namespace, name });
    const csi = {
      csi: {
        driver: "d.example.com",
        volumeHandle: "h",
        controllerPublishSecretRef: { namespace: "default", name: "controller" },
        nodeStageSecretRef: { namespace: "default", name: "stage" },
        nodePublishSecretRef: { namespace: t.namespace, name: "publish" },
      },
    };
    const file = { azureFile: { shareName: "s", secretName: "file" } };
    await given(
      t,
      "/api/v1/persistentvolumes",
      volume("nodes-csi", csi, ref("a")),
      volume("nodes-file", file, ref("a")),
      volume("nodes-other", csi, ref("b")),
    );
    await given(t, t.path("v1/persistentvolumeclaims"), claim("a"), claim("b"));
    const mount = (name: string) => ({ name, persistentVolumeClaim: { claimName: name } });
    await given(t, t.path("v1/pods"), pod("p", { nodeName: "nodes-c", volumes: [mount("a")] }));
    await given(
      t,
      "/apis/storage.k8s.io/v1/volumeattachments",
      named("storage.k8s.io/v1", "VolumeAttachment", "nodes-attached", {
        spec: {
          attacher: "d.example.com",
          nodeName: "nodes-c",
          source: { persistentVolumeName: "nodes-csi" },
        },
      }),
    );
    await settled(t);
    const kubelet = node("nodes-c");
    for (const name of ["csi", "file", "other", "absent"])
      await t.get(`/api/v1/persistentvolumes/nodes-${name}`, { ...kubelet, compare: "status" });
    await t.get("/api/v1/persistentvolumes/nodes-other", kubelet);
    await t.get("/api/v1/persistentvolumes", kubelet);
    for (const [namespace, name] of [
      ["default", "stage"],
      ["default", "controller"],
      [t.namespace, "publish"],
      [t.namespace, "file"],
    ] as const)
      await t.get(t.path(`v1/secrets/${name}`, namespace), kubelet);
    await t.get("/apis/storage.k8s.io/v1/volumeattachments/nodes-attached", kubelet);
    await t.get("/apis/storage.k8s.io/v1/volumeattachments/nodes-attached", node("nodes-d"));
    await t.get("/apis/storage.k8s.io/v1/volumeattachments", kubelet);
    await t.delete("/api/v1/persistentvolumes/nodes-file");
    await settled(t);
    await t.get(t.path("v1/secrets/file"), kubelet);
  }),
  test("nodes: pods and nodes", async (t) => {
    await given(
      t,
      t.path("v1/pods"),
      pod("own", { nodeName: "nodes-e" }),
      pod("foreign", { nodeName: "nodes-f" }),
    );
    await given(t, "/api/v1/nodes", named("v1", "Node", "nodes-e"));
    await settled(t);
    const kubelet = node("nodes-e");
    await t.get(t.path("v1/pods/own"), kubelet);
    await t.get(t.path("v1/pods/foreign"), kubelet);
    await t.get(t.path("v1/pods/own/log"), kubelet);
    await t.get(t.path("v1/pods/own/status"), kubelet);
    const selecting = (fieldSelector: string, more: JsonObject = {}) => ({
      ...kubelet,
      query: { fieldSelector, ...(more as Record<string, string>) },
    });
    await t.get("/api/v1/pods", kubelet);
    await t.get("/api/v1/pods", selecting("spec.nodeName=nodes-e"));
    await t.get("/api/v1/pods", selecting("spec.nodeName=nodes-f"));
    await t.get("/api/v1/pods", selecting("spec.nodeName!=nodes-e"));
    await t.get("/api/v1/pods", selecting("spec.nodeName=nodes-e,metadata.namespace=default"));
    await t.get("/api/v1/pods", selecting("spec.nodeName="));
    await t.get("/api/v1/pods", selecting("spec.nodeName=nodes-e,("));
    await t.get("/api/v1/watch/pods", selecting("spec.nodeName=nodes-e", { timeoutSeconds: "1" }));
    await t.get(t.path("v1/pods"), selecting("metadata.name=own"));
    await t.get(t.path("v1/pods"), selecting("metadata.name=foreign"));
    await t.patch(t.path("v1/pods/own/status"), { status: { message: "m" } }, kubelet);
    await t.patch(t.path("v1/pods/own"), { metadata: { labels: { a: "b" } } }, kubelet);
    await t.delete(t.path("v1/pods"), undefined, selecting("spec.nodeName=nodes-e"));
    await t.get("/api/v1/nodes", kubelet);
    await t.get("/api/v1/nodes/nodes-e", kubelet);
    await t.get("/api/v1/nodes/nodes-f", kubelet);
    await t.get("/api/v1/nodes", selecting("metadata.name=nodes-e"));
    await t.get("/api/v1/nodes", selecting("metadata.name=nodes-f"));
    await t.get("/api/v1/nodes/nodes-e/status", kubelet);
    await t.patch(
      "/api/v1/nodes/nodes-e/status",
      { status: { phase: "Running" } },
      { ...kubelet, compare: "status" },
    );
    await t.patch("/api/v1/nodes/nodes-f", {}, kubelet);
    await t.delete("/api/v1/nodes/nodes-e", undefined, kubelet);
    await t.get("/api/v1/nodes/nodes-e/proxy", kubelet);
  }),
  test("nodes: leases, CSI nodes, slices and the rest", async (t) => {
    const kubelet = node("nodes-g");
    const leases = (namespace: string) => t.path("coordination.k8s.io/v1/leases", namespace);
    const lease = (name: string) => named("coordination.k8s.io/v1", "Lease", name, { spec: {} });
    await t.post(leases("kube-node-lease"), lease("nodes-g"), kubelet);
    t.leftovers.add(`${leases("kube-node-lease")}/nodes-g`);
    await t.get(`${leases("kube-node-lease")}/nodes-g`, kubelet);
    await t.get(`${leases("kube-node-lease")}/nodes-h`, kubelet);
    await t.get(leases("kube-node-lease"), kubelet);
    await t.get(`${leases("default")}/nodes-g`, kubelet);
    const csiNodes = "/apis/storage.k8s.io/v1/csinodes";
    await t.get(`${csiNodes}/nodes-g`, kubelet);
    await t.get(`${csiNodes}/nodes-h`, kubelet);
    await t.get(csiNodes, kubelet);
    const slices = "/apis/resource.k8s.io/v1/resourceslices";
    await t.get(slices, kubelet);
    await t.get(slices, { ...kubelet, query: { fieldSelector: "spec.nodeName=nodes-g" } });
    await t.delete(slices, undefined, { ...kubelet, query: { fieldSelector: "spec.nodeName=nodes-g" } });
    await t.get(`${slices}/absent`, kubelet);
    await t.get(t.path("resource.k8s.io/v1/resourceclaims/absent"), kubelet);
    await t.get(t.path("v1/services"), kubelet);
    await t.get(t.path("v1/endpoints/absent"), kubelet);
    await t.get(t.path("v1/endpoints"), kubelet);
    await t.get("/apis/node.k8s.io/v1/runtimeclasses", { ...kubelet, compare: "status" });
    await t.get(t.path("apps/v1/deployments"), kubelet);
    await t.get("/apis/certificates.k8s.io/v1/certificatesigningrequests/absent", kubelet);
    await t.post(t.path("v1/configmaps"), configMap("a"), kubelet);
    await t.get("/version", { ...kubelet, compare: "status" });
    await t.get("/metrics", kubelet);
  }),
  test("nodes: who is none", async (t) => {
    await given(t, t.path("v1/pods"), pod("p", { nodeName: "nodes-i" }));
    await settled(t);
    const path = t.path("v1/pods/p");
    await t.get(path, { ...node("", "system:nodes"), remark: "no name" });
    await t.get(path, { ...node("nodes-i", "developers"), remark: "not in the group" });
    await t.get(path, { headers: { "impersonate-user": "x", "impersonate-group": ["system:nodes"] } });
    const review = (spec: JsonObject) => ({
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec,
    });
    const subject = { user: "system:node:nodes-i", groups: ["system:nodes"] };
    const list = { verb: "list", resource: "pods" };
    const selectors: Record<string, JsonObject> = {
      none: {},
      raw: { fieldSelector: { rawSelector: "spec.nodeName=nodes-i" } },
      requirement: {
        fieldSelector: { requirements: [{ key: "spec.nodeName", operator: "In", values: ["nodes-i"] }] },
      },
      partly: {
        fieldSelector: {
          requirements: [
            { key: "spec.nodeName", operator: "In", values: ["nodes-i"] },
            { key: "a", operator: "Exists" },
          ],
        },
      },
      negated: {
        fieldSelector: { requirements: [{ key: "spec.nodeName", operator: "NotIn", values: ["nodes-i"] }] },
      },
      wrong: { fieldSelector: { rawSelector: "spec.nodeName" } },
    };
    for (const [remark, selector] of Object.entries(selectors)) {
      const spec = { ...subject, resourceAttributes: { ...list, ...selector } };
      await t.post(`${REVIEWS}/subjectaccessreviews`, review(spec), { remark });
    }
    const namespaced = { namespace: "default" };
    const rules = { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: namespaced };
    const answer = await t.ask("POST", `${REVIEWS}/selfsubjectrulesreviews`, rules, node("nodes-i"));
    t.note(JSON.stringify([answer.at("status.incomplete"), answer.at("status.evaluationError")]));
  }),
];
