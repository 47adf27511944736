import { type Conversation, type RequestOptions, test } from "../../conversation.ts";
import { CERTIFICATE_REQUEST } from "../../csr.ts";
import type { JsonObject } from "../../json.ts";
import { configMap, named, pod } from "../../objects.ts";

export const flags = [
  "--enable-admission-plugins=NodeRestriction",
  "--feature-gates=PodCertificateRequest=true",
  "--runtime-config=certificates.k8s.io/v1beta1=true",
];
export const isApart = true;

const NODES = "/api/v1/nodes";
const LAG_MS = 400;
const DRY = { query: { dryRun: "All" } };

/** As a kubelet, which the administrator may always be. */
const as = (user: string, remark?: string): RequestOptions => ({
  headers: { "impersonate-user": user, "impersonate-group": "system:nodes" },
  ...(remark === undefined ? {} : { remark }),
});
const node = (name: string, remark?: string) => as(`system:node:${name}`, remark);
const tried = (name: string, remark?: string) => ({ ...node(name, remark), ...DRY });

async function given(t: Conversation, all: string, object: JsonObject): Promise<JsonObject> {
  const made = await t.ask("POST", all, object);
  if (!all.includes("/namespaces/")) t.leftovers.add(`${all}/${made.string("metadata.name")}`);
  return made.object;
}

const uidOf = (object: JsonObject): string => (object["metadata"] as { uid: string }).uid;
const labelled = (name: string, labels: JsonObject, spec: JsonObject = {}): JsonObject => ({
  ...named("v1", "Node", name, { spec }),
  metadata: { name, labels },
});

