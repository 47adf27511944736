import { test } from "../../conversation.ts";
import type { JsonObject } from "../../json.ts";
import { named, service } from "../../objects.ts";

const SPECS: Readonly<Record<string, JsonObject>> = {
  "no ports": { ports: [] },
  "wanted address": { clusterIP: "10.0.0.12" },
  "address outside the range": { clusterIP: "10.9.9.9" },
  "not an address": { clusterIP: "300.1.1.1" },
  "kubernetes' own address": { clusterIP: "10.0.0.1" },
  "network address": { clusterIP: "10.0.0.0" },
  "two different addresses": { clusterIP: "10.0.0.12", clusterIPs: ["10.0.0.13"] },
  "address list only": { clusterIPs: ["10.0.0.14"] },
  "headless with node port": { clusterIP: "None", type: "NodePort" },
  "headless with addresses": { clusterIP: "None", clusterIPs: ["None", "10.0.0.3"] },
  "dual stack wanted": { ipFamilyPolicy: "PreferDualStack" },
  "dual stack required": { ipFamilyPolicy: "RequireDualStack" },
  "version six": { ipFamilies: ["IPv6"] },
  "two families": { ipFamilies: ["IPv4", "IPv6"] },
  "unknown family": { ipFamilies: ["IPv5"] },
  "wanted node port": { type: "NodePort", ports: [{ port: 80, nodePort: 30020 }] },
  "node port out of range": { type: "NodePort", ports: [{ port: 80, nodePort: 80 }] },
  "same node port twice": {
    type: "NodePort",
    ports: [
      { name: "a", port: 80, nodePort: 30021 },
      { name: "b", port: 81, nodePort: 30021 },
    ],
  },
  "same node port, two protocols": {
    type: "NodePort",
    ports: [
      { name: "a", port: 80, nodePort: 30022 },
      { name: "b", port: 80, protocol: "UDP", nodePort: 30022 },
    ],
  },
  "node port of a cluster IP": { ports: [{ port: 80, nodePort: 30023 }] },
  "random node ports": {
    type: "NodePort",
    ports: [
      { name: "a", port: 80 },
      { name: "b", port: 81 },
    ],
  },
  "load balancer": { type: "LoadBalancer" },
  "load balancer without node ports": { type: "LoadBalancer", allocateLoadBalancerNodePorts: false },
  "load balancer, local": { type: "LoadBalancer", externalTrafficPolicy: "Local" },
  "load balancer class of another type": { loadBalancerClass: "example.com/x" },
  "health check port without local": { type: "LoadBalancer", healthCheckNodePort: 30024 },
  "external name without one": { type: "ExternalName" },
  "external name with address": { type: "ExternalName", externalName: "a.b", clusterIP: "10.0.0.12" },
  "external name, badly": { type: "ExternalName", externalName: "a b" },
  "unknown type": { type: "Nothing" },
  "unnamed ports": { ports: [{ port: 1 }, { port: 2 }] },
  "same port twice": {
    ports: [
      { name: "a", port: 1 },
      { name: "b", port: 1 },
    ],
  },
  "same name twice": {
    ports: [
      { name: "a", port: 1 },
      { name: "a", port: 2 },
    ],
  },
  "target by name": { ports: [{ port: 1, targetPort: "http" }] },
  "bad target": { ports: [{ port: 1, targetPort: "-bad-" }] },
  "external addresses": { externalIPs: ["1.2.3.4", "127.0.0.1", "x"] },
  "affinity without config": { sessionAffinity: "ClientIP" },
  "config without affinity": { sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } } },
  "affinity too long": {
    sessionAffinity: "ClientIP",
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 86401 } },
  },
  "source ranges": { type: "LoadBalancer", loadBalancerSourceRanges: ["1.2.3.4/8", "x"] },
  "old style address": { clusterIP: "010.000.000.012" },
};

