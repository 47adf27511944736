import { describe, expect, it } from "vitest";
import type { Random } from "../../api/clock.ts";
import { defaultFeatureGates } from "../../api/feature-gates.ts";
import { StatusError } from "../../api/status.ts";
import { MemoryAllocationObjects } from "./memory-allocation-objects.ts";
import { ServiceAllocation } from "./service-allocation.ts";
import type { ClusterFamilies } from "./service-families.ts";
import type { Service, ServiceCidr } from "./service-ips.ts";

type Spec = NonNullable<Service["spec"]>;
type Fields = Partial<Record<keyof Spec, unknown>>;

/** Always the same numbers, from a seed. */
function seeded(seed = 1): Random {
  let state = seed;
  return {
    next() {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    },
    uuid: () => "00000000-0000-4000-8000-000000000000",
  };
}

function serviceOf(spec: Fields = {}, name = "web"): Service {
  const ports = [{ port: 80, protocol: "TCP" }];
  return { metadata: { name, namespace: "default" }, spec: { type: "ClusterIP", ports, ...spec } } as Service;
}

function setUp({
  cidrs = ["10.0.0.0/24"],
  families = ["IPv4"] as ClusterFamilies,
  range = [30000, 32767],
} = {}) {
  const objects = new MemoryAllocationObjects(...cidrs);
  const nodePortRange = { first: range[0]!, last: range[1]! };
  const allocation = new ServiceAllocation({ objects, families, nodePortRange });
  const random = seeded();
  const contextOf = (dryRun: boolean) => ({
    gates: defaultFeatureGates(),
    clock: { now: () => 0, monotonic: () => 0, setTimer: () => () => {} },
    random,
    namespace: "default",
    user: { name: "", uid: "", groups: [], extra: {} },
    requestVersion: "v1",
    warn: () => {},
    dryRun,
  });
  const create = async (spec: Fields = {}, { name = "web", dryRun = false } = {}) => {
    const service = serviceOf(spec, name);
    const undo = await allocation.beginCreate(service, contextOf(dryRun));
    return { service, spec: service.spec!, undo };
  };
  const update = async (old: Service, spec: Fields, dryRun = false) => {
    const service = structuredClone(old);
    Object.assign(service.spec!, spec);
    const undo = await allocation.beginUpdate(service, old, contextOf(dryRun));
    return { service, spec: service.spec!, undo };
  };
  return { objects, allocation, create, update };
}

async function problem(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    if (error instanceof StatusError) return `${error.code} ${error.message}`;
    throw error;
  }
  return "none";
}

