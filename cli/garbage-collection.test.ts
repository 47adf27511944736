import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { KubeObject, OwnerReference } from "../api/object.ts";
import type { DeleteOptions, ResourceReference } from "../client/client.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const configMaps = { group: "", version: "v1", resource: "configmaps", namespace: "default" };
const namespaces = { group: "", version: "v1", resource: "namespaces" };
const clusterRoles = { group: "rbac.authorization.k8s.io", version: "v1", resource: "clusterroles" };
const definitions = { group: "apiextensions.k8s.io", version: "v1", resource: "customresourcedefinitions" };
const things = { group: "example.com", version: "v1", resource: "things", namespace: "default" };

let cluster: Cluster;
const errors: unknown[] = [];
beforeAll(async () => {
  cluster = await createCluster({ onError: (error) => errors.push(error) });
});
afterAll(async () => {
  await cluster.close();
  expect(errors).toEqual([]);
});

type Block = Pick<OwnerReference, "blockOwnerDeletion">;

const ownedBy = ({ apiVersion, kind, metadata }: KubeObject, block: Block = {}): OwnerReference => ({
  ...{ apiVersion: apiVersion!, kind: kind!, name: metadata.name!, uid: metadata.uid! },
  ...block,
});

const object = (
  kind: string,
  apiVersion: string,
  name: string,
  ownerReferences: OwnerReference[],
): KubeObject => ({
  kind,
  apiVersion,
  metadata: { name, ...(ownerReferences.length > 0 ? { ownerReferences } : {}) },
});

const configMap = (name: string, owners: OwnerReference[] = [], resource: ResourceReference = configMaps) =>
  cluster.client.create(resource, object("ConfigMap", "v1", name, owners));

const remove = (name: string, propagationPolicy: DeleteOptions["propagationPolicy"], resource = configMaps) =>
  cluster.client.delete(resource, name, { propagationPolicy: propagationPolicy! });

const isThere = (name: string, resource: ResourceReference = configMaps): Promise<boolean> =>
  cluster.client.get(resource, name).then(
    () => true,
    () => false,
  );

const gone = (name: string, resource: ResourceReference = configMaps) =>
  vi.waitFor(async () => expect(await isThere(name, resource)).toBe(false), { timeout: 10_000, interval: 5 });

/** Long enough for a collector that is wrong to show it: everything older has been looked at. */
async function settled(): Promise<void> {
  const owner = await configMap("settling-owner");
  await configMap("settling", [ownedBy(owner)]);
  await remove("settling-owner", "Background");
  await gone("settling");
}

const ownersOf = async (name: string, resource: ResourceReference = configMaps) =>
  (await cluster.client.get(resource, name)).metadata.ownerReferences?.map(({ name: owner }) => owner) ?? [];

test("background: the owner goes at once, a chain of dependents after it", async () => {
  const a = await configMap("chain-a");
  const b = await configMap("chain-b", [ownedBy(a)]);
  await configMap("chain-c", [ownedBy(b)]);
  await remove("chain-a", "Background");
  expect(await isThere("chain-a")).toBe(false);
  await gone("chain-b");
  await gone("chain-c");
});

test("foreground: dependents that block go before their owner, the end of the chain first", async () => {
  const a = await configMap("before-a");
  const b = await configMap("before-b", [ownedBy(a, { blockOwnerDeletion: true })]);
  const held = object("ConfigMap", "v1", "before-c", [ownedBy(b, { blockOwnerDeletion: true })]);
  held.metadata.finalizers = ["example.com/hold"];
  await cluster.client.create(configMaps, held);
  await remove("before-a", "Foreground");
  await vi.waitFor(async () => {
    const { metadata } = await cluster.client.get(configMaps, "before-c");
    expect(metadata.deletionTimestamp).toBeDefined();
  }, 5000);
  for (const name of ["before-a", "before-b"]) {
    const { metadata } = await cluster.client.get(configMaps, name);
    expect(metadata.finalizers).toEqual(["foregroundDeletion"]);
  }
  await cluster.client.patch(configMaps, "before-c", { metadata: { finalizers: null } }, { type: "merge" });
  for (const name of ["before-c", "before-b", "before-a"]) await gone(name);
});

