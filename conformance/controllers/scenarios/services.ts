import assert from "node:assert/strict";
import {
  type Any,
  core,
  eventually,
  gone,
  inGroup,
  newNamespace,
  type Scenario,
  type World,
} from "../world.ts";

const readySince = "2026-01-01T00:00:00Z";
const managedBy = "endpointslice.kubernetes.io/managed-by";

/** A namespace, a node in a zone, and pods. */
async function prepared(world: World, namespace: string) {
  const { client } = world;
  await newNamespace(world, namespace);
  const node = `${namespace}-node`;
  const labels = { "topology.kubernetes.io/zone": "zone-1" };
  await client.create(core("nodes"), { metadata: { name: node, labels } });
  await eventually(() => client.get(core("serviceaccounts", namespace), "default"));
  const pods = core("pods", namespace);
  const setStatus = (name: string, status: object) =>
    client.patch(pods, name, { status }, { type: "merge", subresource: "status" });
  return {
    node,
    setStatus,
    async pod(name: string, podIP: string, more: object = {}): Promise<string> {
      const ports = [
        { name: "http", containerPort: 8080 },
        { name: "dns", containerPort: 53, protocol: "UDP" },
      ];
      const { metadata } = await client.create(pods, {
        metadata: { name, labels: { app: namespace } },
        spec: { nodeName: node, containers: [{ name: "c", image: "i", ports }], ...more },
      } as Any);
      await setStatus(name, { phase: "Running", podIP, podIPs: [{ ip: podIP }] });
      return metadata.uid!;
    },
    ready: (name: string, status = "True") =>
      setStatus(name, { conditions: [{ type: "Ready", status, lastTransitionTime: readySince }] }),
    service: (name: string, spec: object, labels: Record<string, string> = {}) =>
      client.create(core("services", namespace), { metadata: { name, labels }, spec } as Any),
    /** What Endpoints say, but for the time of the change: what is written twice at once loses it. */
    async endpoints(name: string): Promise<Any> {
      const { metadata, subsets } = (await client.get(core("endpoints", namespace), name)) as Any;
      return { labels: metadata.labels, subsets };
    },
    /** The same of all slices of a Service, by address family. */
    async slices(name: string): Promise<Any[]> {
      const labelSelector = `kubernetes.io/service-name=${name}`;
      const { items } = await client.list(inGroup("discovery.k8s.io", "endpointslices", namespace), {
        labelSelector,
      });
      const sorted = (items as Any[]).toSorted((a, b) => (a.addressType < b.addressType ? -1 : 1));
      return sorted.map(({ metadata, addressType, ports, endpoints }) => {
        const { labels, generateName, ownerReferences } = metadata;
        return { labels, generateName, owner: ownerReferences[0].kind, addressType, ports, endpoints };
      });
    },
  };
}

const sliceLabels = (name: string, manager: string) => ({
  "kubernetes.io/service-name": name,
  [managedBy]: manager,
});

