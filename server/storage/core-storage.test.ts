import { expect, test } from "vitest";
import { ManualClock } from "../../api/manual-clock.ts";
import { CoreStorage, type Journal } from "./core-storage.ts";
import { KeySpace } from "./key-space.ts";
import { refusal, text, value } from "./suite-helpers.ts";
import type { Change } from "./version.ts";

/** A journal whose commits end when the test says so. */
class HeldJournal implements Journal {
  readonly commits: { changes: readonly Change[]; compacted: number; done: PromiseWithResolvers<void> }[] =
    [];
  readonly forgotten: Change[] = [];
  readonly failure = Promise.withResolvers<Error>();

  async gathered(): Promise<void> {}

  commit(changes: readonly Change[], compacted: number): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.commits.push({ changes, compacted, done });
    return done.promise;
  }

  forget(changes: readonly Change[]): void {
    this.forgotten.push(...changes);
  }

  get failed(): Promise<Error> {
    return this.failure.promise;
  }

  async close(): Promise<void> {}
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function setUp(): { storage: CoreStorage; journal: HeldJournal } {
  const journal = new HeldJournal();
  const space = new KeySpace({ historyBytes: 1e6, revision: 1, compacted: 1 });
  const storage = new CoreStorage({ clock: new ManualClock(), space, watchBufferBytes: 1e6, journal });
  return { storage, journal };
}

/** Settles a promise's state without waiting for it. */
async function stateOf(promise: Promise<unknown>): Promise<string> {
  const pending = Symbol();
  await turn();
  const settled = promise.then(
    () => "fulfilled",
    (error: { code: string }) => error.code,
  );
  const first = await Promise.race([settled, Promise.resolve(pending)]);
  return first === pending ? "pending" : String(first);
}

test("a write is neither acknowledged nor visible before its commit is safe", async () => {
  const { storage, journal } = setUp();
  const events: number[] = [];
  const abort = new AbortController();
  const watching = (async () => {
    for await (const batch of storage.watch("/", { after: 1, signal: abort.signal })) {
      events.push(...batch.events.map(({ revision }) => revision));
    }
  })();
  const writing = storage.create("/a", value("1"));
  expect(await stateOf(writing)).toBe("pending");
  expect(await storage.get("/a")).toBeUndefined();
  expect(await storage.list("/")).toEqual({ entries: [], revision: 1, remaining: 0 });
  expect(storage.revision).toBe(1);
  expect(events).toEqual([]);
  journal.commits[0]?.done.resolve();
  expect((await writing).revision).toBe(2);
  await turn();
  expect(text(await storage.get("/a"))).toBe("1");
  expect(events).toEqual([2]);
  abort.abort();
  await watching;
});

test("writes that wait while one is committed share the next commit, in the order of their revisions", async () => {
  const { storage, journal } = setUp();
  const first = storage.create("/a", value(""));
  await turn();
  const others = ["/b", "/c", "/d"].map((key) => storage.create(key, value("")));
  await turn();
  expect(journal.commits).toHaveLength(1);
  journal.commits[0]?.done.resolve();
  await first;
  await turn();
  expect(journal.commits).toHaveLength(2);
  expect(journal.commits[1]?.changes.map(({ revision }) => revision)).toEqual([3, 4, 5]);
  journal.commits[1]?.done.resolve();
  expect((await Promise.all(others)).map(({ revision }) => revision)).toEqual([3, 4, 5]);
});

test("a refusal that rests on a pending write comes only after that write is safe", async () => {
  const { storage, journal } = setUp();
  const writing = storage.create("/a", value("1"));
  const again = storage.create("/a", value("2"));
  again.catch(() => undefined);
  expect(await stateOf(again)).toBe("pending");
  journal.commits[0]?.done.resolve();
  expect((await refusal(again)).current).toBe(await writing);
});

