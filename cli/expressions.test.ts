import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, createCluster } from "./cluster.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await createCluster();
});
afterAll(() => cluster.close());

const deviceClasses = { group: "resource.k8s.io", version: "v1", resource: "deviceclasses" };
const deviceClass = (expression: string) => ({
  metadata: { name: "a" },
  spec: { selectors: [{ cel: { expression } }] },
});

test("an expression that cannot be compiled is refused, on create and on update", async () => {
  await expect(cluster.client.create(deviceClasses, deviceClass("a b"))).rejects.toThrow(
    "extraneous input 'b' expecting <EOF>",
  );
  const created = await cluster.client.create(deviceClasses, deviceClass("device.driver == 'd'"));
  const update = { ...created, spec: deviceClass("device.drive == 'd'").spec };
  await expect(cluster.client.update(deviceClasses, update)).rejects.toThrow("undefined field 'drive'");
});
