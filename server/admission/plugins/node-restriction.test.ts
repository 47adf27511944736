import { describe, expect, test } from "vitest";
import { parseFeatureGates } from "../../../api/feature-gates.ts";
import { alwaysAllow, alwaysDeny } from "../../auth/authorizer.ts";
import { admitted, named, objectsOf } from "../testing.ts";
import { nodeRestriction } from "./node-restriction.ts";

const gates = parseFeatureGates("PodCertificateRequest=true");
const running = (name: string, nodeName: string, spec: object = {}) =>
  named(name, { spec: { nodeName, serviceAccountName: "robot", ...spec } }, { uid: `${name}-uid` });
const objects = objectsOf({
  nodes: [named("n", {}, { uid: "n-uid" })],
  serviceaccounts: [named("robot", {}, { uid: "robot-uid" })],
  pods: [
    running("own", "n", {
      volumes: [
        { name: "a", projected: { sources: [{ serviceAccountToken: { audience: "vault" } }] } },
        { name: "b", persistentVolumeClaim: { claimName: "data" } },
      ],
    }),
    running("other", "m"),
    running("lost", "n", { volumes: [{ name: "a", csi: { driver: "none" } }] }),
  ],
  persistentvolumeclaims: [named("data", { spec: { volumeName: "v" } })],
  persistentvolumes: [named("v", { spec: { csi: { driver: "d" } } }, { namespace: undefined })],
  "csidrivers.storage.k8s.io": [named("d", { spec: { tokenRequests: [{ audience: "storage" }] } })],
});
const plugin = nodeRestriction({ objects, gates, authorizer: alwaysDeny });
const kubelet = { name: "system:node:n", groups: ["system:nodes"] };
type Write = Parameters<typeof admitted>[1];

/** What a kubelet is told, without the object's name. */
async function told(write: Write, own = plugin): Promise<string | undefined> {
  const { error } = await admitted(own, { user: kubelet, ...write });
  return error?.message.replace(/^.* is forbidden: /, "");
}

test("others than kubelets are no concern; a kubelet must say which it is", async () => {
  const write = { resource: "nodes", object: named("m") };
  expect(await told({ ...write, user: { name: "somebody", groups: ["system:nodes"] } })).toBeUndefined();
  expect(await told({ ...write, user: { name: "system:node:x", groups: [] } })).toBeUndefined();
  expect(
    await told({ resource: "secrets", object: named("s"), user: { ...kubelet, name: "system:node:" } }),
  ).toBe('could not determine node from user "system:node:"');
  expect(await told({ resource: "secrets", object: named("s") })).toBeUndefined();
});

describe("nodes", () => {
  const node = (metadata: object = {}, spec: object = {}) => named("n", { spec }, metadata);
  const write = (object: object, oldObject?: object) =>
    told({ resource: "nodes", object, ...(oldObject ? { oldObject } : {}) });

  test("are written by themselves", async () => {
    expect(await write(named("m"))).toBe('node "n" is not allowed to modify node "m"');
    expect(await write(node())).toBeUndefined();
  });

  test("label themselves within limits", async () => {
    const labels = {
      "kubernetes.io/os": "linux",
      "a.kubelet.kubernetes.io/b": "c",
      "example.com/a": "b",
      "k8s.io/a": "b",
      "node-restriction.kubernetes.io/a": "b",
    };
    const forbidden = "k8s.io/a, node-restriction.kubernetes.io/a";
    expect(await write(node({ labels }))).toBe(
      `node "n" is not allowed to set the following labels: ${forbidden}`,
    );
    expect(await write(node(), node({ labels }))).toBe(`is not allowed to modify labels: ${forbidden}`);
    expect(await write(node({ labels }), node({ labels }))).toBeUndefined();
  });

  test("do not choose what comes to them", async () => {
    expect(await write(node({}, { taints: [{ key: "k" }] }), node())).toBe(
      'node "n" is not allowed to modify taints',
    );
    expect(await write(node({ ownerReferences: [{ uid: "u" }] }), node())).toBe(
      'node "n" is not allowed to modify ownerReferences',
    );
    expect(await write(node({}, { configSource: {} }))).toContain("non-nil configSource");
  });
});

