import { expect, test } from "vitest";
import { createCluster } from "./cluster.ts";
import { temporaryPki } from "./pki/cluster-pki.ts";
import { systemClock, systemRandom } from "./system-clock.ts";

test("a cluster that denies everything still starts, and obeys its administrator", async () => {
  const cluster = await createCluster({ authorizationMode: ["AlwaysDeny"], controllers: [] });
  try {
    const namespaces = { group: "", version: "v1", resource: "namespaces" };
    expect((await cluster.client.list(namespaces)).items).not.toHaveLength(0);
  } finally {
    await cluster.close();
  }
});

test("the kubeconfig trusts a certificate of the user's own", async () => {
  const names = { dnsNames: ["localhost"], ipAddresses: ["127.0.0.1"] };
  const { certificate: cert, key } = temporaryPki(systemClock, systemRandom, names).server;
  const cluster = await createCluster({ tls: { cert, key } });
  try {
    expect(cluster.kubeconfig()).toContain(Buffer.from(cert).toString("base64"));
  } finally {
    await cluster.close();
  }
});
