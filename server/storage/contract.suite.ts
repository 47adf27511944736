import { describe, expect, test } from "vitest";
import { ManualClock } from "../../api/manual-clock.ts";
import type { Value } from "./contract.ts";
import { compactionTests, expiryTests } from "./history.suite.ts";
import { modelTests } from "./model.suite.ts";
import { keysOf, never, type OpenStorage, opened, refusal, take, text, value } from "./suite-helpers.ts";
import { watchLifeTests, watchPromises } from "./watch.suite.ts";

/** What every backend promises. */
export function storageContract(name: string, open: OpenStorage): void {
  describe(`storage contract: ${name}`, () => {
    writeTests(open);
    revisionTests(open);
    listTests(open);
    compactionTests(open);
    expiryTests(open);
    watchPromises(open);
    watchLifeTests(open);
    closeTests(open);
    modelTests(open);
  });
}

function writeTests(open: OpenStorage): void {
  describe("writes", () => {
    const fixture = opened(open);

    test("an empty store is at revision 1 and each write raises it by one", async () => {
      const { storage } = fixture;
      expect(storage.revision).toBe(1);
      const created = await storage.create("/a", value("1"));
      expect(created.revision).toBe(2);
      const updated = await storage.update("/a", 2, value("2"));
      expect(updated.revision).toBe(3);
      const deleted = await storage.delete("/a", 3);
      expect(deleted.revision).toBe(4);
      expect(storage.revision).toBe(4);
    });

    test("what was acknowledged can be read at once", async () => {
      const { storage } = fixture;
      const created = await storage.create("/a", value("1"));
      expect(await storage.get("/a")).toBe(created);
      const updated = await storage.update("/a", created.revision, value("2"));
      expect(await storage.get("/a")).toBe(updated);
      expect(text(updated)).toBe("2");
      await storage.delete("/a", updated.revision);
      expect(await storage.get("/a")).toBeUndefined();
    });

    test("create refuses a key that exists and tells its entry", async () => {
      const { storage } = fixture;
      const created = await storage.create("/a", value("1"));
      const error = await refusal(storage.create("/a", value("2")));
      expect(error).toMatchObject({ name: "StorageError", code: "KeyExists" });
      expect(error.current).toBe(created);
      expect(storage.revision).toBe(2);
    });

    test("update and delete refuse a stale revision and tell the current entry", async () => {
      const { storage } = fixture;
      const created = await storage.create("/a", value("1"));
      const updated = await storage.update("/a", created.revision, value("2"));
      for (const write of [
        storage.update("/a", created.revision, value("3")),
        storage.delete("/a", created.revision),
      ]) {
        const error = await refusal(write);
        expect(error.code).toBe("RevisionMismatch");
        expect(error.current).toBe(updated);
      }
      expect(storage.revision).toBe(3);
    });

    test("update and delete refuse a missing key", async () => {
      const { storage } = fixture;
      for (const write of [storage.update("/a", 1, value("1")), storage.delete("/a", 1)]) {
        const error = await refusal(write);
        expect(error.code).toBe("KeyMissing");
        expect(error.current).toBeUndefined();
      }
    });

    test("of writers that compare with the same revision exactly one wins", async () => {
      const { storage } = fixture;
      const { revision } = await storage.create("/a", value("start"));
      const results = await Promise.allSettled([
        ...Array.from({ length: 10 }, (_, index) => storage.update("/a", revision, value(`update ${index}`))),
        storage.delete("/a", revision),
      ]);
      const won = results.filter(({ status }) => status === "fulfilled");
      expect(won).toHaveLength(1);
      for (const result of results) {
        if (result.status === "rejected") expect(result.reason.code).toBe("RevisionMismatch");
      }
      expect(storage.revision).toBe(revision + 1);
    });

    test("of creators of the same key exactly one wins", async () => {
      const { storage } = fixture;
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) => storage.create("/a", value(`${index}`))),
      );
      const won = results.filter(({ status }) => status === "fulfilled");
      expect(won).toHaveLength(1);
      const current = await storage.get("/a");
      for (const result of results) {
        if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "KeyExists", current });
      }
    });

    test("a key can be created again after its deletion, also before that is acknowledged", async () => {
      const { storage } = fixture;
      const { revision } = await storage.create("/a", value("1"));
      const [deleted, again] = await Promise.all([
        storage.delete("/a", revision),
        storage.create("/a", value("2")),
      ]);
      expect(again.revision).toBe(deleted.revision + 1);
      expect(text(await storage.get("/a"))).toBe("2");
    });

    test("values of several megabytes and empty ones are kept", async () => {
      const { storage } = fixture;
      const bytes = Buffer.alloc(3 << 20, "0123456789abcdef");
      await storage.create("/big", { bytes, revisionAt: bytes.length });
      await storage.create("/empty", value(""));
      expect(text(await storage.get("/big"))).toBe(`${bytes}2`);
      expect(text(await storage.get("/empty"))).toBe("");
    });

    test("any text is a key", async () => {
      const { storage } = fixture;
      const keys = [
        "",
        "/",
        "//",
        "__proto__",
        "constructor",
        "a\0b",
        "\n",
        "ключ",
        "鍵",
        "🔑",
        "\uffff",
        "x".repeat(5000),
      ];
      for (const key of keys) await storage.create(key, value(`value of ${key}`));
      for (const key of keys) expect(text(await storage.get(key))).toBe(`value of ${key}`);
      expect(await storage.get("toString")).toBeUndefined();
      expect(await storage.count("")).toBe(keys.length);
    });

    test("the store keeps a copy: the caller may use its buffer again", async () => {
      const { storage } = fixture;
      const bytes = Buffer.from("first");
      const writing = storage.create("/a", { bytes, revisionAt: -1 });
      bytes.write("other");
      await writing;
      expect(text(await storage.get("/a"))).toBe("first");
    });
  });
}

