import { expect, test } from "vitest";
import { createCluster } from "./cluster.ts";

const configMaps = { group: "", version: "v1", resource: "configmaps", namespace: "none" };
const pods = { ...configMaps, resource: "pods", namespace: "default" };
const pod = { metadata: { name: "p" }, spec: { containers: [{ name: "c", image: "i" }] } };

test("a new cluster's plug-ins see what is there, and a client's last write", async () => {
  const cluster = await createCluster({ defaultNotReadyTolerationSeconds: 7 });
  try {
    const { client } = cluster;
    await expect(client.create(configMaps, { metadata: { name: "a" } })).rejects.toThrow(
      'namespaces "none" not found',
    );
    await client.create({ group: "", version: "v1", resource: "namespaces" }, { metadata: { name: "none" } });
    await client.create(configMaps, { metadata: { name: "a" } });
    const { spec } = (await client.create(pods, pod)) as typeof pod & { spec: { tolerations: object[] } };
    expect(spec.tolerations[0]).toMatchObject({ key: "node.kubernetes.io/not-ready", tolerationSeconds: 7 });
  } finally {
    await cluster.close();
  }
});

test("plug-ins can be taken away", async () => {
  const cluster = await createCluster({ disableAdmissionPlugins: ["NamespaceLifecycle"] });
  try {
    await cluster.client.create(configMaps, { metadata: { name: "a" } });
  } finally {
    await cluster.close();
  }
});
