import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { KubeObject } from "../api/object.ts";
import { type Cluster, createCluster } from "./cluster.ts";

const inside = (resource: string, group = "", version = "v1") => ({
  ...{ group, version, resource, namespace: "default" },
});
const services = inside("services");
const pods = inside("pods");
const endpoints = inside("endpoints");
const slices = inside("endpointslices", "discovery.k8s.io");
const nodes = { group: "", version: "v1", resource: "nodes" };

let cluster: Cluster;
const errors: unknown[] = [];
beforeAll(async () => {
  cluster = await createCluster({ onError: (error) => errors.push(error) });
  const labels = { "topology.kubernetes.io/zone": "z1" };
  await cluster.client.create(nodes, {
    kind: "Node",
    apiVersion: "v1",
    metadata: { name: "node-1", labels },
  });
});
afterAll(async () => {
  await cluster.close();
  expect(errors).toEqual([]);
});

const service = (name: string, spec: object, labels: Record<string, string> = {}) =>
  cluster.client.create(services, {
    ...{ kind: "Service", apiVersion: "v1", metadata: { name, labels } },
    spec,
  } as KubeObject);

const pod = async (name: string, app: string, podIP: string, spec: object = {}) => {
  const { client } = cluster;
  const ports = [{ name: "http", containerPort: 8080, protocol: "TCP" }];
  await client.create(pods, {
    ...{ kind: "Pod", apiVersion: "v1", metadata: { name, labels: { app } } },
    spec: { nodeName: "node-1", containers: [{ name: "c", image: "i", ports }], ...spec },
  } as KubeObject);
  await status(name, { phase: "Running", podIP, podIPs: [{ ip: podIP }] });
  return (await client.get(pods, name)).metadata.uid;
};
const status = (name: string, its: object) =>
  cluster.client.patch(pods, name, { status: its }, { type: "merge", subresource: "status" });
const isReady = (is: "True" | "False") => ({
  conditions: [{ type: "Ready", status: is, lastTransitionTime: "2026-01-01T00:00:00Z" }],
});
const endpointsAre = (name: string, expected: object) =>
  vi.waitFor(async () => expect(await cluster.client.get(endpoints, name)).toMatchObject(expected), 5000);

test("endpoints follow the Service, its pods and their readiness", async () => {
  const { client } = cluster;
  const ports = [{ name: "web", port: 80, targetPort: "http" }];
  await service("web", { selector: { app: "web" }, ports }, { tier: "front" });
  await endpointsAre("web", {
    metadata: {
      labels: { tier: "front", "endpoints.kubernetes.io/managed-by": "endpoint-controller" },
      annotations: { "endpoints.kubernetes.io/last-change-trigger-time": expect.any(String) },
    },
  });
  expect(await client.get(endpoints, "web")).not.toHaveProperty("subsets");

  const uid = await pod("p", "web", "10.1.0.1");
  const targetRef = { kind: "Pod", namespace: "default", name: "p", uid };
  const address = { ip: "10.1.0.1", nodeName: "node-1", targetRef };
  const offered = [{ name: "web", port: 8080, protocol: "TCP" }];
  await endpointsAre("web", { subsets: [{ notReadyAddresses: [address], ports: offered }] });
  await status("p", isReady("True"));
  await endpointsAre("web", {
    metadata: { annotations: { "endpoints.kubernetes.io/last-change-trigger-time": "2026-01-01T00:00:00Z" } },
    subsets: [{ addresses: [address], ports: offered }],
  });

  await client.patch(services, "web", { spec: { selector: { app: "other" } } }, { type: "merge" });
  await vi.waitFor(
    async () => expect(await client.get(endpoints, "web")).not.toHaveProperty("subsets"),
    5000,
  );
  await client.delete(services, "web");
  await vi.waitFor(() => expect(client.get(endpoints, "web")).rejects.toMatchObject({ code: 404 }), 5000);
});

test("a headless Service has endpoints without ports, with the hostnames of its pods", async () => {
  await service("set", { clusterIP: "None", selector: { app: "set" }, publishNotReadyAddresses: true });
  await pod("set-0", "set", "10.1.0.2", { hostname: "set-0", subdomain: "set" });
  await endpointsAre("set", {
    metadata: { labels: { "service.kubernetes.io/headless": "" } },
    subsets: [{ addresses: [{ ip: "10.1.0.2", hostname: "set-0" }] }],
  });
  await status("set-0", { phase: "Succeeded" });
  await vi.waitFor(
    async () => expect(await cluster.client.get(endpoints, "set")).not.toHaveProperty("subsets"),
    5000,
  );
});

test("endpoints of Services without a selector are left alone, deleted ones come again", async () => {
  const { client } = cluster;
  const own = { kind: "Endpoints", apiVersion: "v1", metadata: { name: "own" } } as KubeObject;
  await service("own", { ports: [{ port: 80 }] });
  await client.create(endpoints, { ...own, subsets: [{ addresses: [{ ip: "10.9.9.9" }] }] } as KubeObject);
  await service("again", { selector: { app: "none" }, ports: [{ port: 80 }] });
  await endpointsAre("again", { metadata: { name: "again" } });
  const { uid } = (await client.get(endpoints, "again")).metadata;
  await client.delete(endpoints, "again");
  await vi.waitFor(
    async () => expect((await client.get(endpoints, "again")).metadata.uid).not.toBe(uid),
    5000,
  );
  await endpointsAre("own", { subsets: [{ addresses: [{ ip: "10.9.9.9" }] }] });
});

