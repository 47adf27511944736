import { expect, test } from "vitest";
import { admitted, named, objectsOf } from "../testing.ts";
import { persistentVolumeClaimResize } from "./persistent-volume-claim-resize.ts";

const plugin = persistentVolumeClaimResize(
  objectsOf({
    "storageclasses.storage.k8s.io": [named("growing", { allowVolumeExpansion: true }), named("fixed")],
  }),
);
const claim = (storage: string, storageClassName?: string, phase = "Bound") =>
  named("c", { spec: { resources: { requests: { storage } }, storageClassName }, status: { phase } });
const messageOf = async (object: object, oldObject: object) =>
  (await admitted(plugin, { resource: "persistentvolumeclaims", object, oldObject })).error?.message;

test("a claim grows only when it is bound and its class allows it", async () => {
  const start = 'persistentvolumeclaims "c" is forbidden: ';
  expect(await messageOf(claim("2Gi", "growing"), claim("1Gi", "growing"))).toBeUndefined();
  expect(await messageOf(claim("1024Mi", "fixed"), claim("1Gi", "fixed"))).toBeUndefined();
  expect(await messageOf(claim("2Gi", "growing"), claim("1Gi", "growing", "Pending"))).toBe(
    `${start}Only bound persistent volume claims can be expanded`,
  );
  const refused = `${start}only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize`;
  for (const [now, before] of [
    ["fixed", "fixed"],
    ["none", "none"],
    ["growing", "fixed"],
    [undefined, undefined],
  ]) {
    expect(await messageOf(claim("2Gi", now), claim("1Gi", before))).toBe(refused);
  }
});
