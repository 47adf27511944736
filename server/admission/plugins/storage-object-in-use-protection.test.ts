import { expect, test } from "vitest";
import { parseFeatureGates } from "../../../api/feature-gates.ts";
import { admitted, gates, named } from "../testing.ts";
import { podGroupProtection, storageObjectInUseProtection } from "./storage-object-in-use-protection.ts";

const finalizersOf = async (resource: string, finalizers?: string[], group = "", own = gates) => {
  const plugin = resource === "podgroups" ? podGroupProtection(own) : storageObjectInUseProtection(own);
  const object = named("a", {}, finalizers ? { finalizers } : {});
  return (await admitted(plugin, { group, resource, object })).object.metadata.finalizers;
};

test("what may be in use is born with a finalizer", async () => {
  expect(await finalizersOf("persistentvolumes")).toEqual(["kubernetes.io/pv-protection"]);
  expect(await finalizersOf("persistentvolumeclaims", ["x"])).toEqual(["x", "kubernetes.io/pvc-protection"]);
  const there = ["kubernetes.io/pvc-protection"];
  expect(await finalizersOf("persistentvolumeclaims", there)).toEqual(there);
  expect(await finalizersOf("volumeattributesclasses", undefined, "storage.k8s.io")).toEqual([
    "kubernetes.io/vac-protection",
  ]);
});

test("groups of pods are only where workloads are", async () => {
  expect(await finalizersOf("podgroups", undefined, "scheduling.k8s.io")).toBeUndefined();
  const on = parseFeatureGates("GenericWorkload=true");
  expect(await finalizersOf("podgroups", undefined, "scheduling.k8s.io", on)).toEqual([
    "scheduling.k8s.io/podgroup-protection",
  ]);
});
