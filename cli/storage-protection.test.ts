import { afterEach, expect, test, vi } from "vitest";
import type { KubeObject } from "../api/object.ts";
import type { ResourceReference } from "../client/client.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const core = { group: "", version: "v1" } as const;
const claims = { ...core, resource: "persistentvolumeclaims", namespace: "default" };
const pods = { ...core, resource: "pods", namespace: "default" };
const volumes = { ...core, resource: "persistentvolumes" };
const classes = { group: "storage.k8s.io", version: "v1", resource: "volumeattributesclasses" };

let cluster: Cluster;
const errors: unknown[] = [];
const start = async (options: object = {}) => {
  cluster = await createCluster({ onError: (error) => errors.push(error), ...options });
};
afterEach(async () => {
  await cluster.close();
  expect(errors).toEqual([]);
});

const resources = { requests: { storage: "1Gi" } };
const claim = (name: string, more: object = {}) =>
  ({
    ...{ kind: "PersistentVolumeClaim", apiVersion: "v1", metadata: { name } },
    spec: { accessModes: ["ReadWriteOnce"], resources, ...more },
  }) as KubeObject;
const pod = (name: string, claimName: string, more: object = {}) =>
  ({
    ...{ kind: "Pod", apiVersion: "v1", metadata: { name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [{ name: "c", image: "i" }],
      volumes: [{ name: "v", persistentVolumeClaim: { claimName } }],
      ...more,
    },
  }) as KubeObject;
const volume = (name: string, more: object = {}) =>
  ({
    ...{ kind: "PersistentVolume", apiVersion: "v1", metadata: { name } },
    spec: { accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" }, hostPath: { path: "/x" }, ...more },
  }) as KubeObject;

const gone = (resource: ResourceReference, name: string) =>
  vi.waitFor(() => expect(cluster.client.get(resource, name)).rejects.toMatchObject({ code: 404 }), 5000);
/** Time for what must not happen. */
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 100));

test("a claim goes when no scheduled pod uses it any more", async () => {
  await start();
  const { client } = cluster;
  for (const name of ["used", "free"]) await client.create(claims, claim(name));
  await client.create(pods, pod("scheduled", "used", { nodeName: "node-1" }));
  await client.create(pods, pod("waiting", "free"));
  for (const name of ["used", "free"]) await client.delete(claims, name);
  await gone(claims, "free");
  await aWhile();
  expect((await client.get(claims, "used")).metadata.deletionTimestamp).toBeDefined();
  await client.delete(pods, "scheduled", { gracePeriodSeconds: 0 });
  await gone(claims, "used");
});

test("the claim of an ephemeral volume is held by the pod that it was made for alone", async () => {
  await start();
  const { client } = cluster;
  const spec = { accessModes: ["ReadWriteOnce"], resources };
  const ephemeral = [{ name: "v", ephemeral: { volumeClaimTemplate: { spec } } }];
  const owner = await client.create(pods, pod("p", "", { nodeName: "node-1", volumes: ephemeral }));
  const { uid } = owner.metadata;
  const ownerReferences = [{ apiVersion: "v1", kind: "Pod", name: "p", uid, controller: true }];
  const made = claim("p-v");
  await client.create(claims, made);
  await client.delete(claims, "p-v");
  await gone(claims, "p-v");
  await client.create(claims, { ...made, metadata: { ...made.metadata, ownerReferences } } as KubeObject);
  await client.delete(claims, "p-v");
  await aWhile();
  expect((await client.get(claims, "p-v")).metadata.deletionTimestamp).toBeDefined();
  await client.delete(pods, "p", { gracePeriodSeconds: 0 });
  await gone(claims, "p-v");
});

test("a volume goes when it is not bound", async () => {
  await start();
  const { client } = cluster;
  for (const name of ["bound", "free"]) await client.create(volumes, volume(name));
  const status = (phase: string) =>
    client.patch(volumes, "bound", { status: { phase } }, { type: "merge", subresource: "status" });
  await status("Bound");
  for (const name of ["bound", "free"]) await client.delete(volumes, name);
  await gone(volumes, "free");
  await aWhile();
  expect((await client.get(volumes, "bound")).metadata.deletionTimestamp).toBeDefined();
  await status("Released");
  await gone(volumes, "bound");
});

test("an attributes class goes when no volume and no claim names it", async () => {
  await start();
  const { client } = cluster;
  const named = (name: string) => ({
    ...{ kind: "VolumeAttributesClass", apiVersion: "storage.k8s.io/v1", metadata: { name } },
    ...{ driverName: "example.com", parameters: { a: "b" } },
  });
  for (const name of ["claimed", "free"]) await client.create(classes, named(name) as KubeObject);
  await client.create(claims, claim("c", { volumeAttributesClassName: "claimed" }));
  for (const name of ["claimed", "free"]) await client.delete(classes, name);
  await gone(classes, "free");
  await aWhile();
  expect((await client.get(classes, "claimed")).metadata.deletionTimestamp).toBeDefined();
  await client.delete(claims, "c");
  await gone(classes, "claimed");
});

test("what was made without the finalizer gets it", async () => {
  await start({ disableAdmissionPlugins: ["StorageObjectInUseProtection"] });
  await cluster.client.create(volumes, volume("v"));
  await vi.waitFor(async () => {
    const { metadata } = await cluster.client.get(volumes, "v");
    expect(metadata.finalizers).toEqual(["kubernetes.io/pv-protection"]);
  }, 5000);
});

test("with the feature, a claim tells since when no pod uses it", async () => {
  await start({ featureGates: "PersistentVolumeClaimUnusedSinceTime=true" });
  const { client } = cluster;
  const condition = (status: string, reason: string) =>
    vi.waitFor(async () => {
      const found = (await client.get(claims, "c")) as KubeObject & { status: object };
      expect(found.status).toMatchObject({ conditions: [{ type: "Unused", status, reason }] });
    }, 5000);
  await client.create(claims, claim("c"));
  await condition("True", "NoPodsUsingPVC");
  await client.create(pods, pod("p", "c"));
  await condition("False", "PodUsingPVC");
  await client.delete(pods, "p", { gracePeriodSeconds: 0 });
  await condition("True", "NoPodsUsingPVC");
});