describe("cluster IPs", () => {
  it("come from the upper part of the range and are kept as an IPAddress of the service", async () => {
    const { create, objects } = setUp();
    const { spec } = await create();
    expect(spec.clusterIPs).toEqual([spec.clusterIP]);
    expect(Number(spec.clusterIP!.split(".")[3])).toBeGreaterThan(16);
    expect(spec).toMatchObject({ ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" });
    expect([...objects.addresses.values()]).toEqual([
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "IPAddress",
        metadata: {
          name: spec.clusterIP,
          labels: {
            "ipaddress.kubernetes.io/ip-family": "IPv4",
            "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io",
          },
        },
        spec: { parentRef: { resource: "services", namespace: "default", name: "web" } },
      },
    ]);
  });

  it("are the same in two clusters with the same seed", async () => {
    const [one, other] = await Promise.all([setUp().create(), setUp().create()]);
    expect(one.spec.clusterIP).toBe(other.spec.clusterIP);
  });

  it("are never given twice, whatever runs at the same time, until the range is full", async () => {
    const { create, objects } = setUp({ cidrs: ["10.0.0.0/28"] });
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        create({}, { name: `s${i}` }).then(
          ({ spec }) => spec.clusterIP ?? "",
          (error: Error) => error.message,
        ),
      ),
    );
    const ips = results.filter((text) => text.startsWith("10."));
    expect(new Set(ips).size).toBe(14);
    expect(ips).toHaveLength(14);
    expect(objects.addresses.size).toBe(14);
    expect(results.filter((text) => !text.startsWith("10."))).toEqual(
      Array.from({ length: 6 }, () =>
        expect.stringMatching(
          /^Internal error occurred: failed to allocate a serviceIP for Service "s\d+": range is full$/,
        ),
      ),
    );
  });

  it("that are asked for are had by one service only", async () => {
    const { create } = setUp();
    await create({ clusterIP: "10.0.0.7" });
    expect(await problem(create({ clusterIP: "10.0.0.7" }))).toBe(
      '422 Service "web" is invalid: spec.clusterIPs: Invalid value: ["10.0.0.7"]: failed to allocate IP 10.0.0.7: provided IP is already allocated',
    );
  });

  it.each([
    ["10.1.0.1", "failed to allocate IP 10.1.0.1: the provided network does not match the current range"],
    ["10.0.0.0", "failed to allocate IP 10.0.0.0: the provided network does not match the current range"],
  ])("cannot be %s", async (clusterIP, detail) => {
    const { create } = setUp();
    expect(await problem(create({ clusterIP }))).toBe(
      `422 Service "web" is invalid: spec.clusterIPs: Invalid value: ["${clusterIP}"]: ${detail}`,
    );
  });

  it("cannot be had when the IPAddress object is refused", async () => {
    const { create, objects } = setUp();
    objects.createIpAddress = async () => {
      throw new StatusError(422, "Invalid", "it is invalid", undefined);
    };
    const failed = "failed to allocate IP: it is invalid";
    expect(await problem(create({}, { name: "" }))).toBe(
      `422 Service "" is invalid: spec.clusterIPs: Invalid value: [""]: ${failed}`,
    );
  });

  it("come from a range only as long as its ServiceCIDR is ready", async () => {
    const { create, objects } = setUp();
    objects.cidrs[0]!.status = { conditions: [{ type: "Ready", status: "False" }] } as ServiceCidr["status"];
    expect(await problem(create({ clusterIP: "10.0.0.7" }))).toContain("does not match the current range");
    expect(await problem(create())).toContain("range is full");
  });

  it("are not taken by headless and external services", async () => {
    const { create, objects } = setUp();
    const headless = await create({ clusterIP: "None", selector: { a: "b" } });
    expect(headless.spec).toMatchObject({ clusterIPs: ["None"], ipFamilies: ["IPv4"] });
    const loose = await create({ clusterIP: "None" });
    expect(loose.spec).toMatchObject({ ipFamilies: ["IPv4", "IPv6"], ipFamilyPolicy: "RequireDualStack" });
    await create({ type: "ExternalName", externalName: "a.example.com" });
    expect(objects.addresses.size).toBe(0);
  });

  it("are given back when the write fails", async () => {
    const { create, objects } = setUp();
    const { undo } = await create({ type: "NodePort" });
    await undo();
    expect(objects.addresses.size).toBe(0);
  });

  it("are given back with the service, and its Endpoints with them", async () => {
    const { create, objects, allocation } = setUp();
    const { service } = await create();
    await allocation.afterDelete(service);
    expect(objects.addresses.size).toBe(0);
    expect(objects.endpoints).toEqual(["default/web"]);
  });

  it("are kept by an update that does not name them", async () => {
    const { create, update } = setUp();
    const { service } = await create();
    const { spec } = await update(service, { clusterIP: undefined, clusterIPs: undefined });
    expect(spec.clusterIPs).toEqual(service.spec!.clusterIPs);
  });

  it("are given back when the service becomes an external name, and taken again after that", async () => {
    const { create, update, objects, allocation } = setUp();
    const { service } = await create();
    const external = await update(service, {
      type: "ExternalName",
      externalName: "a.b",
      clusterIP: undefined,
      clusterIPs: undefined,
    });
    expect(objects.addresses.size).toBe(1);
    await allocation.afterUpdate(external.service, service);
    expect(objects.addresses.size).toBe(0);
    const back = await update(external.service, { type: "ClusterIP", externalName: undefined });
    expect(back.spec.clusterIP).toMatch(/^10\.0\.0\./);
    expect(objects.addresses.size).toBe(1);
  });

  it("are only looked at in a dry run", async () => {
    const { create, objects } = setUp();
    await create({ clusterIP: "10.0.0.7" });
    expect((await create({ clusterIP: "10.0.0.7" }, { dryRun: true })).spec.clusterIPs).toEqual(["10.0.0.7"]);
    expect((await create({}, { dryRun: true })).spec.clusterIPs).toEqual(["10.0.0.0"]);
    expect(await problem(create({ clusterIP: "10.1.0.7" }, { dryRun: true }))).toContain(
      "failed to allocate IP 10.1.0.7: the provided IP (10.1.0.7) is not in the valid range. The range of valid IPs is 10.0.0.0/24",
    );
    expect(objects.addresses.size).toBe(1);
  });
});

