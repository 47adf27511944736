import { afterAll, beforeAll, expect, test } from "vitest";
import { ManualClock } from "../api/manual-clock.ts";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const definitions = { group: "apiextensions.k8s.io", version: "v1", resource: "customresourcedefinitions" };

let cluster: Cluster;
beforeAll(async () => {
  cluster = await createCluster();
});
afterAll(() => cluster.close());

interface Condition {
  type: string;
  status: string;
  reason: string;
}

function definition(group: string, more: object = {}, names: object = {}): KubeObject {
  const properties = {
    spec: { type: "object", properties: { size: { type: "integer", minimum: 1, default: 1 } } },
    status: { type: "object", properties: { ready: { type: "boolean" } } },
  };
  const schema = { openAPIV3Schema: { type: "object", properties } };
  const spec = {
    group,
    scope: "Namespaced",
    names: { plural: "widgets", kind: "Widget", ...names },
    versions: [{ name: "v1", served: true, storage: true, schema, ...more }],
  };
  const { plural } = spec.names;
  return { metadata: { name: `${plural}.${group}` }, spec } as KubeObject;
}

async function conditionsOf(name: string): Promise<Condition[]> {
  const object = (await cluster.client.get(definitions, name)) as KubeObject & {
    status: { conditions: Condition[] | null };
  };
  return object.status.conditions ?? [];
}

/** Waits until a condition has a status; fails by the test's own time limit. */
async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise(setImmediate);
}

async function serve(object: KubeObject): Promise<void> {
  await cluster.client.create(definitions, object);
  const name = object.metadata.name ?? "";
  await until(async () =>
    (await conditionsOf(name)).some(({ type, status }) => type === "Established" && status === "True"),
  );
}

const widgets = (group: string) => ({ group, version: "v1", resource: "widgets", namespace: "default" });
const widget = (spec: object, more: object = {}) =>
  ({ apiVersion: "x.example.com/v1", kind: "Widget", metadata: { name: "a" }, spec, ...more }) as KubeObject;

test("as soon as a definition is established its objects are kept: pruned, defaulted, checked", async () => {
  await serve(definition("served.example.com"));
  const { client } = cluster;
  const resource = widgets("served.example.com");
  const body = { ...widget({ unknown: 1 }), apiVersion: "served.example.com/v1" };
  expect(await client.create(resource, body)).toMatchObject({
    spec: { size: 1 },
    metadata: { generation: 1 },
  });
  const wrong = { ...body, metadata: { name: "b" }, spec: { size: 0 } } as KubeObject;
  await expect(client.create(resource, wrong)).rejects.toThrow(
    "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1",
  );
  expect((await client.list(resource)).items).toHaveLength(1);
});

test("a status subresource keeps spec and status apart", async () => {
  const group = "status.example.com";
  await serve(definition(group, { subresources: { status: {} } }));
  const { client } = cluster;
  const body = { ...widget({ size: 2 }, { status: { ready: true } }), apiVersion: `${group}/v1` };
  const created = await client.create(widgets(group), body);
  expect(created).not.toHaveProperty("status");
  const both = { spec: { size: 9 }, status: { ready: true } };
  const options = { type: "merge", subresource: "status" } as const;
  const patched = await client.patch(widgets(group), "a", both, options);
  expect(patched).toMatchObject({ spec: { size: 2 }, status: { ready: true }, metadata: { generation: 1 } });
});

test("a kind that is taken is refused until it is free", async () => {
  const group = "names.example.com";
  await serve(definition(group));
  const other = definition(group, {}, { plural: "others" });
  await cluster.client.create(definitions, other);
  const name = `others.${group}`;
  await until(async () => (await conditionsOf(name)).length > 0);
  expect(await conditionsOf(name)).toMatchObject([
    { type: "NamesAccepted", status: "False", reason: "ListKindConflict" },
    { type: "Established", status: "False", reason: "NotAccepted" },
  ]);
  await cluster.client.delete(definitions, `widgets.${group}`);
  await until(async () =>
    (await conditionsOf(name)).some(({ type, status }) => type === "Established" && status === "True"),
  );
});

