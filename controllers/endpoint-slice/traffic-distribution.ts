import type { FeatureGates } from "../../api/feature-gates.ts";
import { jsonEqual } from "../../api/json-equal.ts";
import type { Service } from "../endpoints/service-pods.ts";
import type { Changes } from "./fill-slices.ts";
import { draftOf, type Endpoint, type EndpointSlice, endpointsOf, isReady } from "./slices.ts";

/** For whom an endpoint is, by the wish of its Service; undefined: for everybody. */
export type Hinting = (endpoint: Endpoint) => Endpoint["hints"];

const forEverybody: Hinting = () => undefined;
const forZone: Hinting = ({ zone }) => (zone === undefined ? undefined : { forZones: [{ name: zone }] });
const forNode: Hinting = (endpoint) => {
  const { nodeName } = endpoint;
  const hints = {
    ...forZone(endpoint),
    ...(nodeName === undefined ? {} : { forNodes: [{ name: nodeName }] }),
  };
  return Object.keys(hints).length > 0 ? hints : undefined;
};

/** Source: trafficdist and validTrafficDistribution. */
export function hintingOf({ spec }: Service, gates: FeatureGates): Hinting {
  const wish = spec?.trafficDistribution;
  if (wish === "PreferClose") return forZone;
  if (!gates.enabled("PreferSameTrafficDistribution")) return forEverybody;
  if (wish === "PreferSameZone") return forZone;
  return wish === "PreferSameNode" ? forNode : forEverybody;
}

/** The changes with hints, and besides them the slices whose hints alone are wrong. */
export function withHints(changes: Changes, unchanged: readonly EndpointSlice[], hinting: Hinting): Changes {
  // With hints for everybody, none may be left; else what is not ready may keep its own.
  const concerns = (endpoint: Endpoint) => hinting === forEverybody || isReady(endpoint);
  const hinted = (endpoint: Endpoint): Endpoint => {
    if (!concerns(endpoint)) return endpoint;
    const { hints: _, ...rest } = endpoint;
    const hints = hinting(endpoint);
    return hints ? { ...rest, hints } : rest;
  };
  const isWrong = (endpoint: Endpoint) => concerns(endpoint) && !jsonEqual(endpoint.hints, hinting(endpoint));
  const wrong = unchanged.filter((slice) => endpointsOf(slice).some(isWrong)).map(draftOf);
  const update = [...changes.update, ...wrong];
  for (const draft of [...changes.create, ...update]) draft.endpoints = draft.endpoints.map(hinted);
  return { ...changes, update };
}

export const withoutHints = (changes: Changes, unchanged: readonly EndpointSlice[]): Changes =>
  withHints(changes, unchanged, forEverybody);
