import { expect, test } from "vitest";
import type { KubeObject } from "../../api/object.ts";
import { ObjectIndex } from "../../client/informer.ts";
import { namespaceOf } from "../controllees/owners.ts";
import type { Pod } from "../controllees/pod-facts.ts";
import { addressesOf, portsOf, type Service, servicesOfChange } from "./service-pods.ts";

const service = (name: string, spec: object) =>
  ({ metadata: { namespace: "n", name, uid: name }, spec }) as KubeObject as Service;
const pod = (labels: Record<string, string>, more: { spec?: object; status?: object } = {}) =>
  ({ metadata: { namespace: "n", name: "p", labels }, ...more }) as KubeObject as Pod;

const services = new ObjectIndex<Service>(namespaceOf);
for (const one of [
  service("a", { selector: { app: "a" } }),
  service("b", { selector: { app: "b" } }),
  service("all", { selector: {} }),
  service("none", {}),
]) {
  services.change(one, undefined);
}
const ready = { status: { conditions: [{ type: "Ready", status: "True" }] } };

test.each([
  ["a new pod", pod({ app: "a" }), undefined, ["n/a", "n/all"]],
  ["one that is gone", undefined, pod({ app: "b" }), ["n/b", "n/all"]],
  ["nothing that endpoints show", pod({ app: "a", x: "y" }), pod({ app: "a" }), []],
  ["other labels", pod({ app: "b" }), pod({ app: "a" }), ["n/a", "n/b"]],
  ["readiness", pod({ app: "a" }, ready), pod({ app: "a" }), ["n/a", "n/all"]],
  ["readiness and labels", pod({ app: "b" }, ready), pod({ app: "a" }), ["n/a", "n/b", "n/all"]],
  ["its hostname", pod({ app: "a" }, { spec: { hostname: "h" } }), pod({ app: "a" }), ["n/a", "n/all"]],
])("Services of a change of %s", (_, now, before, expected) => {
  expect(servicesOfChange(now, before, services)).toEqual(expected);
});

test("named ports are those of containers and sidecars, by protocol", () => {
  const named = (name: string, containerPort: number, protocol = "TCP") => [
    { name, containerPort, protocol },
  ];
  const spec = {
    containers: [{ ports: named("web", 8080) }],
    initContainers: [{ ports: named("once", 1) }, { restartPolicy: "Always", ports: named("side", 9090) }],
  };
  const port = (name: string, targetPort: number | string, protocol = "TCP") => ({
    name,
    port: 1,
    targetPort,
    protocol,
  });
  const ports = [
    port("", "web"),
    port("u", "web", "UDP"),
    port("o", "once"),
    port("s", "side"),
    port("n", 7),
  ];
  expect(portsOf(service("a", { ports }), pod({}, { spec }))).toEqual([
    { port: 8080, protocol: "TCP" },
    { name: "s", port: 9090, protocol: "TCP" },
    { name: "n", port: 7, protocol: "TCP" },
  ]);
});

test("addresses are told by family, in their usual form", () => {
  const podIPs = [{ ip: "010.1.0.1" }, { ip: "FD00:0::1" }];
  const one = pod({}, { status: { podIPs } });
  expect(addressesOf(one, "IPv4")).toEqual(["10.1.0.1"]);
  expect(addressesOf(one, "IPv6")).toEqual(["fd00::1"]);
});
