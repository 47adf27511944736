import { describe, expect, test } from "vitest";
import type { Entry, Storage, WatchBatch, WatchEvent } from "./contract.ts";
import { never, type OpenStorage, opened, readTo, refusal, take, value } from "./suite-helpers.ts";

/** Creates, changes and deletes keys, several at a time; resolves to the last revision. */
async function stir(storage: Storage, rounds: number, prefix = "/w/"): Promise<number> {
  for (let round = 0; round < rounds; round++) {
    await Promise.all(
      [0, 1, 2, 3].map(async (lane) => {
        const key = `${prefix}${lane}`;
        const current = await storage.get(key);
        if (current === undefined) await storage.create(key, value(`${round}`));
        else if ((round + lane) % 5 === 0) await storage.delete(key, current.revision);
        else await storage.update(key, current.revision, value(`${round}`));
      }),
    );
  }
  return storage.revision;
}

/** The state that events lead to. */
function fold(events: readonly WatchEvent[]): Map<string, Entry> {
  const state = new Map<string, Entry>();
  for (const { type, entry } of events) {
    if (type === "delete") state.delete(entry.key);
    else state.set(entry.key, entry);
  }
  return new Map([...state].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function watchPromises(open: OpenStorage): void {
  describe("watch promises", () => {
    const fixture = opened(open);

    test("ordered: events come in the order of their revisions, through history and live alike", async () => {
      const { storage } = fixture;
      await stir(storage, 10);
      const target = storage.revision + 40;
      const reading = readTo(storage.watch("/w/", { after: 1, signal: never() }), target);
      await stir(storage, 10);
      const revisions = (await reading).flatMap(({ events }) => events.map(({ revision }) => revision));
      expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    });

    test("unique: no event comes twice", async () => {
      const { storage } = fixture;
      await stir(storage, 10);
      const target = storage.revision + 40;
      const reading = readTo(storage.watch("/w/", { after: 1, signal: never() }), target);
      await stir(storage, 10);
      const revisions = (await reading).flatMap(({ events }) => events.map(({ revision }) => revision));
      expect(new Set(revisions).size).toBe(revisions.length);
    });

    test("reliable: no event is left out, whenever the watch starts", async () => {
      const { storage } = fixture;
      const target = 1 + 4 * 30;
      const readings: Promise<WatchBatch[]>[] = [];
      const starts: number[] = [];
      const writing = (async () => {
        for (let part = 0; part < 10; part++) {
          starts.push(storage.revision);
          readings.push(readTo(storage.watch("/w/", { after: storage.revision, signal: never() }), target));
          await stir(storage, 3);
        }
      })();
      await writing;
      for (const [index, reading] of readings.entries()) {
        const revisions = (await reading).flatMap(({ events }) => events.map(({ revision }) => revision));
        const start = starts[index] as number;
        expect(revisions).toEqual(Array.from({ length: target - start }, (_, count) => start + 1 + count));
      }
    });

    test("atomic: all events up to a batch's revision are exactly the state at that revision", async () => {
      const { storage } = fixture;
      const reading = readTo(storage.watch("/w/", { after: 1, signal: never() }), 1 + 4 * 20);
      await stir(storage, 20);
      const events: WatchEvent[] = [];
      for (const batch of await reading) {
        events.push(...batch.events);
        const { entries } = await storage.list("/w/", { revision: batch.revision });
        expect([...fold(events).values()]).toEqual(entries);
      }
    });

    test("resumable: a watch that breaks anywhere goes on after the last revision it was told", async () => {
      const { storage } = fixture;
      const writing = stir(storage, 20);
      const target = 1 + 4 * 20;
      const revisions: number[] = [];
      for (let after = 1; after < target; ) {
        const watch = storage.watch("/w/", { after, signal: never() });
        for await (const batch of watch) {
          revisions.push(...batch.events.map(({ revision }) => revision));
          after = batch.revision;
          if (batch.events.length > 0) break;
        }
      }
      await writing;
      expect(revisions).toEqual(Array.from({ length: target - 1 }, (_, index) => index + 2));
    });

    test("bookmarkable: a watch tells a revision when asked, and no event up to it comes later", async () => {
      const { storage } = fixture;
      const watch = storage.watch("/w/", { after: 1, signal: never() });
      const writing = (async () => {
        for (let round = 0; round < 10; round++) {
          await stir(storage, 2);
          await stir(storage, 2, "/elsewhere/");
          watch.requestProgress();
        }
      })();
      let told = 1;
      let bookmarks = 0;
      for await (const { events, revision } of watch) {
        for (const event of events) expect(event.revision).toBeGreaterThan(told);
        expect(revision).toBeGreaterThanOrEqual(events.at(-1)?.revision ?? told);
        told = revision;
        if (events.length === 0) bookmarks++;
        if (told >= 1 + 10 * 16) break;
      }
      await writing;
      expect(bookmarks).toBeGreaterThan(0);
      expect(told).toBe(storage.revision);
    });
  });
}

export function watchLifeTests(open: OpenStorage): void {
  describe("watches", () => {
    const fixture = opened(open, { watchBufferBytes: 100_000 });

    test("the first batch comes at once, even if nothing has happened", async () => {
      const { storage } = fixture;
      const watch = storage.watch("/", { after: 1, signal: never() });
      for await (const batch of watch) {
        expect(batch).toEqual({ events: [], revision: 1 });
        break;
      }
    });

    test("a watch gets only what is under its prefix, with or without a slash at its end", async () => {
      const { storage } = fixture;
      const prefixes = ["", "/", "/a/", "/a", "/a/1", "/a/1/", "/b", "/🔑/"];
      const keys = ["/a", "/a/1", "/a/1/x", "/a/10", "/ab", "/b", "/b/1", "/🔑/1", "/🔒/1"];
      const target = 1 + keys.length;
      const watches = prefixes.map((prefix) => storage.watch(prefix, { after: 1, signal: never() }));
      const live = watches.map((watch) => readTo(watch, target));
      for (const key of keys) await storage.create(key, value(""));
      for (const watch of watches) watch.requestProgress();
      for (const [index, prefix] of prefixes.entries()) {
        const expected = keys.filter((key) => key.startsWith(prefix));
        const late = readTo(storage.watch(prefix, { after: 1, signal: never() }), target);
        for (const batches of [await live[index], await late]) {
          expect(batches?.flatMap(({ events }) => events.map(({ entry }) => entry.key))).toEqual(expected);
        }
      }
    });

    test("an event carries the state before and after", async () => {
      const { storage } = fixture;
      const created = await storage.create("/a", value("1"));
      const updated = await storage.update("/a", 2, value("2"));
      const deleted = await storage.delete("/a", 3);
      const events = await take(storage, "/a", 1, 3);
      expect(events.map(({ type }) => type)).toEqual(["create", "update", "delete"]);
      expect(events.map(({ entry }) => entry)).toEqual([created, updated, deleted]);
      expect(events.map(({ previous }) => previous)).toEqual([undefined, created, updated]);
    });

    test("all watchers are handed the same event object", async () => {
      const { storage } = fixture;
      const live = ["/", "/a/", "/a/1"].map((prefix) => take(storage, prefix, 1, 1));
      await storage.create("/a/1", value(""));
      const late = take(storage, "/a/", 1, 1);
      const events = (await Promise.all([...live, late])).flat();
      expect(events).toHaveLength(4);
      expect(new Set(events).size).toBe(1);
    });

    test("a write that was refused is no event", async () => {
      const { storage } = fixture;
      const reading = take(storage, "/", 1, 2);
      await storage.create("/a", value(""));
      await refusal(storage.create("/a", value("")));
      await refusal(storage.update("/a", 1, value("")));
      await storage.create("/b", value(""));
      expect((await reading).map(({ entry }) => entry.key)).toEqual(["/a", "/b"]);
    });

    test("a watch from a future revision is RevisionFuture", async () => {
      const { storage } = fixture;
      expect((await refusal(take(storage, "/", 2, 1))).code).toBe("RevisionFuture");
    });

    test("a watch ends when its signal aborts: before, while waiting, and while the reader is busy", async () => {
      const { storage } = fixture;
      const early = storage.watch("/", { after: 1, signal: AbortSignal.abort() });
      for await (const _ of early) expect.fail("a batch after the end");
      const abort = new AbortController();
      const waiting = (async () => {
        let batches = 0;
        for await (const _ of storage.watch("/", { after: 1, signal: abort.signal })) batches++;
        return batches;
      })();
      let seen = 0;
      const busy = (async () => {
        for await (const { events } of storage.watch("/", { after: 1, signal: abort.signal })) {
          seen += events.length;
          if (seen > 0) abort.abort();
        }
      })();
      await storage.create("/a", value(""));
      await busy;
      await storage.create("/b", value(""));
      expect(seen).toBe(1);
      expect(await waiting).toBeGreaterThan(0);
    });

    test("a reader that falls too far behind is ended with SlowWatcher; others go on", async () => {
      const { storage } = fixture;
      const quick = take(storage, "/", 1, 100);
      const slow = storage.watch("/", { after: 1, signal: never() })[Symbol.asyncIterator]();
      await slow.next();
      for (let count = 0; count < 100; count++) await storage.create(`/${count}`, value("x".repeat(2000)));
      const error = await refusal(slow.next());
      expect(error.code).toBe("SlowWatcher");
      expect(await slow.next()).toEqual({ done: true, value: undefined });
      expect(await quick).toHaveLength(100);
    });

    test("a reader that keeps up gets more than the buffer holds", async () => {
      const { storage } = fixture;
      const reading = take(storage, "/", 1, 200);
      for (let count = 0; count < 200; count++) await storage.create(`/${count}`, value("x".repeat(2000)));
      expect(await reading).toHaveLength(200);
    });
  });
}