function revisionTests(open: OpenStorage): void {
  describe("the revision inside the bytes", () => {
    const fixture = opened(open);
    const marked: Value = { bytes: Buffer.from('{"v":"","é":1}'), revisionAt: 6 };

    test("a write inserts its revision at revisionAt", async () => {
      const { storage } = fixture;
      const created = await storage.create("/a", marked);
      expect(text(created)).toBe('{"v":"2","é":1}');
      expect(text(await storage.update("/a", 2, marked))).toBe('{"v":"3","é":1}');
      expect(text(created)).toBe('{"v":"2","é":1}');
    });

    test("a deletion replaces it by its own, also when that has more digits", async () => {
      const { storage } = fixture;
      await storage.create("/a", marked);
      for (let revision = 2; revision < 9; revision++) await storage.update("/a", revision, marked);
      const deleted = await storage.delete("/a", 9);
      expect(text(deleted)).toBe('{"v":"10","é":1}');
      const [event] = await take(storage, "/a", 9, 1);
      expect(event).toMatchObject({ type: "delete", revision: 10 });
      expect(event?.entry).toBe(deleted);
      expect(text(event?.previous)).toBe('{"v":"9","é":1}');
    });

    test("it may stand at the very beginning or end", async () => {
      const { storage } = fixture;
      await storage.create("/a", { bytes: Buffer.from("x"), revisionAt: 0 });
      await storage.create("/b", { bytes: Buffer.from("x"), revisionAt: 1 });
      expect(text(await storage.get("/a"))).toBe("2x");
      expect(text(await storage.get("/b"))).toBe("x3");
      expect(text(await storage.delete("/b", 3))).toBe("x4");
    });
  });
}

