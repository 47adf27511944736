import { afterEach, beforeEach, expect, test } from "vitest";
import { ManualClock } from "../api/manual-clock.ts";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const group = { group: "flowcontrol.apiserver.k8s.io", version: "v1" };
const schemas = { ...group, resource: "flowschemas" };
const levels = { ...group, resource: "prioritylevelconfigurations" };

interface Schema extends KubeObject {
  status: { conditions?: { type: string; status: string; reason: string; message: string }[] };
}

let cluster: Cluster;
let clock: ManualClock;
beforeEach(async () => {
  clock = new ManualClock();
  cluster = await createCluster({ clock });
});
afterEach(() => cluster.close());

const schema = { metadata: { name: "a" }, spec: { priorityLevelConfiguration: { name: "p" } } };
const level = {
  metadata: { name: "p" },
  spec: { type: "Limited", limited: { limitResponse: { type: "Reject" } } },
};

async function reasonOf(name: string): Promise<string | undefined> {
  const { status } = (await cluster.client.get(schemas, name)) as Schema;
  return status.conditions?.find(({ type }) => type === "Dangling")?.reason;
}

/** Waits until the schema says so; fails by the test's own time limit. */
async function untilReason(reason: string): Promise<void> {
  while ((await reasonOf("a")) !== reason) await new Promise(setImmediate);
}

/** As an impostor would: the controller insists on what it said. */
async function overwrite(reason: string): Promise<void> {
  const conditions = [{ type: "Dangling", status: "False", reason }];
  await cluster.client.patch(
    schemas,
    "a",
    { status: { conditions } },
    { type: "merge", subresource: "status" },
  );
}

test("when the server is ready, its own schemas say that their levels exist", async () => {
  const { items } = await cluster.client.list(schemas);
  expect(items).not.toHaveLength(0);
  for (const { metadata } of items) expect(await reasonOf(metadata.name!)).toBe("Found");
});

test("a schema says whether its level exists, as the level comes and goes", async () => {
  await cluster.client.create(schemas, schema);
  await untilReason("NotFound");
  const { metadata, status } = (await cluster.client.get(schemas, "a")) as Schema;
  expect(status.conditions).toEqual([
    {
      type: "Dangling",
      status: "True",
      lastTransitionTime: "2026-01-01T00:00:00Z",
      reason: "NotFound",
      message:
        'This FlowSchema references the PriorityLevelConfiguration object named "p" but there is no such object',
    },
  ]);
  expect(metadata["managedFields"]).toContainEqual(
    expect.objectContaining({
      manager: "api-priority-and-fairness-config-consumer-v1",
      operation: "Apply",
      subresource: "status",
    }),
  );
  await cluster.client.create(levels, level);
  await untilReason("Found");
  await cluster.client.delete(levels, "p");
  await untilReason("NotFound");
});

test("a schema is written six times a minute, and again later", async () => {
  const began = clock.now();
  await cluster.client.create(schemas, schema);
  await untilReason("NotFound");
  for (let write = 2; write <= 6; write++) {
    await overwrite("Mine");
    await untilReason("NotFound");
  }
  await overwrite("Mine");
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  expect(await reasonOf("a")).toBe("Mine");
  while ((await reasonOf("a")) !== "NotFound") {
    clock.advance(10_000);
    await new Promise(setImmediate);
  }
  expect(clock.now()).toBeGreaterThan(began + 60_000);
});

test("every minute the server's own levels and schemas are made and mended again", async () => {
  const absent = (resource: typeof schemas, name: string) =>
    cluster.client.get(resource, name).then(
      () => false,
      () => true,
    );
  const precedenceOf = async (name: string) => {
    const { spec } = (await cluster.client.get(schemas, name)) as KubeObject & {
      spec: { matchingPrecedence: number };
    };
    return spec.matchingPrecedence;
  };
  await cluster.client.delete(levels, "workload-low");
  await cluster.client.delete(schemas, "service-accounts");
  // Somebody edits an object that is only suggested, another from an older release is still there.
  const edit = { spec: { matchingPrecedence: 77 } };
  await cluster.client.patch(schemas, "system-nodes", edit, { type: "merge" });
  const annotations = { "apf.kubernetes.io/autoupdate-spec": "true" };
  await cluster.client.create(schemas, { ...schema, metadata: { name: "old", annotations } });
  clock.advance(59_000);
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  expect(await absent(levels, "workload-low")).toBe(true);
  clock.advance(1_000);
  while (await absent(schemas, "service-accounts")) await new Promise(setImmediate);
  while (!(await absent(schemas, "old"))) await new Promise(setImmediate);
  expect(await absent(levels, "workload-low")).toBe(false);
  expect(await precedenceOf("system-nodes")).toBe(500);
});