describe("IP families", () => {
  const dual = { cidrs: ["10.0.0.0/24", "fd00::/112"], families: ["IPv4", "IPv6"] as ClusterFamilies };
  const familiesOf = ({ clusterIPs = [] }: Spec) =>
    clusterIPs.map((ip) => (ip.includes(":") ? "IPv6" : "IPv4"));

  it.each<[string, Fields, string[]]>([
    ["one by default", {}, ["IPv4"]],
    ["both where they are preferred", { ipFamilyPolicy: "PreferDualStack" }, ["IPv4", "IPv6"]],
    [
      "in the order asked for",
      { ipFamilyPolicy: "RequireDualStack", ipFamilies: ["IPv6"] },
      ["IPv6", "IPv4"],
    ],
    ["that of the address", { clusterIP: "fd00::5" }, ["IPv6"]],
  ])("are %s", async (_, fields, families) => {
    const { create } = setUp(dual);
    const { spec } = await create(fields);
    expect(spec.ipFamilies).toEqual(families);
    expect(familiesOf(spec)).toEqual(families);
  });

  it("are one where the cluster has only one", async () => {
    const { create } = setUp();
    expect((await create({ ipFamilyPolicy: "PreferDualStack" })).spec.ipFamilies).toEqual(["IPv4"]);
    expect(await problem(create({ ipFamilyPolicy: "RequireDualStack" }))).toContain(
      'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    );
    expect(await problem(create({ ipFamilies: ["IPv6"] }))).toContain(
      'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster',
    );
  });

  it("can be added to and taken away from a service", async () => {
    const { create, update, objects, allocation } = setUp(dual);
    const { service } = await create();
    const both = await update(service, { ipFamilyPolicy: "RequireDualStack" });
    expect(familiesOf(both.spec)).toEqual(["IPv4", "IPv6"]);
    expect(both.spec.clusterIP).toBe(service.spec!.clusterIP);
    const one = await update(both.service, { ipFamilyPolicy: "SingleStack" });
    expect(one.spec.clusterIPs).toEqual(service.spec!.clusterIPs);
    await allocation.afterUpdate(one.service, both.service);
    expect([...objects.addresses.keys()]).toEqual(service.spec!.clusterIPs);
  });

  it("that a half-made allocation took are given back", async () => {
    const { create, objects } = setUp(dual);
    await create({ clusterIP: "fd00::5" });
    const second = create({
      clusterIP: "10.0.0.9",
      clusterIPs: ["10.0.0.9", "fd00::5"],
      ipFamilyPolicy: "RequireDualStack",
    });
    expect(await problem(second)).toContain(
      "failed to allocate IP fd00::5: provided IP is already allocated",
    );
    expect(await problem(create({ clusterIPs: ["", "fd00::5"], ipFamilies: ["IPv4", "IPv6"] }))).toContain(
      'Invalid value: ["","fd00::5"]',
    );
    expect([...objects.addresses.keys()]).toEqual(["fd00::5"]);
  });
});

describe("node ports", () => {
  const nodePorts = ({ ports = [] }: Spec) => ports.map(({ nodePort }) => nodePort);
  const small = { range: [30000, 30009] };

  it("are never given twice, whatever runs at the same time, until the range is full", async () => {
    const { create, objects } = setUp(small);
    const results = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        create({ type: "NodePort" }, { name: `s${i}` }).then(
          ({ spec }) => nodePorts(spec)[0],
          (error: Error) => error.message,
        ),
      ),
    );
    const ports = results.filter((one) => typeof one === "number");
    expect(ports.sort()).toEqual([30000, 30001, 30002, 30003, 30004, 30005, 30006, 30007, 30008, 30009]);
    expect(results.filter((one) => typeof one === "string")).toEqual([
      "Internal error occurred: failed to allocate a nodePort: range is full",
      "Internal error occurred: failed to allocate a nodePort: range is full",
    ]);
    // Who got no port keeps no address either.
    expect(objects.addresses.size).toBe(10);
  });

  it.each([
    [30005, "provided port is already allocated"],
    [31000, "provided port is not in the valid range. The range of valid ports is 30000-30009"],
  ])("cannot be %i", async (nodePort, detail) => {
    const { create } = setUp(small);
    await create({ type: "NodePort", ports: [{ port: 80, protocol: "TCP", nodePort: 30005 }] });
    const second = create({ type: "NodePort", ports: [{ port: 80, protocol: "TCP", nodePort }] });
    expect(await problem(second)).toBe(
      `422 Service "web" is invalid: spec.ports[0].nodePort: Invalid value: ${nodePort}: ${detail}`,
    );
  });

  it("are those of the services that are there when the server starts", async () => {
    const { create, objects } = setUp({ range: [30000, 30001] });
    objects.services = [
      serviceOf({ type: "NodePort", ports: [{ port: 80, protocol: "TCP", nodePort: 30000 }] }, "old"),
      serviceOf({ type: "NodePort", ports: [{ port: 80, protocol: "TCP", nodePort: 20000 }] }, "older"),
    ];
    expect(nodePorts((await create({ type: "NodePort" })).spec)).toEqual([30001]);
  });

  it("are shared by TCP and UDP of one port", async () => {
    const { create } = setUp();
    const ports = [
      { name: "a", port: 53, protocol: "TCP" },
      { name: "b", port: 53, protocol: "UDP" },
      { name: "c", port: 54, protocol: "UDP" },
    ];
    const [a, b, c] = nodePorts((await create({ type: "NodePort", ports })).spec);
    expect(b).toBe(a);
    expect(c).not.toBe(a);
  });

  it("are given to a load balancer unless it opts out, and kept by name when the service changes", async () => {
    const { create, update } = setUp();
    const without = await create({ type: "LoadBalancer", allocateLoadBalancerNodePorts: false });
    expect(nodePorts(without.spec)).toEqual([undefined]);
    const { service, spec } = await create({ type: "LoadBalancer" });
    const changed = await update(service, { ports: [{ port: 81, protocol: "TCP" }] });
    expect(nodePorts(changed.spec)).toEqual(nodePorts(spec));
  });

  it("are free again once no port uses them", async () => {
    const { create, update, allocation } = setUp({ range: [30000, 30000] });
    const { service } = await create({ type: "NodePort" });
    const plain = await update(service, { type: "ClusterIP", ports: [{ port: 80, protocol: "TCP" }] });
    expect(await problem(create({ type: "NodePort" }))).toContain("range is full");
    await allocation.afterUpdate(plain.service, service);
    const next = await create({ type: "NodePort" });
    expect(nodePorts(next.spec)).toEqual([30000]);
    await next.undo();
    expect(nodePorts((await create({ type: "NodePort" })).spec)).toEqual([30000]);
  });

  it("include one for health checks where a load balancer keeps traffic local", async () => {
    const { create, allocation } = setUp(small);
    const local = { type: "LoadBalancer", externalTrafficPolicy: "Local" };
    const { service, spec } = await create({ ...local, healthCheckNodePort: 30003 });
    expect(spec.healthCheckNodePort).toBe(30003);
    expect(await problem(create({ ...local, healthCheckNodePort: 30003 }))).toBe(
      "500 Internal error occurred: failed to allocate requested HealthCheck NodePort 30003: provided port is already allocated",
    );
    await allocation.afterDelete(service);
    expect((await create({ ...local, healthCheckNodePort: 30003 })).spec.healthCheckNodePort).toBe(30003);
  });

  it("are made up in a dry run, which takes none", async () => {
    const { create } = setUp({ range: [30000, 30000] });
    const ports = [
      { name: "a", port: 80, protocol: "TCP" },
      { name: "b", port: 81, protocol: "TCP" },
    ];
    expect(nodePorts((await create({ type: "NodePort", ports }, { dryRun: true })).spec)).toEqual([
      32769, 32770,
    ]);
    const chosen = [{ port: 80, protocol: "TCP", nodePort: 30000 }];
    await create({ type: "NodePort", ports: chosen }, { dryRun: true });
    await create({ type: "NodePort", ports: chosen });
    expect(await problem(create({ type: "NodePort", ports: chosen }, { dryRun: true }))).toContain(
      "provided port is already allocated",
    );
  });
});
