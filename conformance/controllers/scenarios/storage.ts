import assert from "node:assert/strict";
import { type Any, aWhile, core, eventually, gone, inGroup, newNamespace, type Scenario } from "../world.ts";

const accessModes = ["ReadWriteOnce"];

export const storageScenarios: readonly Scenario[] = [
  {
    name: "claims stay as long as scheduled pods use them",
    async play(world) {
      const { client } = world;
      await newNamespace(world, "claims");
      await eventually(() => client.get(core("serviceaccounts", "claims"), "default"));
      const [claims, pods] = [core("persistentvolumeclaims", "claims"), core("pods", "claims")];
      const resources = { requests: { storage: "1Gi" } };
      const pod = (name: string, claimName: string, more: object) => {
        const volumes = [{ name: "v", persistentVolumeClaim: { claimName } }];
        const spec = { containers: [{ name: "c", image: "i" }], volumes, ...more };
        return client.create(pods, { metadata: { name }, spec } as Any);
      };
      for (const name of ["used", "waited-for"]) {
        await client.create(claims, { metadata: { name }, spec: { accessModes, resources } } as Any);
      }
      await pod("scheduled", "used", { nodeName: "nowhere" });
      await pod("waiting", "waited-for", {});
      for (const name of ["used", "waited-for"]) await client.delete(claims, name);
      await gone(client, claims, "waited-for");
      await aWhile();
      const { metadata } = await client.get(claims, "used");
      assert.deepEqual(metadata.finalizers, ["kubernetes.io/pvc-protection"]);
      await client.delete(pods, "scheduled", { gracePeriodSeconds: 0 });
      await gone(client, claims, "used");
    },
  },
  {
    name: "volumes stay as long as they are bound, attributes classes as long as a claim names them",
    async play(world) {
      const { client } = world;
      await newNamespace(world, "volumes");
      const volumes = core("persistentvolumes");
      for (const name of ["bound", "free"]) {
        const spec = { accessModes, capacity: { storage: "1Gi" }, hostPath: { path: "/x" } };
        await client.create(volumes, { metadata: { name }, spec } as Any);
      }
      const setPhase = (phase: string) =>
        client.patch(volumes, "bound", { status: { phase } }, { type: "merge", subresource: "status" });
      await setPhase("Bound");
      for (const name of ["bound", "free"]) await client.delete(volumes, name);
      await gone(client, volumes, "free");
      await aWhile();
      assert.deepEqual((await client.get(volumes, "bound")).metadata.finalizers, [
        "kubernetes.io/pv-protection",
      ]);
      await setPhase("Released");
      await gone(client, volumes, "bound");

      const classes = inGroup("storage.k8s.io", "volumeattributesclasses");
      const claims = core("persistentvolumeclaims", "volumes");
      for (const name of ["named", "free"]) {
        await client.create(classes, {
          metadata: { name },
          driverName: "d.example.com",
          parameters: { a: "b" },
        } as Any);
      }
      const resources = { requests: { storage: "1Gi" } };
      const spec = { accessModes, resources, volumeAttributesClassName: "named" };
      await client.create(claims, { metadata: { name: "c" }, spec } as Any);
      await aWhile();
      for (const name of ["named", "free"]) await client.delete(classes, name);
      await gone(client, classes, "free");
      await aWhile();
      assert.ok((await client.get(classes, "named")).metadata.deletionTimestamp);
      await client.delete(claims, "c");
      await gone(client, classes, "named");
    },
  },
];
