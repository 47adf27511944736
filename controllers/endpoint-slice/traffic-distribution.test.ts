import { expect, test } from "vitest";
import { defaultFeatureGates } from "../../api/feature-gates.ts";
import type { KubeObject } from "../../api/object.ts";
import type { Service } from "../endpoints/service-pods.ts";
import { type Draft, draftOf, type Endpoint, type EndpointSlice } from "./slices.ts";
import { hintingOf, withHints } from "./traffic-distribution.ts";

const endpoint: Endpoint = { addresses: ["10.0.0.1"], conditions: { ready: true }, nodeName: "n", zone: "z" };
const slice = (one: Endpoint) =>
  ({
    metadata: { name: "a" },
    addressType: "IPv4",
    ports: [],
    endpoints: [one],
  }) as KubeObject as EndpointSlice;
const service = (trafficDistribution?: string) =>
  ({ metadata: {}, spec: { trafficDistribution } }) as Service;
const hints = (wish: string | undefined, one: Endpoint) => {
  const create: Draft[] = [draftOf(slice(one))];
  withHints({ create, update: [], remove: [] }, [], hintingOf(service(wish), defaultFeatureGates()));
  return create[0]!.endpoints[0]!.hints;
};
const forZones = [{ name: "z" }];

test.each([
  [undefined, undefined],
  ["PreferClose", { forZones }],
  ["PreferSameZone", { forZones }],
  ["PreferSameNode", { forZones, forNodes: [{ name: "n" }] }],
])("with %s endpoints are hinted %j", (wish, expected) => expect(hints(wish, endpoint)).toEqual(expected));

test("what is not ready keeps its hints, but where nobody wishes any", () => {
  const unready = { ...endpoint, conditions: { ready: false }, hints: { forZones } };
  expect(hints("PreferClose", { ...unready, zone: "other" })).toEqual({ forZones });
  expect(hints(undefined, unready)).toBeUndefined();
});

test("slices whose hints alone are wrong are written, others are not", () => {
  const unchanged = [slice(endpoint), slice({ ...endpoint, hints: { forZones } })];
  const changes = { create: [], update: [], remove: [] };
  const { update } = withHints(changes, unchanged, hintingOf(service("PreferClose"), defaultFeatureGates()));
  expect(update).toHaveLength(1);
  expect(update[0]!.endpoints[0]!.hints).toEqual({ forZones });
});
