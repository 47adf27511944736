import { afterEach, expect, test } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";
import { wantedControllers } from "./controllers.ts";

const aggregation = "clusterrole-aggregation-controller";
const clusterRoles = { group: "rbac.authorization.k8s.io", version: "v1", resource: "clusterroles" };

let cluster: Cluster | undefined;
afterEach(() => cluster?.close());

const rulesOf = async (name: string) =>
  ((await cluster!.client.get(clusterRoles, name)) as KubeObject & { rules?: object[] }).rules ?? [];

test("controllers are wanted by name, all, or all but some", () => {
  expect(wantedControllers(["*"])).toContain(aggregation);
  expect(wantedControllers([aggregation])).toEqual([aggregation]);
  expect(wantedControllers(["*", `-${aggregation}`])).not.toContain(aggregation);
  expect(wantedControllers([])).toEqual([]);
  expect(() => wantedControllers(["*", "-foo"])).toThrow('"foo" is not in the list of known controllers');
});

test("aggregated roles get their rules, and follow those that they select", async () => {
  cluster = await createCluster();
  const { client } = cluster;
  while ((await rulesOf("admin")).length < (await rulesOf("edit")).length + 1)
    await new Promise(setImmediate);
  expect(await rulesOf("view")).not.toHaveLength(0);
  const rules = [{ verbs: ["get"], apiGroups: ["example.com"], resources: ["things"] }];
  const labels = { "rbac.authorization.k8s.io/aggregate-to-view": "true" };
  await client.create(clusterRoles, { metadata: { name: "things", labels }, rules } as object as KubeObject);
  const has = async (name: string) => JSON.stringify(await rulesOf(name)).includes("example.com");
  for (const name of ["view", "edit", "admin"]) while (!(await has(name))) await new Promise(setImmediate);
  const { metadata } = await client.get(clusterRoles, "view");
  expect(metadata.managedFields).toContainEqual(
    expect.objectContaining({ manager: aggregation, operation: "Apply" }),
  );
  await client.delete(clusterRoles, "things");
  for (const name of ["view", "edit", "admin"]) while (await has(name)) await new Promise(setImmediate);
});

test("without the controller they stay as they are", async () => {
  cluster = await createCluster({ controllers: [] });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await rulesOf("view")).toEqual([]);
});

test("a cluster starts without the resources that a controller looks after", async () => {
  const errors: unknown[] = [];
  const runtimeConfig = "certificates.k8s.io/v1=false";
  const without = await createCluster({ runtimeConfig, onError: (error) => errors.push(error) });
  await without.close();
  expect(errors).toEqual([]);
});
