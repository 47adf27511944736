import { expect, test } from "vitest";
import { createCluster } from "./cluster.ts";

const turnedOff = [
  "coordination.k8s.io/v1",
  "discovery.k8s.io/v1",
  "networking.k8s.io/v1",
  "networking.k8s.io/v1/servicecidrs",
  "rbac.authorization.k8s.io/v1",
  "scheduling.k8s.io/v1",
];

test.each(turnedOff)("a server without %s starts, and makes all objects but those of it", async (off) => {
  const cluster = await createCluster({
    runtimeConfig: `${off}=false`,
    // The accounts of the controllers have no rights without RBAC.
    authorizationMode: ["AlwaysAllow"],
    onError(error) {
      throw error;
    },
  });
  const [group, version, resource] = off.split("/") as [string, string, string?];
  const { items } = await cluster.client.list({ group: "", version: "v1", resource: "namespaces" });
  expect(items.map(({ metadata }) => metadata.name)).toContain("kube-system");
  const gone = resource ?? { "scheduling.k8s.io": "priorityclasses" }[group];
  if (gone)
    await expect(cluster.client.list({ group, version, resource: gone })).rejects.toThrow("could not find");
  await cluster.close();
});
