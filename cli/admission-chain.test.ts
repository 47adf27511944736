import { expect, test } from "vitest";
import type { KubeObject } from "../api/object.ts";
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

test("two hundred creates at once against a quota of one hundred leave exactly one hundred", async () => {
  const cluster = await createCluster();
  try {
    const { client } = cluster;
    const quotas = { ...configMaps, resource: "resourcequotas", namespace: "default" };
    const secrets = { ...configMaps, resource: "secrets", namespace: "default" };
    const hard = { "count/secrets": "100" };
    const quota = await client.create(quotas, { metadata: { name: "q" }, spec: { hard } } as KubeObject);
    const status = { hard, used: { "count/secrets": "0" } };
    await client.update(quotas, { ...quota, status } as KubeObject, { subresource: "status" });
    const creates = Array.from({ length: 200 }, (_, i) =>
      client.create(secrets, { metadata: { name: `s-${i}` } }),
    );
    const results = await Promise.allSettled(creates);
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(100);
    expect((await client.list(secrets)).items).toHaveLength(100);
    expect(await client.get(quotas, "q")).toMatchObject({ status: { used: { "count/secrets": "100" } } });
  } finally {
    await cluster.close();
  }
});
