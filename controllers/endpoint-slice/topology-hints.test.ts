import { expect, test } from "vitest";
import type { KubeObject } from "../../api/object.ts";
import type { Service } from "../endpoints/service-pods.ts";
import type { Changes } from "./fill-slices.ts";
import { type Draft, draftOf, type Endpoint, type EndpointSlice } from "./slices.ts";
import { asksForTopology, type Hinted, TopologyHints } from "./topology-hints.ts";
import type { Node } from "./zone-allocation.ts";

const node = (zone: string, cpu: string, labels: Record<string, string> = {}): Node => ({
  metadata: { name: zone, labels: { "topology.kubernetes.io/zone": zone, ...labels } },
  status: { allocatable: { cpu }, conditions: [{ type: "Ready", status: "True" }] },
});
const inZones = (...zones: (string | undefined)[]): Endpoint[] =>
  zones.map((zone, i) => ({
    addresses: [`10.0.0.${i}`],
    conditions: { ready: true },
    ...(zone === undefined ? {} : { zone }),
  }));
const slice = (name: string, endpoints: Endpoint[]) =>
  ({ metadata: { name }, addressType: "IPv4", ports: [], endpoints }) as KubeObject as EndpointSlice;
const none: Changes = { create: [], update: [], remove: [] };

const topology = (...nodes: Node[]) => {
  const hints = new TopologyHints();
  hints.setNodes(nodes);
  return hints;
};
const created = (hints: TopologyHints, endpoints: Endpoint[]): Hinted =>
  hints.add("n/s", "IPv4", { ...none, create: [draftOf(slice("", endpoints))] }, []);
const hintsOf = ({ endpoints }: Draft) =>
  endpoints.map(({ hints }) => hints?.forZones?.map(({ name }) => name).join());

test("endpoints are hinted to their own zones, and those of full zones to others", () => {
  const even = created(topology(node("a", "2"), node("b", "2")), inZones("a", "b"));
  expect(hintsOf(even.changes.create[0]!)).toEqual(["a", "b"]);
  expect(even.event).toEqual({
    ...{ type: "Normal", reason: "TopologyAwareHintsEnabled" },
    message: "Topology Aware Hints has been enabled, addressType: IPv4",
  });
  const uneven = created(topology(node("a", "1"), node("b", "1")), inZones("a", "a", "a", "a"));
  expect(hintsOf(uneven.changes.create[0]!)).toEqual(["b", "b", "a", "a"]);
});

test("what is hinted already stays, unless its zone has too many", () => {
  const hints = topology(node("a", "1"), node("b", "1"));
  const good = inZones("a", "b").map((one) => ({ ...one, hints: { forZones: [{ name: one.zone! }] } }));
  expect(hints.add("n/s", "IPv4", none, [slice("good", good)]).changes).toEqual(none);
  const bad = inZones("a", "a").map((one) => ({ ...one, hints: { forZones: [{ name: "a" }] } }));
  const { changes, event } = hints.add("n/s", "IPv4", none, [slice("bad", bad)]);
  expect(changes.update.map(hintsOf)).toEqual([["b", "a"]]);
  expect(event).toBeUndefined();
});

const warning = (message: string) => ({ type: "Warning", reason: "TopologyAwareHintsDisabled", message });
const overloaded =
  "Unable to allocate minimum required endpoints to each zone without exceeding overload threshold";
const unknown = "Insufficient Node information: allocatable CPU or zone not specified on one or more nodes";

test.each([
  ["one zone", [node("a", "1")], ["a", "a"], unknown],
  [
    "a control plane in the other",
    [node("a", "1"), node("b", "1", { "node-role.kubernetes.io/control-plane": "" })],
    ["a", "a"],
    unknown,
  ],
  ["a node without CPU", [node("a", "1"), node("b", "0")], ["a", "b"], unknown],
  [
    "fewer endpoints than zones",
    [node("a", "1"), node("b", "1")],
    ["a"],
    "Insufficient number of endpoints (1 endpoints, 2 zones)",
  ],
  [
    "too uneven zones",
    [node("a", "1"), node("b", "9"), node("c", "9")],
    ["a", "b", "c"],
    `${overloaded} (3 endpoints, 3 zones)`,
  ],
  [
    "an endpoint without a zone",
    [node("a", "1"), node("b", "1")],
    ["a", undefined],
    "One or more endpoints do not have a zone specified",
  ],
])("with %s there are no hints, and the reason is told", (_, nodes, zones, message) => {
  const { changes, event } = created(topology(...nodes), inZones(...zones));
  expect(hintsOf(changes.create[0]!).filter(Boolean)).toEqual([]);
  expect(event).toEqual(warning(`${message}, addressType: IPv4`));
});

test("a Service that asks no more hears of it once; one whose zones have changed is looked at again", () => {
  const hints = topology(node("a", "1"), node("b", "1"));
  created(hints, inZones("a", "b"));
  expect(hints.setNodes([node("a", "1"), node("b", "1")])).toEqual([]);
  expect(hints.setNodes([node("a", "1"), node("c", "1")])).toEqual(["n/s"]);
  expect(hints.remove("n/s", "IPv4")).toEqual(
    warning("Topology Aware Hints has been disabled, addressType: IPv4"),
  );
  expect(hints.remove("n/s", "IPv4")).toBeUndefined();
  expect(hints.setNodes([])).toEqual([]);
});

test("a Service asks by annotation", () => {
  const service = (annotations?: object) => ({ metadata: { annotations } }) as Service;
  expect(asksForTopology(service())).toBe(false);
  expect(asksForTopology(service({ "service.kubernetes.io/topology-mode": "Auto" }))).toBe(true);
  const both = {
    "service.kubernetes.io/topology-mode": "Auto",
    "service.kubernetes.io/topology-aware-hints": "no",
  };
  expect(asksForTopology(service(both))).toBe(false);
});