export const serviceScenarios: readonly Scenario[] = [
  {
    name: "a Service leads to its pods, as Endpoints and as EndpointSlices",
    async play(world) {
      const { node, pod, ready, service, endpoints, slices } = await prepared(world, "services");
      const ports = [
        { name: "web", port: 80, targetPort: "http", appProtocol: "http" },
        { name: "dns", port: 53, targetPort: "dns", protocol: "UDP" },
        { name: "other", port: 99, targetPort: 9999 },
      ];
      await service("s", { selector: { app: "services" }, ports }, { tier: "front" });
      const labels = { tier: "front", ...sliceLabels("s", "endpointslice-controller.k8s.io") };
      const slice = { labels, generateName: "s-", owner: "Service", addressType: "IPv4" };
      await eventually(async () => {
        assert.deepEqual(await slices("s"), [{ ...slice, ports: null, endpoints: null }]);
        assert.deepEqual(await endpoints("s"), {
          labels: { tier: "front", "endpoints.kubernetes.io/managed-by": "endpoint-controller" },
          subsets: undefined,
        });
      });
      const uids = [
        await pod("p1", "10.1.0.2"),
        await pod("p2", "10.1.0.1", { hostname: "h", subdomain: "s" }),
      ];
      // Upstream's forgets the time where it has not seen its own last write yet.
      await eventually(async () => {
        assert.equal((await endpoints("s")).subsets?.[0].notReadyAddresses.length, 2);
      });
      await ready("p1");
      const reference = (i: number) => ({
        kind: "Pod",
        namespace: "services",
        name: `p${i + 1}`,
        uid: uids[i],
      });
      const [web, dns, other] = [
        { name: "web", port: 8080, protocol: "TCP", appProtocol: "http" },
        { name: "dns", port: 53, protocol: "UDP" },
        { name: "other", port: 9999, protocol: "TCP" },
      ];
      await eventually(async () => {
        const { subsets } = await endpoints("s");
        const notReadyAddresses = [
          { ip: "10.1.0.1", hostname: "h", nodeName: node, targetRef: reference(1) },
        ];
        const addresses = [{ ip: "10.1.0.2", nodeName: node, targetRef: reference(0) }];
        assert.deepEqual(subsets, [{ addresses, notReadyAddresses, ports: [web, other, dns] }]);
      });
      await eventually(async () => {
        const [{ endpoints: found, ports: offered, ...rest }, ...more] = await slices("s");
        assert.deepEqual(more, []);
        assert.deepEqual(rest, slice);
        assert.deepEqual(offered, [other, dns, web]);
        const place = { nodeName: node, zone: "zone-1" };
        const conditions = (is: boolean) => ({ ready: is, serving: is, terminating: false });
        assert.deepEqual(
          found.toSorted((a: Any, b: Any) => (a.targetRef.name < b.targetRef.name ? -1 : 1)),
          [
            { addresses: ["10.1.0.2"], conditions: conditions(true), targetRef: reference(0), ...place },
            {
              addresses: ["10.1.0.1"],
              conditions: conditions(false),
              hostname: "h",
              targetRef: reference(1),
              ...place,
            },
          ],
        );
      });
      await world.client.delete(core("services", "services"), "s");
      await gone(world.client, core("endpoints", "services"), "s");
      await eventually(async () => assert.deepEqual(await slices("s"), []));
    },
  },
  {
    name: "a headless Service that publishes what is not ready, with hints for zones",
    async play(world) {
      const { node, pod, service, endpoints, slices } = await prepared(world, "headless");
      const selector = { app: "headless" };
      await service("s", {
        clusterIP: "None",
        selector,
        publishNotReadyAddresses: true,
        trafficDistribution: "PreferClose",
      });
      const uid = await pod("p", "10.1.0.3");
      const targetRef = { kind: "Pod", namespace: "headless", name: "p", uid };
      const labels = { "service.kubernetes.io/headless": "" };
      await eventually(async () => {
        assert.deepEqual(await endpoints("s"), {
          labels: { ...labels, "endpoints.kubernetes.io/managed-by": "endpoint-controller" },
          subsets: [{ addresses: [{ ip: "10.1.0.3", nodeName: node, targetRef }] }],
        });
        const endpoint = {
          addresses: ["10.1.0.3"],
          conditions: { ready: true, serving: false, terminating: false },
          ...{ nodeName: node, zone: "zone-1", targetRef, hints: { forZones: [{ name: "zone-1" }] } },
        };
        assert.deepEqual(await slices("s"), [
          {
            labels: { ...labels, ...sliceLabels("s", "endpointslice-controller.k8s.io") },
            ...{
              generateName: "s-",
              owner: "Service",
              addressType: "IPv4",
              ports: null,
              endpoints: [endpoint],
            },
          },
        ]);
      });
    },
  },
  {
    name: "Endpoints that users write are mirrored, of each family a slice",
    async play(world) {
      const { client } = world;
      const { service, slices } = await prepared(world, "mirrored");
      await service("s", { ports: [{ port: 80 }] });
      const subset = {
        addresses: [{ ip: "10.9.0.2" }, { ip: "10.9.0.1", hostname: "h" }, { ip: "fd00::9" }],
        ports: [{ port: 8080 }],
      };
      const metadata = { name: "s", labels: { l: "m" }, annotations: { a: "b" } };
      await client.create(core("endpoints", "mirrored"), { metadata, subsets: [subset] } as Any);
      const labels = { l: "m", ...sliceLabels("s", "endpointslicemirroring-controller.k8s.io") };
      const slice = {
        labels,
        generateName: "s-",
        owner: "Endpoints",
        ports: [{ name: "", port: 8080, protocol: "TCP" }],
      };
      const conditions = { ready: true };
      await eventually(async () => {
        const byAddress = (a: Any, b: Any) => (a.addresses[0] < b.addresses[0] ? -1 : 1);
        const found = (await slices("s")).map((one) => ({
          ...one,
          endpoints: one.endpoints.toSorted(byAddress),
        }));
        assert.deepEqual(found, [
          {
            ...{ ...slice, addressType: "IPv4" },
            endpoints: [
              { addresses: ["10.9.0.1"], conditions, hostname: "h" },
              { addresses: ["10.9.0.2"], conditions },
            ],
          },
          { ...slice, addressType: "IPv6", endpoints: [{ addresses: ["fd00::9"], conditions }] },
        ]);
      });
      await client.patch(
        core("services", "mirrored"),
        "s",
        { spec: { selector: { a: "b" } } },
        { type: "merge" },
      );
      await eventually(async () => {
        const managers = (await slices("s")).map((one) => one.labels[managedBy]);
        assert.deepEqual(managers, ["endpointslice-controller.k8s.io"]);
      });
    },
  },
  {
    name: "a Service that asks for it by annotation has hints for zones by their share of CPUs",
    async play(world) {
      const { client } = world;
      const { pod, ready, service, slices } = await prepared(world, "zones");
      for (const zone of ["zone-a", "zone-b"]) {
        const labels = { "topology.kubernetes.io/zone": zone };
        const conditions = [{ type: "Ready", status: "True" }];
        const status = { allocatable: { cpu: "2", pods: "10" }, conditions };
        await client.create(core("nodes"), { metadata: { name: zone, labels }, status } as Any);
      }
      for (let i = 1; i <= 4; i++) {
        await pod(`p${i}`, `10.1.1.${i}`, { nodeName: "zone-a" });
        await ready(`p${i}`);
      }
      await service("s", { selector: { app: "zones" }, ports: [{ port: 80 }] });
      const hintsAre = (expected: (string | undefined)[]) =>
        eventually(async () => {
          const [slice] = await slices("s");
          const zones = slice.endpoints.map(({ hints }: Any) => hints?.forZones[0].name);
          assert.deepEqual(zones.toSorted(), expected);
        });
      const isTold = (reason: string, message: string) =>
        eventually(async () => {
          const { items } = await client.list(core("events", "zones"), { fieldSelector: `reason=${reason}` });
          const messages = (items as Any[]).map((one) => [one.source.component, one.message]);
          assert.deepEqual(messages, [["endpoint-slice-controller", `${message}, addressType: IPv4`]]);
        });
      const ask = (value: string | null) => {
        const metadata = { annotations: { "service.kubernetes.io/topology-mode": value } };
        return client.patch(core("services", "zones"), "s", { metadata }, { type: "merge" });
      };
      const none = Array.from({ length: 4 }, () => undefined);
      await hintsAre(none);
      await ask("Auto");
      await hintsAre(["zone-a", "zone-a", "zone-b", "zone-b"]);
      await isTold("TopologyAwareHintsEnabled", "Topology Aware Hints has been enabled");
      await ask(null);
      await hintsAre(none);
      await isTold("TopologyAwareHintsDisabled", "Topology Aware Hints has been disabled");
    },
  },
];