test("a definition goes after its objects, and waits for their finalizers", async () => {
  const group = "gone.example.com";
  await serve(definition(group));
  const { client } = cluster;
  const metadata = { name: "a", finalizers: ["example.com/wait"] };
  await client.create(widgets(group), { ...widget({}), apiVersion: `${group}/v1`, metadata } as KubeObject);
  await client.delete(definitions, `widgets.${group}`);
  const isMarked = async () =>
    (await client.get(widgets(group), "a")).metadata.deletionTimestamp !== undefined;
  await until(isMarked);
  const next = { ...widget({}), apiVersion: `${group}/v1`, metadata: { name: "b" } } as KubeObject;
  await expect(client.create(widgets(group), next)).rejects.toThrow(
    "create not allowed while custom resource definition is terminating",
  );
  await client.patch(widgets(group), "a", { metadata: { finalizers: null } }, { type: "merge" });
  await until(
    async () =>
      !(await client.list(definitions)).items.some((one) => one.metadata.name === `widgets.${group}`),
  );
  await expect(client.list(widgets(group))).rejects.toMatchObject({ code: 404 });
});

test("a definition takes objects with it that no served version shows", async () => {
  const group = "hidden.example.com";
  await serve(definition(group));
  const { client } = cluster;
  const metadata = { name: "a" };
  const finalized = { name: "b", finalizers: ["example.com/wait"] };
  for (const one of [metadata, finalized]) {
    const body = { ...widget({}), apiVersion: `${group}/v1`, metadata: one } as KubeObject;
    await client.create(widgets(group), body);
  }
  const name = `widgets.${group}`;
  const setServed = (served: boolean) =>
    client.patch(definitions, name, [{ op: "replace", path: "/spec/versions/0/served", value: served }], {
      type: "json",
    });
  await setServed(false);
  await until(() =>
    client.list(widgets(group)).then(
      () => false,
      () => true,
    ),
  );
  await client.delete(definitions, name);
  const conditions = await conditionsOf(name);
  expect(conditions.at(-1)).toMatchObject({ type: "Terminating", status: "True" });
  await setServed(true);
  await until(() =>
    client.list(widgets(group)).then(
      ({ items }) => items.length === 1,
      () => false,
    ),
  );
  await client.patch(widgets(group), "b", { metadata: { finalizers: null } }, { type: "merge" });
  await until(async () => !(await client.list(definitions)).items.some((one) => one.metadata.name === name));
});

test("every minute a definition says what it still waits for", async () => {
  const clock = new ManualClock();
  const own = await createCluster({ clock, onError: () => {} });
  try {
    const group = "waits.example.com";
    const name = `widgets.${group}`;
    await own.client.create(definitions, definition(group));
    const reason = async () => {
      const { status } = (await own.client.get(definitions, name)) as KubeObject & {
        status: { conditions: Condition[] | null };
      };
      return status.conditions?.at(-1)?.reason;
    };
    await until(async () => (await reason()) === "InitialNamesAccepted");
    const metadata = { name: "a", finalizers: ["example.com/wait"] };
    await own.client.create(widgets(group), {
      ...widget({}),
      apiVersion: `${group}/v1`,
      metadata,
    } as KubeObject);
    await own.client.delete(definitions, name);
    await until(async () => (await reason()) === "InstanceDeletionInProgress" && clock.timers > 0);
    clock.advance(60_000);
    await until(async () => (await reason()) === "InstanceDeletionCheck");
    clock.advance(5);
    await until(async () => (await reason()) === "InstanceDeletionInProgress");
  } finally {
    await own.close();
  }
});

test("a definition of a resource that is built in leaves its objects alone", async () => {
  const { client } = cluster;
  const annotations = { "api-approved.kubernetes.io": "unapproved, a test" };
  for (const [group, plural] of [
    ["apiregistration.k8s.io", "apiservices"],
    ["networking.k8s.io", "ingresses"],
  ] as const) {
    const own = definition(group, {}, { plural, kind: `Own${plural}` });
    const name = `${plural}.${group}`;
    await client.create(definitions, { ...own, metadata: { name, annotations } } as KubeObject);
    await until(async () =>
      (await conditionsOf(name)).some(({ reason }) => reason === "InitialNamesAccepted"),
    );
    await client.delete(definitions, name);
    await until(
      async () => !(await client.list(definitions)).items.some(({ metadata }) => metadata.name === name),
    );
  }
  const services = { group: "apiregistration.k8s.io", version: "v1", resource: "apiservices" };
  expect((await client.list(services)).items.length).toBeGreaterThan(10);
});