function listTests(open: OpenStorage): void {
  describe("lists", () => {
    const fixture = opened(open);

    test("keys come in the order of their UTF-8 bytes, whatever the order of writing", async () => {
      const { storage } = fixture;
      const keys = ["b", "a/", "a", "a-b", "é", "\uffee", "🔑", "\ue000x", "a/b", "Z", "𐀀"];
      for (const key of keys) await storage.create(`/${key}`, value(""));
      const sorted = keys
        .map((key) => `/${key}`)
        .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(keysOf((await storage.list("/")).entries)).toEqual(sorted);
    });

    test("only keys under the prefix are listed and counted", async () => {
      const { storage } = fixture;
      for (const key of ["/a", "/a/1", "/a/2", "/a0", "/b/1", "/🔑/1", "/🔒/1"])
        await storage.create(key, value(""));
      expect(keysOf((await storage.list("/a/")).entries)).toEqual(["/a/1", "/a/2"]);
      expect(keysOf((await storage.list("/a")).entries)).toEqual(["/a", "/a/1", "/a/2", "/a0"]);
      expect(keysOf((await storage.list("/🔑/")).entries)).toEqual(["/🔑/1"]);
      expect(await storage.count("/a/")).toBe(2);
      expect(await storage.count("/a")).toBe(4);
      expect(await storage.count("/c")).toBe(0);
      expect(await storage.count("")).toBe(7);
    });

    test("an empty list tells the revision at which it is empty", async () => {
      const { storage } = fixture;
      await storage.create("/a", value(""));
      expect(await storage.list("/b/")).toEqual({ entries: [], revision: 2, remaining: 0 });
    });

    test("chunks by limit and after make up the whole, and tell what remains", async () => {
      const { storage } = fixture;
      for (let index = 0; index < 25; index++) await storage.create(`/n/${index % 5}/${index}`, value(""));
      await storage.create("/o", value(""));
      const all = await storage.list("/n/");
      const collected: string[] = [];
      const remaining: number[] = [];
      for (let after: string | undefined; ; ) {
        const chunk = await storage.list("/n/", { limit: 10, after });
        collected.push(...keysOf(chunk.entries));
        remaining.push(chunk.remaining);
        if (chunk.remaining === 0) break;
        after = collected.at(-1);
      }
      expect(collected).toEqual(keysOf(all.entries));
      expect(remaining).toEqual([15, 5, 0]);
    });

    test("after a key that lies before, outside or is not there", async () => {
      const { storage } = fixture;
      for (const key of ["/a/1", "/a/3", "/b/1"]) await storage.create(key, value(""));
      expect(keysOf((await storage.list("/a/", { after: "/0" })).entries)).toEqual(["/a/1", "/a/3"]);
      expect(keysOf((await storage.list("/a/", { after: "/a/2" })).entries)).toEqual(["/a/3"]);
      expect(keysOf((await storage.list("/a/", { after: "/a/3" })).entries)).toEqual([]);
      expect(keysOf((await storage.list("/a/", { after: "/c" })).entries)).toEqual([]);
    });

    test("limit 0 means no limit", async () => {
      const { storage } = fixture;
      for (const key of ["/a/1", "/a/2"]) await storage.create(key, value(""));
      expect((await storage.list("/a/", { limit: 0 })).entries).toHaveLength(2);
    });

    test("chunks at one revision are one consistent snapshot while others write", async () => {
      const { storage } = fixture;
      for (let index = 10; index < 40; index++) await storage.create(`/a/${index}`, value("old"));
      const first = await storage.list("/a/", { limit: 7 });
      const snapshot = (await storage.list("/a/")).entries;
      const collected = [...first.entries];
      const { revision } = first;
      for (let round = 0; collected.length < 30; round++) {
        await storage.create(`/a/${20 + round}-new`, value("new"));
        const gone = await storage.get(`/a/${39 - round}`);
        if (gone !== undefined) await storage.delete(gone.key, gone.revision);
        const changed = await storage.get(`/a/${25 - round}`);
        if (changed !== undefined) await storage.update(changed.key, changed.revision, value("changed"));
        const chunk = await storage.list("/a/", { limit: 7, after: collected.at(-1)?.key, revision });
        expect(chunk.revision).toBe(revision);
        collected.push(...chunk.entries);
        expect(chunk.remaining).toBe(30 - collected.length);
      }
      expect(collected).toEqual(snapshot);
    });

    test("a deleted and re-created key is listed as it was at each revision", async () => {
      const { storage } = fixture;
      await storage.create("/a/1", value("first"));
      await storage.delete("/a/1", 2);
      await storage.create("/a/1", value("second"));
      const texts = [];
      for (let revision = 1; revision <= 4; revision++) {
        const { entries, remaining } = await storage.list("/a/", { revision });
        expect(remaining).toBe(0);
        texts.push(entries.map(text));
      }
      expect(texts).toEqual([[], ["first"], [], ["second"]]);
    });

    test("a revision that is not there yet is RevisionFuture", async () => {
      const { storage } = fixture;
      expect((await refusal(storage.list("/", { revision: 2 }))).code).toBe("RevisionFuture");
    });
  });
}

function closeTests(open: OpenStorage): void {
  describe("close", () => {
    test("writes on their way are committed, later ones and reads are refused with Closed", async () => {
      const storage = await open({ clock: new ManualClock() });
      const writing = [storage.create("/a", value("")), storage.create("/b", value(""))];
      const closing = storage.close();
      expect((await Promise.all(writing)).map(({ revision }) => revision)).toEqual([2, 3]);
      await closing;
      const later: (() => Promise<unknown>)[] = [
        () => storage.create("/c", value("")),
        () => storage.update("/a", 2, value("")),
        () => storage.delete("/a", 2),
        () => storage.get("/a"),
        () => storage.list("/"),
        () => storage.count("/"),
        () => storage.compact(2),
      ];
      for (const call of later) expect((await refusal(call())).code).toBe("Closed");
    });

    test("watches end", async () => {
      const storage = await open({ clock: new ManualClock() });
      const reading = (async () => {
        for await (const _ of storage.watch("/", { after: 1, signal: never() }));
        return "ended";
      })();
      await storage.create("/a", value(""));
      await storage.close();
      expect(await reading).toBe("ended");
      for await (const _ of storage.watch("/", { after: 1, signal: never() })) {
        expect.fail("a batch after the end");
      }
    });

    test("no timer stays, and closing again does nothing", async () => {
      const clock = new ManualClock();
      const storage = await open({ clock });
      await storage.create("/a", value(""), { ttlSeconds: 10 });
      await storage.close();
      await storage.close();
      expect(clock.timers).toBe(0);
    });
  });
}
