import { expect, test } from "vitest";
import type { KubeObject } from "../../api/object.ts";
import { fillSlices, reuseSlices } from "./fill-slices.ts";
import { type Draft, draftOf, type Endpoint, type EndpointSlice } from "./slices.ts";

const endpoint = (ip: string, ready = true): Endpoint => ({ addresses: [ip], conditions: { ready } });
const endpoints = (count: number, start = 0) =>
  Array.from({ length: count }, (_, i) => endpoint(`10.0.0.${start + i}`));
const slice = (name: string, its: Endpoint[]) =>
  ({ metadata: { name }, addressType: "IPv4", ports: [], endpoints: its }) as KubeObject as EndpointSlice;
const newDraft = (): Draft => ({ metadata: {}, addressType: "IPv4", ports: [], endpoints: [] });

function filled(existing: EndpointSlice[], wanted: Endpoint[], labels?: Record<string, string>) {
  const { create, update, remove } = fillSlices({
    ...{ existing, wanted, newDraft, most: 5 },
    changedLabels: () => labels,
  });
  const shown = ({ metadata, endpoints }: Draft) => `${metadata.name ?? "new"}: ${endpoints.length}`;
  return {
    create: create.map(shown),
    update: update.map(shown),
    remove: remove.map((one) => one.metadata.name),
  };
}
const nothing = { create: [], update: [], remove: [] };

test("new endpoints fill new slices", () => {
  expect(filled([], endpoints(12))).toEqual({ ...nothing, create: ["new: 5", "new: 5", "new: 2"] });
});

test("what is as it should be is left alone", () => {
  expect(filled([slice("a", endpoints(3))], endpoints(3))).toEqual(nothing);
  expect(filled([slice("a", endpoints(3))], endpoints(3), { a: "b" })).toEqual({
    ...nothing,
    update: ["a: 3"],
  });
});

test("the rest goes to the fullest slice that has room for all of it", () => {
  const existing = [slice("a", endpoints(2)), slice("b", endpoints(3, 10))];
  const wanted = [...endpoints(2), ...endpoints(3, 10), ...endpoints(2, 20)];
  expect(filled(existing, wanted)).toEqual({ ...nothing, update: ["b: 5"] });
});

test("slices that change anyway are filled first", () => {
  const existing = [slice("a", endpoints(4)), slice("b", endpoints(4, 10))];
  const wanted = [...endpoints(4), ...endpoints(3, 10), ...endpoints(2, 20)];
  expect(filled(existing, wanted)).toEqual({ ...nothing, update: ["b: 5"] });
});

test("a slice without a wanted endpoint goes; one whose endpoint has changed in place stays", () => {
  const existing = [slice("a", endpoints(1)), slice("b", endpoints(1, 10))];
  expect(filled(existing, [endpoint("10.0.0.10", false)])).toEqual({
    ...nothing,
    update: ["b: 1"],
    remove: ["a"],
  });
});

test("what goes is used for what comes, where it may be", () => {
  const [gone, foreign] = [slice("a", []), slice("b", [])];
  const create = [draftOf(slice("", endpoints(1)))];
  const changes = { create, update: [], remove: [foreign, gone] };
  const { create: left, update, remove } = reuseSlices(changes, (one) => one === gone);
  expect(left).toEqual([]);
  expect(update.map(({ metadata }) => metadata.name)).toEqual(["a"]);
  expect(remove).toEqual([foreign]);
});