interface Slice extends KubeObject {
  endpoints?: object[];
}
const slicesOf = async (name: string): Promise<Slice[]> => {
  const labelSelector = `kubernetes.io/service-name=${name}`;
  return (await cluster.client.list(slices, { labelSelector })).items;
};
const slicesAre = (name: string, expected: object[]) =>
  vi.waitFor(async () => {
    const found = await slicesOf(name);
    expect(found).toHaveLength(expected.length);
    expect(found).toMatchObject(expected);
  }, 5000);

test("a Service without pods has an empty slice of each of its families, which goes with it", async () => {
  const { client } = cluster;
  await service("empty", { selector: { app: "nobody" }, ports: [{ port: 80 }] }, { tier: "back" });
  const { uid } = (await client.get(services, "empty")).metadata;
  const owner = {
    apiVersion: "v1",
    kind: "Service",
    name: "empty",
    uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  await slicesAre("empty", [
    {
      metadata: {
        generateName: "empty-",
        labels: {
          tier: "back",
          "kubernetes.io/service-name": "empty",
          "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        },
        ownerReferences: [owner],
      },
      addressType: "IPv4",
    },
  ]);
  await client.patch(services, "empty", { metadata: { labels: { tier: "front" } } }, { type: "merge" });
  await slicesAre("empty", [{ metadata: { labels: { tier: "front" } } }]);
  await client.delete(services, "empty");
  await slicesAre("empty", []);
});

test("slices follow the pods in place, with conditions, zone and hints", async () => {
  const { client } = cluster;
  const ports = [
    { name: "web", port: 80, targetPort: "http" },
    { name: "fixed", port: 81 },
  ];
  await service("sliced", { selector: { app: "sliced" }, ports, trafficDistribution: "PreferClose" });
  const uid = await pod("s", "sliced", "10.1.0.9");
  const targetRef = { kind: "Pod", namespace: "default", name: "s", uid };
  const endpoint = { addresses: ["10.1.0.9"], nodeName: "node-1", zone: "z1", targetRef };
  const conditions = (ready: boolean, terminating = false) => ({ ready, serving: ready, terminating });
  await slicesAre("sliced", [{ endpoints: [{ ...endpoint, conditions: conditions(false) }] }]);
  const [first] = await slicesOf("sliced");
  await status("s", isReady("True"));
  const hints = { forZones: [{ name: "z1" }] };
  await slicesAre("sliced", [
    {
      metadata: { uid: first!.metadata.uid },
      endpoints: [{ ...endpoint, hints, conditions: conditions(true) }],
      ports: expect.arrayContaining([
        { name: "web", port: 8080, protocol: "TCP" },
        { name: "fixed", port: 81, protocol: "TCP" },
      ]),
    },
  ]);
  await client.delete(pods, "s", { gracePeriodSeconds: 0 });
  await vi.waitFor(async () => expect((await slicesOf("sliced"))[0]!.endpoints ?? []).toEqual([]), 5000);
});

test("a slice that somebody deletes or changes comes again", async () => {
  const { client } = cluster;
  await service("mended", { selector: { app: "nobody" }, ports: [{ port: 80 }] });
  await vi.waitFor(async () => expect(await slicesOf("mended")).toHaveLength(1), 5000);
  const [first] = await slicesOf("mended");
  await client.delete(slices, first!.metadata.name!);
  await vi.waitFor(async () => {
    const [second, ...more] = await slicesOf("mended");
    expect(second?.metadata.uid).not.toBe(first!.metadata.uid);
    expect(second).toBeDefined();
    expect(more).toEqual([]);
  }, 5000);
  const [second] = await slicesOf("mended");
  const foreign = [{ addresses: ["10.8.8.8"] }];
  await client.patch(slices, second!.metadata.name!, { endpoints: foreign }, { type: "merge" });
  await vi.waitFor(async () => expect((await slicesOf("mended"))[0]!.endpoints ?? []).toEqual([]), 5000);
});

test("Endpoints that users write are mirrored as slices, as long as the Service has no selector", async () => {
  const { client } = cluster;
  await service("mirrored", { ports: [{ port: 80 }] });
  const subsets = [{ addresses: [{ ip: "10.9.9.8" }], ports: [{ port: 8080 }] }];
  const own = { kind: "Endpoints", apiVersion: "v1", metadata: { name: "mirrored" }, subsets } as KubeObject;
  await client.create(endpoints, own);
  const slice = (ip: string) => ({
    metadata: {
      labels: { "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io" },
    },
    endpoints: [{ addresses: [ip], conditions: { ready: true } }],
    ports: [{ name: "", port: 8080, protocol: "TCP" }],
  });
  await slicesAre("mirrored", [slice("10.9.9.8")]);
  const changed = [{ ...subsets[0], addresses: [{ ip: "10.9.9.7" }] }];
  await client.patch(endpoints, "mirrored", { subsets: changed }, { type: "merge" });
  await slicesAre("mirrored", [slice("10.9.9.7")]);
  await client.delete(endpoints, "mirrored");
  await slicesAre("mirrored", []);
});