export const cases = [
  test("services: specs", async (t) => {
    for (const [remark, spec] of Object.entries(SPECS)) {
      await t.post(t.path("v1/services"), service("s", spec), { remark, query: { dryRun: "All" } });
    }
  }),
  test("services: addresses and ports are taken and given back", async (t) => {
    const all = t.path("v1/services");
    await t.post(
      all,
      service("a", { clusterIP: "10.0.0.11", type: "NodePort", ports: [{ port: 80, nodePort: 30031 }] }),
    );
    await t.post(all, service("b", { clusterIP: "10.0.0.11" }));
    await t.post(all, service("b", { type: "NodePort", ports: [{ port: 80, nodePort: 30031 }] }));
    await t.get("/apis/networking.k8s.io/v1/ipaddresses/10.0.0.11");
    await t.delete(`${all}/a`);
    await t.get("/apis/networking.k8s.io/v1/ipaddresses/10.0.0.11");
    await t.post(
      all,
      service("b", { clusterIP: "10.0.0.11", type: "NodePort", ports: [{ port: 80, nodePort: 30031 }] }),
    );
    await t.delete(all);
    await t.post(all, service("c", { clusterIP: "10.0.0.11" }));
    await t.delete(`${all}/c`);
  }),
  test("addresses: generated names", async (t) => {
    const all = "/apis/networking.k8s.io/v1/ipaddresses";
    t.leftovers.add(`${all}/10.9.9.5`);
    for (const generateName of ["10.9.9.", "10.9.9.5", "10.9.9.5"]) {
      const spec = { parentRef: { resource: "services", name: "a", namespace: t.namespace } };
      const metadata = { generateName };
      await t.post(all, { apiVersion: "networking.k8s.io/v1", kind: "IPAddress", metadata, spec });
    }
  }),
  test("services: changes of type", async (t) => {
    const all = t.path("v1/services");
    const at = `${all}/s`;
    await t.post(all, service("s", { clusterIP: "10.0.0.10" }));
    const change = (spec: JsonObject, remark: string) => t.patch(at, { spec }, { type: "merge", remark });
    await change({ type: "NodePort" }, "to node port");
    await change({ type: "ClusterIP" }, "back");
    await change({ type: "LoadBalancer", externalTrafficPolicy: "Local" }, "to balancer");
    await change({ externalTrafficPolicy: "Cluster" }, "to cluster policy");
    await change({ ports: [{ port: 80, nodePort: 30040 }] }, "another node port");
    await change({ type: "ExternalName", externalName: "a.example.com" }, "to external name, address kept");
    await change(
      { type: "ExternalName", externalName: "a.example.com", clusterIP: null, clusterIPs: null, ports: null },
      "to external name",
    );
    await change({ type: "ClusterIP", externalName: null, ports: [{ port: 80 }] }, "back again");
    await change({ clusterIP: "10.0.0.9" }, "another address");
    await change({ clusterIP: "None" }, "to headless");
    await change({ ipFamilyPolicy: "PreferDualStack" }, "to dual stack");
    await change({ ipFamilies: ["IPv6"] }, "another family");
    await change({ sessionAffinity: "ClientIP" }, "affinity");
    await change({ selector: { a: "b" }, internalTrafficPolicy: "Local" }, "selector");
    await change({ healthCheckNodePort: 30041 }, "health check port");
    await t.put(at, service("s", { ports: [{ port: 81 }] }), { remark: "without addresses" });
    await t.get(at);
    await t.delete(at);
  }),
  test("services: the server's own", async (t) => {
    const own = await t.get("/api/v1/namespaces/default/services/kubernetes", { compare: "head" });
    t.note(
      JSON.stringify({
        spec: own.at("spec.clusterIP") ?? "",
        labels: own.at("metadata.labels") ?? {},
        type: own.at("spec.type") ?? "",
      }),
    );
    await t.delete("/api/v1/namespaces/default/services/kubernetes", undefined, {
      query: { dryRun: "All" },
      compare: "head",
    });
    await t.get("/apis/networking.k8s.io/v1/servicecidrs/kubernetes", { compare: "head" });
    await t.get("/apis/networking.k8s.io/v1/ipaddresses/10.0.0.1");
    await t.get("/api/v1/namespaces/default/endpoints/kubernetes", { compare: "head" });
    await t.get("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes", {
      compare: "head",
    });
  }),
  test("services: by external means", async (t) => {
    await t.post(
      t.path("v1/services"),
      named("v1", "Service", "s", { spec: { type: "LoadBalancer", ports: [{ port: 1 }] } }),
    );
    const status: JsonObject = { loadBalancer: { ingress: [{ ip: "1.2.3.4" }, { hostname: "h" }] } };
    await t.patch(`${t.path("v1/services")}/s/status`, { status });
    await t.patch(`${t.path("v1/services")}/s/status`, {
      status: { loadBalancer: { ingress: [{ ip: "x" }] } },
    });
    await t.get(t.path("v1/services"), { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
    await t.patch(`${t.path("v1/services")}/s`, { spec: { type: "ClusterIP" } });
  }),
];
