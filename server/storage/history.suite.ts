import { describe, expect, test } from "vitest";
import type { Storage } from "./contract.ts";
import { keysOf, type OpenStorage, opened, refusal, take, text, value } from "./suite-helpers.ts";

export function compactionTests(open: OpenStorage): void {
  describe("compaction", () => {
    const fixture = opened(open);

    async function fill(storage: Storage): Promise<void> {
      await storage.create("/a", value("2"));
      await storage.update("/a", 2, value("3"));
      await storage.create("/b", value("4"));
      await storage.delete("/b", 4);
      await storage.update("/a", 3, value("6"));
    }

    test("what is older is RevisionCompacted, to lists and watches alike", async () => {
      const { storage } = fixture;
      await fill(storage);
      await storage.compact(4);
      expect(storage.compactedRevision).toBe(4);
      expect((await refusal(storage.list("/", { revision: 3 }))).code).toBe("RevisionCompacted");
      expect((await refusal(take(storage, "/", 3, 1))).code).toBe("RevisionCompacted");
    });

    test("the state at the compacted revision and all that follows stay", async () => {
      const { storage } = fixture;
      await fill(storage);
      await storage.compact(4);
      const { entries } = await storage.list("/", { revision: 4 });
      expect(entries.map(text)).toEqual(["3", "4"]);
      const events = await take(storage, "/", 4, 2);
      expect(events.map(({ type, revision }) => [type, revision])).toEqual([
        ["delete", 5],
        ["update", 6],
      ]);
      expect(events.map(({ previous }) => text(previous))).toEqual(["4", "3"]);
      expect(text(await storage.get("/a"))).toBe("6");
    });

    test("it raises no revision; the newest may be compacted; again or less is no error; the future is", async () => {
      const { storage } = fixture;
      await fill(storage);
      await storage.compact(6);
      await storage.compact(6);
      await storage.compact(2);
      expect(storage.revision).toBe(6);
      expect(storage.compactedRevision).toBe(6);
      expect((await storage.list("/", { revision: 6 })).entries.map(text)).toEqual(["6"]);
      expect((await refusal(storage.compact(7))).code).toBe("RevisionFuture");
    });

    test("a live watch loses nothing by it", async () => {
      const { storage } = fixture;
      const reading = take(storage, "/", 1, 5);
      await Promise.resolve();
      await fill(storage);
      await storage.compact(6);
      expect((await reading).map(({ revision }) => revision)).toEqual([2, 3, 4, 5, 6]);
    });
  });

  describe("bounded history", () => {
    const fixture = opened(open, { historyBytes: 100_000 });

    test("history beyond its bytes is forgotten, oldest first", async () => {
      const { storage } = fixture;
      let { revision } = await storage.create("/a", value(""));
      for (let count = 0; count < 100; count++) {
        revision = (await storage.update("/a", revision, value("x".repeat(5000)))).revision;
      }
      expect(storage.compactedRevision).toBeGreaterThan(revision - 25);
      expect(storage.compactedRevision).toBeLessThan(revision - 10);
      expect((await refusal(storage.list("/", { revision: 50 }))).code).toBe("RevisionCompacted");
      expect((await storage.list("/", { revision: revision - 5 })).entries).toHaveLength(1);
    });
  });
}

export function expiryTests(open: OpenStorage): void {
  describe("expiry", () => {
    const fixture = opened(open);

    test("a key with a time to live is deleted when it is over, as a normal deletion", async () => {
      const { storage, clock } = fixture;
      await storage.create("/a", { bytes: Buffer.from("r="), revisionAt: 2 }, { ttlSeconds: 10 });
      clock.advance(9_999);
      expect(text(await storage.get("/a"))).toBe("r=2");
      clock.advance(1);
      const [event] = await take(storage, "/a", 2, 1);
      expect(event).toMatchObject({ type: "delete", revision: 3 });
      expect(text(event?.entry)).toBe("r=3");
      expect(await storage.get("/a")).toBeUndefined();
    });

    test("an update sets it anew, or takes it off", async () => {
      const { storage, clock } = fixture;
      await storage.create("/anew", value(""), { ttlSeconds: 10 });
      await storage.create("/off", value(""), { ttlSeconds: 10 });
      clock.advance(5_000);
      await storage.update("/anew", 2, value(""), { ttlSeconds: 10 });
      await storage.update("/off", 3, value(""));
      clock.advance(9_999);
      expect(await storage.count("/")).toBe(2);
      clock.advance(1);
      const [event] = await take(storage, "/", 5, 1);
      expect(event).toMatchObject({ type: "delete", entry: { key: "/anew" } });
      clock.advance(1e9);
      expect(await storage.count("/")).toBe(1);
    });

    test("keys expire in the order of their times, however many", async () => {
      const { storage, clock } = fixture;
      const count = 700;
      await Promise.all(
        Array.from({ length: count }, (_, index) => {
          const ttlSeconds = 1 + ((index * 37) % count);
          return storage.create(`/${ttlSeconds}`, value(""), { ttlSeconds });
        }),
      );
      clock.advance((count - 1) * 1000);
      const events = await take(storage, "/", count + 1, count - 1);
      expect(events.map(({ entry }) => entry.key)).toEqual(
        Array.from({ length: count - 1 }, (_, index) => `/${index + 1}`),
      );
      expect(keysOf((await storage.list("/")).entries)).toEqual([`/${count}`]);
    });

    test("a key that was deleted and made again does not inherit the old time", async () => {
      const { storage, clock } = fixture;
      await storage.create("/a", value("old"), { ttlSeconds: 10 });
      await storage.delete("/a", 2);
      await storage.create("/a", value("new"));
      clock.advance(1e9);
      await storage.create("/b", value(""));
      expect(text(await storage.get("/a"))).toBe("new");
    });
  });
}