describe("pods", () => {
  const owner = { apiVersion: "v1", kind: "Node", name: "n", uid: "n-uid", controller: true };
  const mirror = (spec: object = {}, ...ownerReferences: object[]) =>
    told({
      resource: "pods",
      object: named(
        "p",
        { spec: { nodeName: "n", containers: [], ...spec }, status: {} },
        { annotations: { "kubernetes.io/config.mirror": "x" }, ownerReferences },
      ),
    });
  const start = 'node "n" can only create pods with';

  test("are mirrors of what the node runs", async () => {
    expect(await mirror({}, owner)).toBeUndefined();
    expect(await told({ resource: "pods", object: named("p", { spec: {} }) })).toContain(
      "can only create mirror pods",
    );
    expect(await mirror({ nodeName: "m" }, owner)).toBe(`${start} spec.nodeName set to itself`);
    expect(await mirror()).toBe(`${start} an owner reference set to itself`);
    expect(await mirror({}, owner, owner)).toBe(`${start} a single owner reference set to itself`);
    expect(await mirror({}, { ...owner, controller: false })).toBe(
      `${start} a controller owner reference set to itself`,
    );
    expect(await mirror({}, { ...owner, blockOwnerDeletion: true })).toContain(
      "must not set blockOwnerDeletion",
    );
    expect(await mirror({}, { ...owner, uid: "x" })).toBe("node n UID mismatch: expected x got n-uid");
  });

  test.each([
    [{ serviceAccountName: "a" }, "serviceaccounts"],
    [{ imagePullSecrets: [{ name: "a" }] }, "secrets"],
    [{ resourceClaims: [{ name: "a" }] }, "resourceclaims"],
    [{ volumes: [{ name: "v", csi: { driver: "d" } }] }, "csidrivers (via CSI volumes)"],
    [
      { volumes: [{ name: "v", projected: { sources: [{ clusterTrustBundle: {} }] } }] },
      "clustertrustbundles",
    ],
  ])("of mirrors need nothing of the API: %j", async (spec, kind) => {
    expect(await mirror(spec, owner)).toBe(`node "n" can not create pods that reference ${kind}`);
  });

  test("are deleted, evicted and spoken of where they run", async () => {
    const remove = (name: string) => told({ resource: "pods", oldObject: running(name, "n") });
    expect(await remove("own")).toBeUndefined();
    expect(await remove("other")).toBe('node "n" can only delete pods with spec.nodeName set to itself');
    expect(await remove("none")).toBe('pod "none" not found');
    const evict = (name: string) => told({ resource: "pods", subresource: "eviction", object: named(name) });
    expect(await evict("own")).toBeUndefined();
    expect(await evict("other")).toBe("node n can only evict pods with spec.nodeName set to itself");
    const report = (object: object, oldObject: object) =>
      told({ resource: "pods", subresource: "status", object, oldObject });
    const [own, other] = [running("own", "n"), running("other", "m")];
    expect(await report(own, own)).toBeUndefined();
    expect(await report(other, other)).toContain("can only update pod status");
    const labelled = { ...own, metadata: { ...own.metadata, labels: { a: "b" } } };
    expect(await report(labelled, own)).toBe('node "n" cannot update labels through pod status');
    const claiming = { ...own, status: { resourceClaimStatuses: [{ name: "r" }] } };
    expect(await report(claiming, own)).toBe('node "n" cannot update resource claim statues');
  });

  test("are not changed otherwise", async () => {
    const write = { resource: "pods", object: running("own", "n"), oldObject: running("own", "n") };
    expect(await told(write)).toContain('unexpected operation "UPDATE"');
    expect(await told({ ...write, subresource: "resize" })).toContain('unexpected pod subresource "resize"');
  });
});

