import { expect, test } from "vitest";
import { compareTranscripts } from "./compare.ts";
import type { Json } from "./json.ts";
import type { NormalStep } from "./normalize.ts";

const step = (body: Json, more: Partial<NormalStep> = {}): NormalStep => ({
  label: "GET /a",
  status: 200,
  headers: {},
  body,
  ...more,
});

const places = (peer: NormalStep[], ours: NormalStep[]) => compareTranscripts(peer, ours).map(({ at }) => at);

test("equal transcripts have no differences, whatever the order of keys", () => {
  expect(places([step({ a: 1, b: [{ c: null }] })], [step({ b: [{ c: null }], a: 1 })])).toEqual([]);
});

test("every place that differs is named", () => {
  const peer = step(
    { same: 1, changed: { "x/y": 1 }, peerOnly: 1, list: [1, 2] },
    { status: 201, headers: { warning: "w" } },
  );
  const ours = step({ same: 1, changed: { "x/y": "1" }, oursOnly: null, list: [1, 3] });
  expect(places([peer], [ours])).toEqual([
    "status",
    "header warning",
    "body/changed/x~1y",
    "body/peerOnly",
    "body/list/1",
    "body/oursOnly",
  ]);
});

test("null and absent differ", () => {
  expect(places([step({ a: null })], [step({})])).toEqual(["body/a"]);
});

test("one item that is missing in a list of named ones is one difference", () => {
  const items = ["a", "b", "c"].map((name) => ({ metadata: { namespace: "n", name } }));
  expect(places([step({ items })], [step({ items: items.slice(1) })])).toEqual(["body/items/[n/a]"]);
});

test("a script that goes another way is told once", () => {
  const two = [step(null), step(null, { label: "GET /b" })];
  expect(places(two, [step(null)])).toEqual(["script"]);
  expect(places([step(null)], two)).toEqual(["script"]);
});

test("one line more in a text is one difference", () => {
  expect(compareTranscripts([step(["a", "b", "c"])], [step(["a", "x", "b", "c"])])).toMatchObject([
    { at: "body/1", peer: undefined, ours: "x" },
  ]);
  expect(compareTranscripts([step(["a", "b", "c", "d"])], [step(["a", "y", "d"])])).toMatchObject([
    { at: "body/1", peer: "b", ours: "y" },
    { at: "body/2", peer: "c", ours: undefined },
  ]);
});
