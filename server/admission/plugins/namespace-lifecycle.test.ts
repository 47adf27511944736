import { expect, test } from "vitest";
import { admitted, named, objectsOf } from "../testing.ts";
import { namespaceLifecycle } from "./namespace-lifecycle.ts";

const plugin = namespaceLifecycle(
  objectsOf({
    namespaces: [
      { metadata: { name: "ns" }, status: { phase: "Active" } },
      { metadata: { name: "ending" }, status: { phase: "Terminating" } },
    ],
  }),
);
const write = (namespace: string, more: object = {}) =>
  admitted(plugin, { resource: "configmaps", namespace, object: named("a"), ...more });

test("nothing is written where there is no namespace", async () => {
  expect((await write("ns")).error).toBeUndefined();
  const missing = { code: 404, message: 'namespaces "none" not found' };
  expect((await write("none")).error).toMatchObject(missing);
  expect((await write("none", { oldObject: named("a") })).error).toMatchObject(missing);
  expect((await write("none", { oldObject: named("a"), object: undefined })).error).toBeUndefined();
  const review = { group: "authorization.k8s.io", resource: "localsubjectaccessreviews" };
  expect((await write("none", review)).error).toBeUndefined();
});

test("nothing new comes into a namespace that is going away", async () => {
  expect((await write("ending")).error).toEqual({
    code: 403,
    reason: "Forbidden",
    message:
      'configmaps "a" is forbidden: unable to create new content in namespace ending because it is being terminated',
    causes: [
      {
        reason: "NamespaceTerminating",
        message: "namespace ending is being terminated",
        field: "metadata.namespace",
      },
    ],
  });
  expect((await write("ending", { oldObject: named("a") })).error).toBeUndefined();
});

test("three namespaces stay; other cluster-scoped objects are no concern", async () => {
  const remove = (name: string) =>
    admitted(plugin, { resource: "namespaces", namespace: name, oldObject: named(name) });
  for (const name of ["default", "kube-system", "kube-public"]) {
    const message = `namespaces "${name}" is forbidden: this namespace may not be deleted`;
    expect((await remove(name)).error).toMatchObject({ code: 403, message });
  }
  expect((await remove("kube-node-lease")).error).toBeUndefined();
  expect((await write("", { resource: "nodes" })).error).toBeUndefined();
});