describe("tokens", () => {
  const ask = (name: string, audiences: string[] = ["vault"], reference: object = {}, own = plugin) => {
    const boundObjectRef = { apiVersion: "v1", kind: "Pod", name, uid: `${name}-uid`, ...reference };
    const object = { metadata: { name: "robot" }, spec: { audiences, boundObjectRef } };
    return told({ resource: "serviceaccounts", subresource: "token", object }, own);
  };

  test("are bound to pods on the node", async () => {
    expect(await ask("own")).toBeUndefined();
    expect(await ask("own", [], { kind: "Secret" })).toBe("node requested token not bound to a pod");
    expect(await ask("own", [], { uid: "" })).toBe("node requested token with a pod binding without a uid");
    expect(await ask("own", [], { uid: "x" })).toContain("does not match the UID in record");
    expect(await ask("other")).toBe("node requested token bound to a pod scheduled on a different node");
  });

  test("are for audiences that the pod, a driver or a rule names", async () => {
    expect(await ask("own", ["storage"])).toBeUndefined();
    expect(await ask("own", ["x"])).toBe(
      'audience "x" not found in pod spec volume, system:node:n is not authorized to request tokens for this audience',
    );
    expect(await ask("lost", ["x"])).toBe(
      'error validating audience "x": csidriver.storage.k8s.io "none" not found',
    );
    expect(await ask("own", ["x", "y"])).toBe("node may only request 0 or 1 audiences");
    const lenient = nodeRestriction({ objects, gates, authorizer: alwaysAllow });
    expect(await ask("own", ["x"], {}, lenient)).toBeUndefined();
  });
});

test("certificates are asked for by what the node runs", async () => {
  const good = {
    nodeName: "n",
    nodeUID: "n-uid",
    podName: "own",
    podUID: "own-uid",
    serviceAccountName: "robot",
    serviceAccountUID: "robot-uid",
  };
  const ask = (change: object) =>
    told({
      ...{ group: "certificates.k8s.io", resource: "podcertificaterequests" },
      object: named("r", { spec: { ...good, ...change } }),
    });
  expect(await ask({})).toBeUndefined();
  expect(await ask({ nodeName: "m" })).toContain('which is not the requesting node "n"');
  expect(await ask({ nodeUID: "x" })).toContain("inconsistent with the running node");
  expect(await ask({ podName: "none" })).toContain('pod "none" not found');
  expect(await ask({ podName: "other", podUID: "other-uid" })).toBe(
    'pod "ns/other" is not running on node "n" named in the PodCertificateRequest',
  );
  expect(await ask({ serviceAccountName: "x" })).toContain('serviceAccountName ("x") that differs');
  expect(await ask({ serviceAccountUID: "x" })).toContain("differs from the running service account");
});

test("leases, CSI nodes and slices are those of the node", async () => {
  const lease = (name: string, namespace = "kube-node-lease") =>
    told({ group: "coordination.k8s.io", resource: "leases", namespace, object: named(name) });
  expect(await lease("n")).toBeUndefined();
  expect(await lease("m")).toBe("can only access node lease with the same name as the requesting node");
  expect(await lease("n", "ns")).toBe('can only access leases in the "kube-node-lease" system namespace');
  const csiNode = (name: string) =>
    told({ group: "storage.k8s.io", resource: "csinodes", oldObject: named(name) });
  expect(await csiNode("n")).toBeUndefined();
  expect(await csiNode("m")).toBe("can only access CSINode with the same name as the requesting node");
  const slice = (nodeName: string, key: "object" | "oldObject") =>
    told({ group: "resource.k8s.io", resource: "resourceslices", [key]: named("s", { spec: { nodeName } }) });
  expect(await slice("n", "object")).toBeUndefined();
  expect(await slice("m", "object")).toBe(
    "can only create ResourceSlice with the same NodeName as the requesting node",
  );
  expect(await slice("m", "oldObject")).toBe(
    "can only delete ResourceSlice with the same NodeName as the requesting node",
  );
});

test("of claims only their size is told", async () => {
  const claim = (phase: string, storage: string) => named("c", { status: { phase, capacity: { storage } } });
  const write = (object: object, subresource = "status") =>
    told({ resource: "persistentvolumeclaims", subresource, object, oldObject: claim("Bound", "1Gi") });
  expect(await write(claim("Bound", "2Gi"))).toBeUndefined();
  const diff = await write(claim("Lost", "1Gi"));
  expect(diff).toContain("fields other than status.quantity and status.conditions: @@ -");
  expect(diff).toContain('   "Status": {\n-  "Phase": "Bound",\n+  "Phase": "Lost",\n'.slice(2));
  expect(await write(claim("Bound", "2Gi"), "")).toBe("may only update PVC status");
});
