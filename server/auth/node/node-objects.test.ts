import { beforeEach, expect, test } from "vitest";
import type { KubeObject } from "../../../api/object.ts";
import { NodeObjects } from "./node-objects.ts";

let objects: NodeObjects;
beforeEach(() => {
  objects = new NodeObjects();
});

function object(name: string, rest: object, namespace?: string): KubeObject {
  return { metadata: { name, ...(namespace ? { namespace } : {}) }, ...rest } as KubeObject;
}

const pod = (name: string, spec: object, status: object = {}) =>
  object(name, { spec: { nodeName: "n1", containers: [], ...spec }, status }, "a");
const reaches = (kind: Parameters<NodeObjects["reaches"]>[1], name: string, namespace = "a", node = "n1") =>
  objects.reaches(node, kind, namespace, name);

test("a node reaches what its pods mention, until they are gone", () => {
  const container = {
    name: "c",
    envFrom: [{ configMapRef: { name: "from" } }],
    env: [{ name: "E", valueFrom: { secretKeyRef: { name: "env", key: "k" } } }],
  };
  const volumes = [
    { name: "v", projected: { sources: [{ secret: { name: "projected" } }] } },
    { name: "scratch", ephemeral: {} },
    { name: "r", rbd: { secretRef: { name: "rbd" } } },
  ];
  const own = pod("p", { serviceAccountName: "robot", containers: [container], volumes });
  objects.pods.set(own);
  expect([reaches("pods", "p"), reaches("serviceaccounts", "robot"), reaches("configmaps", "from")]).toEqual([
    true,
    true,
    true,
  ]);
  for (const name of ["env", "projected", "rbd"]) expect(reaches("secrets", name)).toBe(true);
  expect(reaches("persistentvolumeclaims", "p-scratch")).toBe(true);
  expect([reaches("secrets", "env", "b"), reaches("secrets", "env", "a", "n2")]).toEqual([false, false]);
  objects.pods.delete(own);
  expect([reaches("pods", "p"), reaches("secrets", "env")]).toEqual([false, false]);
});

test("a pod that is on no node opens nothing, nor does a mirror pod", () => {
  const volumes = [{ name: "v", secret: { secretName: "s" } }];
  objects.pods.set(pod("unbound", { nodeName: undefined, volumes }));
  const mirror = pod("mirror", { volumes });
  mirror.metadata.annotations = { "kubernetes.io/config.mirror": "" };
  objects.pods.set(mirror);
  expect([reaches("secrets", "s"), reaches("pods", "mirror"), reaches("pods", "unbound")]).toEqual([
    false,
    true,
    false,
  ]);
});

test("resource claims are known by name, or by the status once they are made", () => {
  const resourceClaims = [
    { name: "x", resourceClaimName: "named" },
    { name: "y", resourceClaimTemplateName: "template" },
  ];
  objects.pods.set(pod("p", { resourceClaims }));
  expect([reaches("resourceclaims", "named"), reaches("resourceclaims", "made")]).toEqual([true, false]);
  objects.pods.set(
    pod("p", { resourceClaims }, { resourceClaimStatuses: [{ name: "y", resourceClaimName: "made" }] }),
  );
  expect(reaches("resourceclaims", "made")).toBe(true);
});

test("behind a claim are its volume and the secrets that the node needs for it", () => {
  const volume = (name: string, claim: string, source: object) =>
    object(name, { spec: { claimRef: { namespace: "a", name: claim }, ...source } });
  objects.pods.set(pod("p", { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "data" } }] }));
  const csi = {
    nodeStageSecretRef: { namespace: "b", name: "stage" },
    controllerPublishSecretRef: { namespace: "b", name: "controller" },
  };
  objects.volumes.replace([
    volume("pv", "data", { csi }),
    volume("file", "data", { azureFile: { secretName: "file" } }),
    volume("foreign", "other", { csi }),
  ]);
  expect([reaches("persistentvolumes", "pv", ""), reaches("persistentvolumes", "foreign", "")]).toEqual([
    true,
    false,
  ]);
  expect([reaches("secrets", "stage", "b"), reaches("secrets", "controller", "b")]).toEqual([true, false]);
  expect(reaches("secrets", "file", "a")).toBe(true);
  objects.volumes.delete(volume("pv", "data", {}));
  expect([reaches("persistentvolumes", "pv", ""), reaches("secrets", "stage", "b")]).toEqual([false, false]);
});

test("attachments and slices are those of the node that they name", () => {
  objects.attachments.set(object("va", { spec: { nodeName: "n1" } }));
  objects.slices.set(object("shared", { spec: {} }));
  expect(reaches("volumeattachments", "va", "")).toBe(true);
  expect(reaches("volumeattachments", "va", "", "n2")).toBe(false);
  expect(reaches("resourceslices", "shared", "")).toBe(false);
});