test("foreground does not wait for dependents that do not block", async () => {
  const a = await configMap("free-a");
  const held = object("ConfigMap", "v1", "free-b", [ownedBy(a, { blockOwnerDeletion: false })]);
  held.metadata.finalizers = ["example.com/hold"];
  await cluster.client.create(configMaps, held);
  await remove("free-a", "Foreground");
  await gone("free-a");
  await vi.waitFor(async () => {
    const { metadata } = await cluster.client.get(configMaps, "free-b");
    expect(metadata.deletionTimestamp).toBeDefined();
  }, 5000);
  await cluster.client.patch(configMaps, "free-b", { metadata: { finalizers: null } }, { type: "merge" });
});

test("a circle of owners goes in the foreground too", async () => {
  const a = await configMap("circle-a");
  const b = await configMap("circle-b", [ownedBy(a, { blockOwnerDeletion: true })]);
  const ownerReferences = [ownedBy(b, { blockOwnerDeletion: true })];
  await cluster.client.patch(configMaps, "circle-a", { metadata: { ownerReferences } }, { type: "merge" });
  await remove("circle-a", "Foreground");
  await gone("circle-a");
  await gone("circle-b");
});

test("orphan: dependents stay, without the reference", async () => {
  const a = await configMap("left-a");
  await configMap("left-b", [ownedBy(a)]);
  await remove("left-a", "Orphan");
  await gone("left-a");
  expect(await ownersOf("left-b")).toEqual([]);
  await settled();
  expect(await isThere("left-b")).toBe(true);
});

test("of two owners one goes: the object stays, and loses the reference", async () => {
  const [a, b] = [await configMap("two-a"), await configMap("two-b")];
  await configMap("two-c", [ownedBy(a), ownedBy(b)]);
  await remove("two-a", "Background");
  await vi.waitFor(async () => expect(await ownersOf("two-c")).toEqual(["two-b"]), 5000);
  await remove("two-b", "Background");
  await gone("two-c");
});

test("an owner that never existed, or is another one of that name, is none", async () => {
  const uid = "11111111-2222-3333-4444-555555555555";
  await configMap("lost", [{ apiVersion: "v1", kind: "ConfigMap", name: "never", uid }]);
  await gone("lost");
  const first = await configMap("anew");
  await remove("anew", "Background");
  const second = await configMap("anew");
  await configMap("of-first", [ownedBy(first)]);
  await configMap("of-second", [ownedBy(second)]);
  await gone("of-first");
  await settled();
  expect(await isThere("of-second")).toBe(true);
});

test("an owner in another namespace is none, and an event says so", async () => {
  await cluster.client.create(namespaces, object("Namespace", "v1", "elsewhere", []));
  const owner = await configMap("far");
  const elsewhere = { ...configMaps, namespace: "elsewhere" };
  await configMap("dependent-of-far", [ownedBy(owner)], elsewhere);
  await gone("dependent-of-far", elsewhere);
  const events = { group: "", version: "v1", resource: "events", namespace: "elsewhere" };
  await vi.waitFor(async () => {
    const { items } = await cluster.client.list(events);
    expect(items).toEqual([
      expect.objectContaining({
        type: "Warning",
        reason: "OwnerRefInvalidNamespace",
        message: `ownerRef [v1/ConfigMap, namespace: elsewhere, name: far, uid: ${owner.metadata.uid}] does not exist in namespace "elsewhere"`,
        source: { component: "garbage-collector-controller" },
        reportingComponent: "garbage-collector-controller",
        count: 1,
      }),
    ]);
  }, 5000);
  expect(await isThere("far")).toBe(true);
});

test("a reference with the right uid and the wrong kind is none", async () => {
  const owner = await configMap("kind");
  await configMap("of-wrong-kind", [{ ...ownedBy(owner), kind: "Secret" }]);
  await configMap("of-right-kind", [ownedBy(owner)]);
  await gone("of-wrong-kind");
  await settled();
  expect(await isThere("of-right-kind")).toBe(true);
});

test("an owner outside of namespaces owns inside of them, but not the other way round", async () => {
  const role = await cluster.client.create(
    clusterRoles,
    object("ClusterRole", `${clusterRoles.group}/v1`, "owner", []),
  );
  await configMap("of-role", [ownedBy(role)]);
  const inside = await configMap("inside");
  await cluster.client.create(
    clusterRoles,
    object("ClusterRole", `${clusterRoles.group}/v1`, "of-inside", [ownedBy(inside)]),
  );
  await cluster.client.delete(clusterRoles, "owner", { propagationPolicy: "Background" });
  await gone("of-role");
  await remove("inside", "Background");
  await settled();
  expect(await isThere("of-inside", clusterRoles)).toBe(true);
});

