import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import {
  type Any,
  aWhile,
  configMap,
  core,
  eventually,
  gone,
  inGroup,
  isThere,
  newNamespace,
  ownedBy,
  release,
  type Scenario,
  type World,
} from "../world.ts";

/** An owner, and what it owns, once the collector can know of both. */
async function family(world: World, namespace: string, more: object = {}, finalizers: string[] = []) {
  const { client } = world;
  await newNamespace(world, namespace);
  const configMaps = core("configmaps", namespace);
  const owner = await client.create(configMaps, configMap("owner"));
  const child = await client.create(configMaps, configMap("child", { ...ownedBy(owner, more), finalizers }));
  return { client, configMaps, owner, child };
}

export const garbageScenarios: readonly Scenario[] = [
  {
    name: "in the background dependents go after their owner, and theirs after them",
    async play(world) {
      const { client, configMaps, child } = await family(world, "background");
      await client.create(configMaps, configMap("grandchild", ownedBy(child)));
      await client.delete(configMaps, "owner", { propagationPolicy: "Background" });
      for (const name of ["owner", "child", "grandchild"]) await gone(client, configMaps, name);
    },
  },
  {
    name: "in the foreground an owner waits for what blocks it",
    async play(world) {
      const { client, configMaps } = await family(world, "foreground", { blockOwnerDeletion: true }, [
        "example.com/hold",
      ]);
      await client.delete(configMaps, "owner", { propagationPolicy: "Foreground" });
      await eventually(async () => {
        const { metadata } = await client.get(configMaps, "child");
        assert.ok(metadata.deletionTimestamp, "the dependent is not deleted");
      });
      const { metadata } = await client.get(configMaps, "owner");
      assert.deepEqual(metadata.finalizers, ["foregroundDeletion"]);
      await release(client, configMaps, "child");
      await gone(client, configMaps, "child");
      await gone(client, configMaps, "owner");
    },
  },
  {
    name: "in the foreground an owner does not wait for what does not block it",
    async play(world) {
      const { client, configMaps } = await family(world, "not-blocking", {}, ["example.com/hold"]);
      await client.delete(configMaps, "owner", { propagationPolicy: "Foreground" });
      await gone(client, configMaps, "owner");
      await eventually(async () => {
        assert.ok((await client.get(configMaps, "child")).metadata.deletionTimestamp);
      });
      await release(client, configMaps, "child");
    },
  },
  {
    name: "orphans stay, without their owner",
    async play(world) {
      const { client, configMaps } = await family(world, "orphans");
      await aWhile();
      await client.delete(configMaps, "owner", { propagationPolicy: "Orphan" });
      await gone(client, configMaps, "owner");
      await eventually(async () => {
        assert.equal((await client.get(configMaps, "child")).metadata.ownerReferences, undefined);
      });
      await aWhile();
      assert.ok(await isThere(client, configMaps, "child"));
    },
  },
  {
    name: "what says that its owner is one that is absent goes, one of two owners is enough to stay",
    async play(world) {
      const { client, configMaps, owner } = await family(world, "absent");
      const absent = { kind: "ConfigMap", apiVersion: "v1", name: "never", uid: randomUUID() };
      await client.create(configMaps, configMap("alone", { ownerReferences: [absent] }));
      const both = { ownerReferences: [absent, ...ownedBy(owner).ownerReferences] };
      await client.create(configMaps, configMap("with-two", both));
      await gone(client, configMaps, "alone");
      await eventually(async () => {
        const { ownerReferences } = (await client.get(configMaps, "with-two")).metadata;
        assert.deepEqual(ownerReferences, ownedBy(owner).ownerReferences);
      });
    },
  },
  {
    name: "an owner in another namespace is none, which an event says",
    async play(world) {
      const { client, owner } = await family(world, "far-owner");
      await newNamespace(world, "far-child");
      const configMaps = core("configmaps", "far-child");
      const { metadata } = await client.create(configMaps, configMap("far", ownedBy(owner)));
      await gone(client, configMaps, "far");
      await eventually(async () => {
        const { items } = await client.list(core("events", "far-child"));
        const event = (items as Any[]).find(({ involvedObject }) => involvedObject.uid === metadata.uid);
        assert.equal(event?.reason, "OwnerRefInvalidNamespace");
        const text = `[v1/ConfigMap, namespace: far-child, name: owner, uid: ${owner.metadata.uid}]`;
        assert.equal(event.message, `ownerRef ${text} does not exist in namespace "far-child"`);
      });
    },
  },
  {
    name: "a cluster-wide object can own, and cannot be owned by what is in a namespace",
    async play(world) {
      const { client, owner, configMaps } = await family(world, "scopes");
      const roles = inGroup("rbac.authorization.k8s.io", "clusterroles");
      const role = (name: string, metadata: object = {}) =>
        client.create(roles, {
          ...{
            kind: "ClusterRole",
            apiVersion: "rbac.authorization.k8s.io/v1",
            metadata: { name, ...metadata },
          },
        });
      const wide = await role("scenario-owner");
      await client.create(configMaps, configMap("of-role", ownedBy(wide)));
      await role("scenario-owned", ownedBy(owner));
      await client.delete(roles, "scenario-owner", { propagationPolicy: "Background" });
      await gone(client, configMaps, "of-role");
      await client.delete(configMaps, "owner", { propagationPolicy: "Background" });
      await gone(client, configMaps, "child");
      await aWhile();
      assert.ok(await isThere(client, roles, "scenario-owned"));
      await client.delete(roles, "scenario-owned");
    },
  },
  {
    name: "custom resources own and are owned, and go with their definition",
    async play(world) {
      const { client, owner, configMaps } = await family(world, "customs");
      const definitions = inGroup("apiextensions.k8s.io", "customresourcedefinitions");
      const names = { plural: "gadgets", singular: "gadget", kind: "Gadget", listKind: "GadgetList" };
      const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
      await client.create(definitions, {
        ...{ kind: "CustomResourceDefinition", apiVersion: "apiextensions.k8s.io/v1" },
        metadata: { name: "gadgets.scenarios.example.com" },
        spec: {
          ...{ group: "scenarios.example.com", scope: "Namespaced", names },
          versions: [{ name: "v1", served: true, storage: true, schema }],
        },
      } as Any);
      const gadgets = inGroup("scenarios.example.com", "gadgets", "customs");
      const gadget = (name: string, metadata: object = {}) => ({
        ...{ kind: "Gadget", apiVersion: "scenarios.example.com/v1", metadata: { name, ...metadata } },
      });
      const parent = await eventually(() => client.create(gadgets, gadget("parent")));
      await client.create(gadgets, gadget("owned", ownedBy(owner)));
      await client.create(configMaps, configMap("of-gadget", ownedBy(parent)));
      await client.delete(gadgets, "parent", { propagationPolicy: "Background" });
      await gone(client, gadgets, "parent");
      // The collector looks at what is served every half minute only.
      await eventually(async () => assert.ok(!(await isThere(client, configMaps, "of-gadget"))), 90);
      await client.delete(configMaps, "owner", { propagationPolicy: "Foreground" });
      await gone(client, gadgets, "owned");
      await gone(client, configMaps, "owner");
      await client.delete(definitions, "gadgets.scenarios.example.com");
      await gone(client, definitions, "gadgets.scenarios.example.com");
    },
  },
];
