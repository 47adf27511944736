import { afterAll, beforeAll, expect, test } from "vitest";
import type { ApiServiceObject } from "../api/api-services.ts";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const apiServices = { group: "apiregistration.k8s.io", version: "v1", resource: "apiservices" };
const definitions = { group: "apiextensions.k8s.io", version: "v1", resource: "customresourcedefinitions" };
const services = { group: "", version: "v1", resource: "services", namespace: "default" };
const slices = { group: "discovery.k8s.io", version: "v1", resource: "endpointslices", namespace: "default" };

let cluster: Cluster;
beforeAll(async () => {
  cluster = await createCluster();
});
afterAll(() => cluster.close());

/** Waits until it is there and fits; fails by the test's own time limit. */
async function untilApiService(
  name: string,
  fits: (object: ApiServiceObject | undefined) => boolean,
): Promise<ApiServiceObject | undefined> {
  for (;;) {
    const { items } = await cluster.client.list(apiServices);
    const found = items.find(({ metadata }) => metadata.name === name) as ApiServiceObject | undefined;
    if (fits(found)) return found;
    await new Promise(setImmediate);
  }
}

function definition(group: string, ...versions: string[]): KubeObject {
  const schema = { openAPIV3Schema: { type: "object" } };
  return {
    metadata: { name: `things.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural: "things", kind: "Thing" },
      versions: versions.map((name, index) => ({ name, served: true, storage: index === 0, schema })),
    },
  } as unknown as KubeObject;
}

test("every served version of a definition has an APIService, as long as it is served", async () => {
  const { client } = cluster;
  await client.create(definitions, definition("a.example.com", "v1", "v2"));
  const found = await untilApiService("v1.a.example.com", (one) => one !== undefined);
  expect(found).toMatchObject({
    metadata: { labels: { "kube-aggregator.kubernetes.io/automanaged": "true" } },
    spec: { group: "a.example.com", version: "v1", groupPriorityMinimum: 1000, versionPriority: 100 },
    status: { conditions: [{ type: "Available", status: "True", reason: "Local" }] },
  });
  await untilApiService("v2.a.example.com", (one) => one !== undefined);
  const unserved = [{ op: "replace", path: "/spec/versions/1/served", value: false }];
  await client.patch(definitions, "things.a.example.com", unserved, { type: "json" });
  await untilApiService("v2.a.example.com", (one) => one === undefined);
  await client.delete(definitions, "things.a.example.com");
  await untilApiService("v1.a.example.com", (one) => one === undefined);
});

test("an APIService of a definition is kept as it must be, unless its label says otherwise", async () => {
  const { client } = cluster;
  const name = "v1.b.example.com";
  await client.create(definitions, definition("b.example.com", "v1"));
  await untilApiService(name, (one) => one !== undefined);
  const priority = (versionPriority: number) => ({ spec: { versionPriority } });
  await client.patch(apiServices, name, priority(7), { type: "merge" });
  await untilApiService(name, (one) => one?.spec.versionPriority === 100);
  const unmanaged = { metadata: { labels: { "kube-aggregator.kubernetes.io/automanaged": "false" } } };
  await client.patch(apiServices, name, { ...unmanaged, ...priority(8) }, { type: "merge" });
  await client.delete(definitions, "things.b.example.com");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await client.get(apiServices, name)) as ApiServiceObject).toMatchObject(priority(8));
});

test("an APIService that leads to a Service says what is missing", async () => {
  const { client } = cluster;
  const name = "v1.c.example.com";
  const says = (reason: string, message: string) =>
    untilApiService(name, (one) => {
      const [condition] = one?.status?.conditions ?? [];
      return condition?.reason === reason && condition.message === message;
    });
  await client.create(apiServices, {
    metadata: { name },
    spec: {
      group: "c.example.com",
      version: "v1",
      groupPriorityMinimum: 10,
      versionPriority: 10,
      insecureSkipTLSVerify: true,
      service: { namespace: "default", name: "backend", port: 8443 },
    },
  } as unknown as KubeObject);
  await says("ServiceNotFound", 'service/backend in "default" is not present');
  const port = (number: number) => ({ spec: { ports: [{ name: "https", port: number }] } });
  await client.create(services, { metadata: { name: "backend" }, ...port(443) } as unknown as KubeObject);
  await says("ServicePortError", 'service/backend in "default" is not listening on port 8443');
  const address = { spec: { ports: [{ name: "https", port: 8443 }], clusterIP: "10.0.0.9" } };
  await client.delete(services, "backend");
  await client.create(services, { metadata: { name: "backend" }, ...address } as unknown as KubeObject);
  await says("EndpointsNotFound", 'cannot find endpointslices for service/backend in "default"');
  const slice = {
    metadata: { name: "backend-1", labels: { "kubernetes.io/service-name": "backend" } },
    addressType: "IPv4",
    endpoints: [],
    ports: [{ name: "https", port: 8443 }],
  };
  await client.create(slices, slice as unknown as KubeObject);
  const missing = 'endpointslices for service/backend in "default" have no addresses with port name "https"';
  await says("MissingEndpoints", missing);
  const endpoints = { endpoints: [{ addresses: ["192.0.2.1"] }] };
  await client.patch(slices, "backend-1", endpoints, { type: "merge" });
  const url = "https://10.0.0.9:8443/apis/c.example.com/v1";
  await says(
    "FailedDiscoveryCheck",
    `failing or missing response from ${url}: Get "${url}": dial tcp 10.0.0.9:8443: connect: network is unreachable`,
  );
});
