import { expect, test } from "vitest";
import { parseFieldSelector } from "../../api/field-selectors.ts";
import { ManualClock } from "../../api/manual-clock.ts";
import { LabelSelector } from "../../api/selectors.ts";
import type { Storage, Value } from "../storage/contract.ts";
import { openMemoryStorage } from "../storage/memory-storage.ts";
import { type AttributeIndex, Selection } from "./selection.ts";
import { openWatch, type WatchNotice } from "./watching.ts";

const clock = new ManualClock();
const value: Value = { bytes: Buffer.from("{}"), revisionAt: -1 };

async function* watch(storage: Storage, revision: number, signal: AbortSignal): AsyncGenerator<WatchNotice> {
  const index = { matches: () => true } as unknown as AttributeIndex;
  const notices = await openWatch(storage, clock, index, {
    prefix: "/registry/configmaps/",
    single: false,
    selection: new Selection(new LabelSelector([]), parseFieldSelector("")),
    revision,
    sendInitialEvents: undefined,
    allowBookmarks: false,
    deadline: 0,
    signal,
  });
  for await (const batch of notices) yield* batch;
}

test("a watch begins with what is there, unless its time is over", async () => {
  const storage = await openMemoryStorage({ clock });
  await storage.create("/registry/configmaps/a", value);
  const ending = new AbortController();
  const first = await watch(storage, 0, ending.signal).next();
  expect(first.value).toMatchObject({ type: "ADDED", entry: { key: "/registry/configmaps/a" } });
  ending.abort();
  expect(await watch(storage, 0, ending.signal).next()).toEqual({ done: true, value: undefined });
  await storage.close();
});

test("a watch from the future sends nothing that is older", async () => {
  const storage = await openMemoryStorage({ clock });
  const { revision } = await storage.create("/registry/configmaps/a", value);
  const ending = new AbortController();
  const next = watch(storage, revision + 1, ending.signal).next();
  await storage.create("/registry/configmaps/b", value);
  await storage.create("/registry/configmaps/c", value);
  expect((await next).value).toMatchObject({ type: "ADDED", entry: { key: "/registry/configmaps/c" } });
  ending.abort();
  await storage.close();
});
