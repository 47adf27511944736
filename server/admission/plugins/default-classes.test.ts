import { expect, test } from "vitest";
import { admitted, named, objectsOf } from "../testing.ts";
import { defaultIngressClass } from "./default-ingress-class.ts";
import { defaultStorageClass } from "./default-storage-class.ts";

const standing = (key: string, name: string, second: number) =>
  named(name, {}, { annotations: { [key]: "true" }, creationTimestamp: `2026-01-01T00:00:0${second}Z` });

const storage = "storageclass.kubernetes.io/is-default-class";
const ingress = "ingressclass.kubernetes.io/is-default-class";
const objects = objectsOf({
  "storageclasses.storage.k8s.io": [
    named("a"),
    standing(storage, "old", 1),
    standing(storage, "z-new", 2),
    standing("storageclass.beta.kubernetes.io/is-default-class", "new", 2),
  ],
  "ingressclasses.networking.k8s.io": [standing(ingress, "old", 1), standing(ingress, "new", 2)],
});

const claim = (spec: object, metadata = {}) =>
  admitted(defaultStorageClass(objects), {
    resource: "persistentvolumeclaims",
    object: named("c", { spec }, metadata),
  });

test("a claim without a class gets the newest default one", async () => {
  expect((await claim({})).object.spec.storageClassName).toBe("new");
  expect((await claim({ storageClassName: "" })).object.spec.storageClassName).toBe("");
  const annotations = { "volume.beta.kubernetes.io/storage-class": "x" };
  expect((await claim({}, { annotations })).object.spec).toEqual({});
});

test("no class is the default: nothing changes", async () => {
  const write = { resource: "persistentvolumeclaims", object: named("c", { spec: {} }) };
  expect((await admitted(defaultStorageClass(objectsOf({})), write)).object.spec).toEqual({});
});

test("an ingress without a class gets the newest default one", async () => {
  const write = (spec: object, metadata = {}) =>
    admitted(defaultIngressClass(objects), {
      group: "networking.k8s.io",
      resource: "ingresses",
      object: named("i", { spec }, metadata),
    });
  expect((await write({})).object.spec).toEqual({ ingressClassName: "new" });
  expect((await write({ ingressClassName: "own" })).object.spec).toEqual({ ingressClassName: "own" });
  expect((await write({}, { annotations: { "kubernetes.io/ingress.class": "x" } })).object.spec).toEqual({});
});