test("a compare with a revision that a pending write replaces is refused; with the pending one it holds", async () => {
  const { storage, journal } = setUp();
  const creating = storage.create("/a", value("1"));
  await turn();
  journal.commits[0]?.done.resolve();
  await creating;
  const update = storage.update("/a", 2, value("2"));
  const stale = storage.update("/a", 2, value("3"));
  const next = storage.delete("/a", 3);
  const gone = storage.update("/a", 3, value("4"));
  for (const promise of [stale, gone]) promise.catch(() => undefined);
  await turn();
  journal.commits[1]?.done.resolve();
  expect((await update).revision).toBe(3);
  expect((await refusal(stale)).code).toBe("RevisionMismatch");
  expect((await next).revision).toBe(4);
  expect((await refusal(gone)).code).toBe("KeyMissing");
});

test("after a failed commit nothing pending is acknowledged, nothing more is taken, and what is safe stays readable", async () => {
  const { storage, journal } = setUp();
  const safe = storage.create("/safe", value(""));
  await turn();
  journal.commits[0]?.done.resolve();
  await safe;
  const failing = [storage.create("/a", value("")), storage.update("/safe", 2, value("new"))];
  await turn();
  const waiting = [storage.create("/b", value("")), storage.create("/a", value("")), storage.compact(2)];
  const cause = new Error("no space left on device");
  journal.commits[1]?.done.reject(cause);
  for (const promise of [...failing, ...waiting, storage.create("/c", value(""))]) {
    const error = await refusal(promise);
    expect(error.code).toBe("Failed");
    expect(error.message).toContain("no space left on device");
  }
  expect(await storage.failed).toBe(cause);
  expect(journal.commits).toHaveLength(2);
  expect(storage.revision).toBe(2);
  expect(text(await storage.get("/safe"))).toBe("");
  expect(await storage.get("/a")).toBeUndefined();
  await storage.close();
});

test("a failure outside of a commit ends the writes as well", async () => {
  const { storage, journal } = setUp();
  journal.failure.resolve(new Error("input/output error"));
  expect((await storage.failed).message).toBe("input/output error");
  expect((await refusal(storage.create("/a", value("")))).code).toBe("Failed");
});

test("writes that come before a commit has gathered share it", async () => {
  const { storage, journal } = setUp();
  const gathering = Promise.withResolvers<void>();
  journal.gathered = () => gathering.promise;
  const first = storage.create("/a", value("1"));
  await turn();
  const second = storage.create("/b", value("2"));
  await turn();
  expect(journal.commits).toHaveLength(0);
  gathering.resolve();
  await turn();
  expect(journal.commits.map(({ changes }) => changes.length)).toEqual([2]);
  journal.commits[0]?.done.resolve();
  await Promise.all([first, second]);
});

test("a key whose time is over while its update is pending keeps the update", async () => {
  const journal = new HeldJournal();
  const clock = new ManualClock();
  const space = new KeySpace({ historyBytes: 1e6, revision: 1, compacted: 1 });
  const storage = new CoreStorage({ clock, space, watchBufferBytes: 1e6, journal });
  const creating = storage.create("/a", value("1"), { ttlSeconds: 1 });
  await turn();
  journal.commits[0]?.done.resolve();
  await creating;
  const updating = storage.update("/a", 2, value("2"));
  clock.advance(2000);
  await turn();
  journal.commits[1]?.done.resolve();
  await updating;
  await turn();
  expect(journal.commits).toHaveLength(2);
  expect(text(await storage.get("/a"))).toBe("2");
});

test("compaction goes to the journal, and what leaves the history is given up there", async () => {
  const { storage, journal } = setUp();
  for (const [index, step] of [
    () => storage.create("/a", value("1")),
    () => storage.update("/a", 2, value("2")),
  ].entries()) {
    const done = step();
    await turn();
    journal.commits[index]?.done.resolve();
    await done;
  }
  const compacting = storage.compact(3);
  await turn();
  expect(await stateOf(compacting)).toBe("pending");
  expect(journal.commits[2]).toMatchObject({ changes: [], compacted: 3 });
  expect(journal.forgotten.map(({ revision }) => revision)).toEqual([2, 3]);
  journal.commits[2]?.done.resolve();
  await compacting;
});