test("custom resources own and are owned from the moment that they are served, also when they come back", async () => {
  const definition = {
    ...object("CustomResourceDefinition", "apiextensions.k8s.io/v1", "things.example.com", []),
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "things", kind: "Thing" },
      versions: [
        {
          ...{ name: "v1", served: true, storage: true },
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  };
  for (const round of ["first", "second"]) {
    await cluster.client.create(definitions, definition);
    const thing = (name: string, owners: OwnerReference[]) =>
      vi.waitFor(
        () => cluster.client.create(things, object("Thing", "example.com/v1", `${round}-${name}`, owners)),
        5000,
      );
    const a = await thing("a", []);
    const b = await thing("b", [ownedBy(a)]);
    await configMap(`${round}-c`, [ownedBy(b)]);
    // Of a custom resource the patch is another: there are no strategic ones.
    await thing("d", [ownedBy(a), ownedBy(b)]);
    await settled();
    await cluster.client.delete(things, `${round}-a`, { propagationPolicy: "Background" });
    await gone(`${round}-b`, things);
    await gone(`${round}-c`);
    await gone(`${round}-d`, things);
    const kept = await thing("kept", []);
    await thing("orphan", [ownedBy(kept)]);
    await cluster.client.delete(things, `${round}-kept`, { propagationPolicy: "Orphan" });
    await gone(`${round}-kept`, things);
    expect(await ownersOf(`${round}-orphan`, things)).toEqual([]);
    await cluster.client.delete(definitions, "things.example.com");
    await gone("things.example.com", definitions);
  }
}, 30_000);

test("a thousand dependents go with their owner", async () => {
  const owner = await configMap("many");
  for (let i = 0; i < 1000; i++) await configMap(`many-${i}`, [ownedBy(owner)]);
  await remove("many", "Foreground");
  await gone("many");
  await vi.waitFor(async () => {
    const { items } = await cluster.client.list(configMaps);
    expect(items.filter(({ metadata }) => metadata.name?.startsWith("many"))).toEqual([]);
  }, 10_000);
}, 30_000);

/** Park and Miller's generator: the same draws for the same seed. */
function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

test.each([1, 2, 3])("what is reachable from an owner that stays is what stays: seed %i", async (seed) => {
  const draw = drawing(seed);
  const count = 60;
  const made: KubeObject[] = [];
  const owners: number[][] = [];
  const name = (i: number) => `seed-${seed}-${i}`;
  for (let i = 0; i < count; i++) {
    const own = i < 10 ? [] : [...new Set([draw(i), draw(i)].slice(draw(2)))];
    owners.push(own);
    made.push(
      await configMap(
        name(i),
        own.map((owner) => ownedBy(made[owner]!, { blockOwnerDeletion: draw(2) === 0 })),
      ),
    );
  }
  const deleted = new Set(Array.from({ length: 8 }, () => draw(count)));
  for (const i of deleted) {
    // It may have gone with its owner already.
    await remove(name(i), draw(2) === 0 ? "Foreground" : "Background").catch(() => undefined);
  }
  const stays: boolean[] = [];
  for (const [i, own] of owners.entries()) {
    stays.push(!deleted.has(i) && (own.length === 0 || own.some((owner) => stays[owner])));
  }
  const expected = made.flatMap(({ metadata }, i) => (stays[i] ? [metadata.name] : [])).sort();
  const left = async () => {
    const { items } = await cluster.client.list(configMaps);
    return items.map(({ metadata }) => metadata.name ?? "").filter((one) => one.startsWith(`seed-${seed}-`));
  };
  await vi.waitFor(async () => expect(await left()).toEqual(expected), 10_000);
  await settled();
  expect(await left()).toEqual(expected);
  // Those that stay have kept no reference to what is gone.
  await vi.waitFor(async () => {
    for (const [i, own] of owners.entries()) {
      if (stays[i]) expect(await ownersOf(name(i))).toEqual(own.filter((owner) => stays[owner]).map(name));
    }
  }, 10_000);
});
