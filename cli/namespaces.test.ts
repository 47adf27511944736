import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const namespaces = { group: "", version: "v1", resource: "namespaces" };
const inside = (resource: string, namespace: string) => ({ group: "", version: "v1", resource, namespace });

let cluster: Cluster;
const errors: unknown[] = [];
beforeAll(async () => {
  cluster = await createCluster({ onError: (error) => errors.push(error) });
});
afterAll(() => cluster.close());

const named = (kind: string, name: string, more: object = {}): KubeObject =>
  ({ kind, apiVersion: "v1", metadata: { name }, ...more }) as KubeObject;

async function namesOf(resource: string, namespace: string): Promise<(string | undefined)[]> {
  const { items } = await cluster.client.list(inside(resource, namespace));
  return items.map(({ metadata }) => metadata.name);
}

interface Conditions {
  status: { phase: string; conditions?: { type: string; status: string; reason: string; message: string }[] };
}

test("a namespace gets its account and the authority's certificate, again when they are deleted", async () => {
  await cluster.client.create(namespaces, named("Namespace", "fresh"));
  const filled = async () => {
    expect(await namesOf("serviceaccounts", "fresh")).toEqual(["default"]);
    expect(await namesOf("configmaps", "fresh")).toEqual(["kube-root-ca.crt"]);
  };
  await vi.waitFor(filled, 5000);
  await cluster.client.delete(inside("serviceaccounts", "fresh"), "default");
  await cluster.client.delete(inside("configmaps", "fresh"), "kube-root-ca.crt");
  await vi.waitFor(filled, 5000);
  const map = (await cluster.client.get(inside("configmaps", "fresh"), "kube-root-ca.crt")) as KubeObject & {
    data: Record<string, string>;
  };
  expect(map.data["ca.crt"]).toContain("BEGIN CERTIFICATE");
  expect(map.metadata.managedFields?.[0]?.manager).toBe("kube-controller-manager");
});

test("what somebody changed in the certificate's ConfigMap is put right", async () => {
  const change = { data: { "ca.crt": "another", more: "x" } };
  await cluster.client.patch(inside("configmaps", "default"), "kube-root-ca.crt", change, { type: "merge" });
  await vi.waitFor(async () => {
    const map = await cluster.client.get(inside("configmaps", "default"), "kube-root-ca.crt");
    expect(Object.keys((map as unknown as { data: object }).data)).toEqual(["ca.crt"]);
  }, 5000);
});

test("a namespace that goes is emptied, says what holds it, and goes when nothing does", async () => {
  await cluster.client.create(namespaces, named("Namespace", "going"));
  await cluster.client.create(inside("secrets", "going"), named("Secret", "free"));
  const held = named("ConfigMap", "held", { metadata: { name: "held", finalizers: ["example.com/hold"] } });
  await cluster.client.create(inside("configmaps", "going"), held);
  await cluster.client.delete(namespaces, "going");
  await vi.waitFor(async () => {
    const { status } = (await cluster.client.get(namespaces, "going")) as unknown as Conditions;
    expect(status.phase).toBe("Terminating");
    const said = Object.fromEntries(status.conditions?.map(({ type, ...rest }) => [type, rest]) ?? []);
    expect(said["NamespaceContentRemaining"]).toMatchObject({
      status: "True",
      reason: "SomeResourcesRemain",
      message: "Some resources are remaining: configmaps. has 1 resource instances",
    });
    expect(said["NamespaceFinalizersRemaining"]?.message).toBe(
      "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances",
    );
    expect(said["NamespaceDeletionContentFailure"]).toMatchObject({
      status: "False",
      reason: "ContentDeleted",
    });
  }, 5000);
  expect(await namesOf("secrets", "going")).toEqual([]);
  const release = { metadata: { finalizers: null } };
  await cluster.client.patch(inside("configmaps", "going"), "held", release, { type: "merge" });
  await vi.waitFor(async () => {
    await expect(cluster.client.get(namespaces, "going")).rejects.toMatchObject({ code: 404 });
  }, 20_000);
  expect(errors).toEqual([]);
}, 30_000);