export const cases = [
  test("node restriction: nodes", async (t) => {
    await t.post(NODES, named("v1", "Node", "restricted-a"), tried("restricted-b", "another"));
    await t.post(NODES, named("v1", "Node", "restricted-a"), {
      ...as("system:node:"),
      ...DRY,
      remark: "nobody",
    });
    await t.post(t.path("v1/configmaps"), configMap("a"), {
      ...as("system:node:"),
      ...DRY,
      remark: "nobody",
    });
    const own = { "kubernetes.io/hostname": "h", "x.kubelet.kubernetes.io/a": "b", "example.com/a": "b" };
    await t.post(NODES, labelled("restricted-a", own), tried("restricted-a", "own labels"));
    const foreign = {
      "kubernetes.io/a": "b",
      "a.k8s.io/b": "c",
      "x.node-restriction.kubernetes.io/a": "b",
      "kubernetes.io/os": "linux",
    };
    await t.post(NODES, labelled("restricted-a", foreign), tried("restricted-a", "foreign labels"));
    await given(t, NODES, labelled("restricted-a", own));
    const path = `${NODES}/restricted-a`;
    await t.patch(path, { metadata: { labels: { "kubernetes.io/a": "b" } } }, tried("restricted-a"));
    await t.patch(path, { metadata: { labels: { "example.com/a": "c" } } }, tried("restricted-a"));
    await t.patch(path, { spec: { taints: [{ key: "k", effect: "NoSchedule" }] } }, tried("restricted-a"));
    await t.patch(
      path,
      { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "X", name: "x", uid: "u" }] } },
      tried("restricted-a"),
    );
    await t.patch(
      `${path}/status`,
      { status: { nodeInfo: { kubeletVersion: "v1" } } },
      tried("restricted-b"),
    );
    await t.delete(path, undefined, tried("restricted-b"));
    await t.delete(path, undefined, tried("restricted-a"));
  }),
  test("node restriction: pods", async (t) => {
    const pods = t.path("v1/pods");
    const created = await given(t, NODES, named("v1", "Node", "restricted-pods"));
    await t.pause(LAG_MS);
    const owner = {
      apiVersion: "v1",
      kind: "Node",
      name: "restricted-pods",
      uid: uidOf(created),
      controller: true,
    };
    const mirror = (spec: JsonObject = {}, ...ownerReferences: JsonObject[]) =>
      pod(
        "p",
        { nodeName: "restricted-pods", ...spec },
        { annotations: { "kubernetes.io/config.mirror": "x" }, ownerReferences },
      );
    const shapes: Record<string, JsonObject> = {
      "no mirror": pod("p", { nodeName: "restricted-pods" }),
      "on another node": mirror({ nodeName: "other" }, owner),
      "no owner": mirror(),
      "two owners": mirror({}, owner, { ...owner, uid: "x", controller: false }),
      "another owner": mirror({}, { ...owner, name: "other" }),
      "no controller": mirror({}, { ...owner, controller: false }),
      blocking: mirror({}, { ...owner, blockOwnerDeletion: true }),
      "another uid": mirror({}, { ...owner, uid: "x" }),
      good: mirror({}, owner),
      "a secret": mirror({ volumes: [{ name: "v", secret: { secretName: "s" } }] }, owner),
      "a config map": mirror({ volumes: [{ name: "v", configMap: { name: "s" } }] }, owner),
      "an account": mirror({ serviceAccountName: "s" }, owner),
      "a claim": mirror({ volumes: [{ name: "v", persistentVolumeClaim: { claimName: "s" } }] }, owner),
      "a driver": mirror({ volumes: [{ name: "v", csi: { driver: "d.example.com" } }] }, owner),
      "a token": mirror(
        { volumes: [{ name: "v", projected: { sources: [{ serviceAccountToken: { path: "t" } }] } }] },
        owner,
      ),
    };
    for (const [remark, object] of Object.entries(shapes))
      await t.post(pods, object, tried("restricted-pods", remark));
    await given(t, pods, pod("own", { nodeName: "restricted-pods" }));
    await given(t, pods, pod("other", { nodeName: "other" }));
    await t.pause(LAG_MS);
    for (const name of ["own", "other"]) {
      const path = `${pods}/${name}`;
      await t.patch(path, { metadata: { labels: { a: "b" } } }, tried("restricted-pods"));
      await t.patch(`${path}/status`, { status: { message: "m" } }, tried("restricted-pods"));
      await t.patch(
        `${path}/status`,
        { metadata: { labels: { a: "b" } } },
        tried("restricted-pods", "labels"),
      );
      await t.patch(
        `${path}/status`,
        { status: { resourceClaimStatuses: [{ name: "r" }] } },
        tried("restricted-pods", "claims"),
      );
      await t.patch(`${path}/ephemeralcontainers`, {}, tried("restricted-pods"));
      await t.post(
        `${path}/eviction`,
        named("policy/v1", "Eviction", name, { deleteOptions: { dryRun: ["All"] } }),
        { ...node("restricted-pods") },
      );
      await t.delete(path, undefined, tried("restricted-pods"));
    }
    await t.post(`${pods}/none/eviction`, named("policy/v1", "Eviction", "none"), node("restricted-pods"));
  }),
  test("node restriction: what is named like the node", async (t) => {
    const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    const lease = (name: string) =>
      named("coordination.k8s.io/v1", "Lease", name, { spec: { holderIdentity: "h" } });
    await t.post(t.path("coordination.k8s.io/v1/leases"), lease("restricted"), tried("restricted"));
    for (const name of ["restricted", "other"]) await t.post(leases, lease(name), tried("restricted"));
    await given(t, leases, lease("restricted-lease"));
    t.leftovers.add(`${leases}/restricted-lease`);
    for (const name of ["restricted-lease", "other"]) {
      await t.patch(`${leases}/restricted-lease`, { spec: { leaseDurationSeconds: 5 } }, tried(name));
      await t.delete(`${leases}/restricted-lease`, undefined, tried(name));
    }
    const csiNodes = "/apis/storage.k8s.io/v1/csinodes";
    const csiNode = (name: string) => named("storage.k8s.io/v1", "CSINode", name, { spec: { drivers: [] } });
    for (const name of ["restricted", "other"]) await t.post(csiNodes, csiNode(name), tried("restricted"));
    const slices = "/apis/resource.k8s.io/v1/resourceslices";
    const slice = (nodeName: string) =>
      named("resource.k8s.io/v1", "ResourceSlice", "restricted", {
        spec: {
          driver: "d.example.com",
          pool: { name: "p", generation: 1, resourceSliceCount: 1 },
          nodeName,
          devices: [],
        },
      });
    for (const name of ["restricted", "other"]) await t.post(slices, slice(name), tried("restricted"));
    await given(t, slices, slice("restricted"));
    t.leftovers.add(`${slices}/restricted`);
    for (const name of ["restricted", "other"])
      await t.delete(`${slices}/restricted`, undefined, tried(name));
  }),
  test("node restriction: claims", async (t) => {
    const claims = t.path("v1/persistentvolumeclaims");
    const claim = (name: string) =>
      named("v1", "PersistentVolumeClaim", name, {
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      });
    await t.post(claims, claim("a"), tried("n"));
    await given(t, claims, claim("b"));
    await t.patch(`${claims}/b/status`, { status: { capacity: { storage: "1Gi" } } }, tried("n"));
    await t.patch(`${claims}/b/status`, { status: { phase: "Bound" } }, { ...tried("n"), compare: "all" });
    const metadata = { labels: { a: "b" }, finalizers: ["example.com/f"] };
    await t.patch(`${claims}/b/status`, { metadata }, { ...tried("n"), compare: "all" });
    const status = { accessModes: ["ReadWriteOnce"], currentVolumeAttributesClassName: "gold" };
    await t.patch(`${claims}/b/status`, { status }, { ...tried("n"), compare: "all" });
    await t.patch(`${claims}/b`, {}, tried("n"));
    await t.delete(`${claims}/b`, undefined, tried("n"));
  }),
  test("node restriction: tokens and certificates", async (t) => {
    const account = await given(t, t.path("v1/serviceaccounts"), named("v1", "ServiceAccount", "robot"));
    const own = await given(t, NODES, named("v1", "Node", "restricted-token"));
    const running = await given(
      t,
      t.path("v1/pods"),
      pod("p", { nodeName: "restricted-token", serviceAccountName: "robot" }),
    );
    await t.pause(LAG_MS);
    const token = (boundObjectRef?: JsonObject, audiences: string[] = []) => ({
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { audiences, ...(boundObjectRef ? { boundObjectRef } : {}) },
    });
    const path = t.path("v1/serviceaccounts/robot/token");
    const reference = { apiVersion: "v1", kind: "Pod", name: "p", uid: uidOf(running) };
    const as = (remark: string, name = "restricted-token"): RequestOptions => ({
      ...tried(name, remark),
      compare: "all",
    });
    await t.post(path, token(), as("unbound"));
    await t.post(path, token({ ...reference, kind: "Secret" }), as("bound to a secret"));
    await t.post(path, token({ apiVersion: "v1", kind: "Pod", name: "p" }), as("without a uid"));
    await t.post(path, token({ ...reference, name: "none" }), as("no pod"));
    await t.post(path, token({ ...reference, uid: "x" }), as("another uid"));
    await t.post(path, token(reference), as("another node", "other"));
    await t.post(path, token(reference, ["a", "b"]), as("two audiences"));
    await t.post(path, token(reference), { ...as("good"), compare: "status" });
    const csrs = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    const csr = (signerName: string) =>
      named("certificates.k8s.io/v1", "CertificateSigningRequest", "restricted", {
        spec: { request: CERTIFICATE_REQUEST, signerName, usages: ["client auth"] },
      });
    await t.post(csrs, csr("kubernetes.io/kube-apiserver-client-kubelet"), as("of somebody else"));
    await t.post(csrs, csr("example.com/one"), as("of another signer"));
    const requests = t.path("certificates.k8s.io/v1beta1/podcertificaterequests");
    const spec: JsonObject = {
      signerName: "example.com/one",
      podName: "p",
      podUID: uidOf(running),
      serviceAccountName: "robot",
      serviceAccountUID: uidOf(account),
      nodeName: "restricted-token",
      nodeUID: uidOf(own),
      maxExpirationSeconds: 86400,
      stubPKCS10Request: CERTIFICATE_REQUEST,
    };
    const changes: Record<string, JsonObject> = {
      node: { nodeName: "other" },
      "node's uid": { nodeUID: "x" },
      pod: { podName: "none" },
      "pod's uid": { podUID: "x" },
      account: { serviceAccountName: "other" },
      "account's uid": { serviceAccountUID: "x" },
    };
    for (const [remark, change] of Object.entries(changes)) {
      const object = named("certificates.k8s.io/v1beta1", "PodCertificateRequest", "r", {
        spec: { ...spec, ...change },
      });
      await t.post(requests, object, as(`another ${remark}`));
    }
  }),
];
