import { expect, test } from "vitest";
import type { KubeObject } from "../../api/object.ts";
import { type Draft, type EndpointSlice, sliceOf } from "../endpoint-slice/slices.ts";
import { type Endpoints, mirror } from "./mirrored-slices.ts";

const endpoints = (subsets: object[], more: object = {}) =>
  ({ metadata: { name: "e", namespace: "n", uid: "u", ...more }, subsets }) as KubeObject as Endpoints;
const ports = [{ port: 80, protocol: "TCP" }];
const written = (draft: Draft, name: string): EndpointSlice =>
  sliceOf({ ...draft, metadata: { ...draft.metadata, name } });

test("a subset is a slice of each family that it has addresses of", () => {
  const addresses = [{ ip: "10.0.0.1", hostname: "h" }, { ip: "fd00::1" }];
  const { changes, invalid } = mirror(
    endpoints([{ addresses, notReadyAddresses: [{ ip: "10.0.0.2" }], ports }]),
    [],
  );
  expect(changes.create).toMatchObject([
    {
      addressType: "IPv4",
      ports: [{ name: "", port: 80, protocol: "TCP" }],
      endpoints: [
        { addresses: ["10.0.0.1"], hostname: "h", conditions: { ready: true } },
        { addresses: ["10.0.0.2"], conditions: { ready: false } },
      ],
    },
    { addressType: "IPv6", endpoints: [{ addresses: ["fd00::1"] }] },
  ]);
  expect(invalid).toBe(0);
});

test("labels and annotations are mirrored, but for those of the last change and of kubectl", () => {
  const annotations = {
    a: "b",
    "endpoints.kubernetes.io/last-change-trigger-time": "2026-01-01T00:00:00Z",
    "kubectl.kubernetes.io/last-applied-configuration": "{}",
  };
  const { changes } = mirror(
    endpoints([{ addresses: [{ ip: "10.0.0.1" }], ports }], { labels: { l: "m" }, annotations }),
    [],
  );
  expect(changes.create[0]!.metadata).toMatchObject({
    generateName: "e-",
    labels: {
      l: "m",
      "kubernetes.io/service-name": "e",
      "endpointslice.kubernetes.io/managed-by": "endpointslicemirroring-controller.k8s.io",
    },
    ownerReferences: [{ kind: "Endpoints", name: "e", uid: "u", controller: true }],
  });
  expect(changes.create[0]!.metadata.annotations).toEqual({ a: "b" });
});

test("what is mirrored already is left alone, what differs is written in its place, what is too much goes", () => {
  const one = endpoints([{ addresses: [{ ip: "10.0.0.1" }], ports }]);
  const slice = written(mirror(one, []).changes.create[0]!, "s");
  expect(mirror(one, [slice]).changes).toEqual({ create: [], update: [], remove: [] });
  const other = mirror(endpoints([{ addresses: [{ ip: "10.0.0.2" }], ports }]), [
    slice,
    { ...slice, metadata: { name: "t" } },
  ]);
  expect(other.changes.update).toMatchObject([
    { metadata: { name: "s" }, endpoints: [{ addresses: ["10.0.0.2"] }] },
  ]);
  expect(other.changes.remove).toMatchObject([{ metadata: { name: "t" } }]);
  const anew = mirror(endpoints([{ addresses: [{ ip: "10.0.0.1" }], ports }], { uid: "v" }), [slice]);
  expect(anew.changes.update).toMatchObject([{ metadata: { ownerReferences: [{ uid: "v" }] } }]);
  expect(mirror(endpoints([]), [slice]).changes.remove).toEqual([slice]);
});

test("a slice with other ports is used again, of the same family", () => {
  const [before, now] = [ports, [{ port: 81, protocol: "TCP" }]];
  const addresses = [{ ip: "10.0.0.1" }];
  const slice = written(mirror(endpoints([{ addresses, ports: before }]), []).changes.create[0]!, "s");
  const { changes } = mirror(endpoints([{ addresses, ports: now }]), [slice]);
  expect(changes).toMatchObject({
    create: [],
    remove: [],
    update: [{ metadata: { name: "s" }, ports: [{ port: 81 }] }],
  });
  const v6 = mirror(endpoints([{ addresses: [{ ip: "fd00::1" }], ports: now }]), [slice]);
  expect(v6.changes).toMatchObject({ create: [{ addressType: "IPv6" }], update: [], remove: [slice] });
});

test("what is no address and what is too much is counted", () => {
  const addresses = Array.from({ length: 1002 }, (_, i) => ({ ip: `10.0.${i >> 8}.${i & 255}` }));
  const { changes, invalid, skipped } = mirror(
    endpoints([{ addresses: [{ ip: "0.not.an.ip" }, ...addresses], ports }]),
    [],
  );
  expect(changes.create[0]!.endpoints).toHaveLength(1000);
  expect([invalid, skipped]).toEqual([1, 3]);
});
