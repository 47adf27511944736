import { expect, test } from "vitest";
import { ManualClock } from "../../api/manual-clock.ts";
import { compactAtIntervals } from "./compactor.ts";
import { openMemoryStorage } from "./memory-storage.ts";
import { refusal, value } from "./suite-helpers.ts";

function started(interval: number) {
  const clock = new ManualClock();
  const storage = openMemoryStorage({ clock });
  const ending = new AbortController();
  const onError = (error: unknown) => expect.fail(String(error));
  compactAtIntervals({ storage, clock, interval, signal: ending.signal, onError });
  return { clock, storage, ending };
}

test("what is older than the interval before is forgotten, what came since is not", async () => {
  const { clock, storage } = started(1000);
  const { revision: first } = await storage.create("/a", value("1"));
  clock.advance(1000);
  const { revision: second } = await storage.create("/b", value("2"));
  const { revision: third } = await storage.create("/c", value("3"));
  expect(await storage.list("/", { revision: first })).toMatchObject({ revision: first });
  clock.advance(1000);
  expect(await storage.list("/", { revision: first })).toMatchObject({ revision: first });
  expect(storage.compactedRevision).toBe(first);
  clock.advance(1000);
  expect((await refusal(storage.list("/", { revision: second }))).code).toBe("RevisionCompacted");
  expect(storage.compactedRevision).toBe(third);
});

test("nothing is forgotten with interval 0, and nothing after the end", async () => {
  const kept = started(0);
  await kept.storage.create("/a", value("1"));
  kept.clock.advance(1e9);
  expect(kept.storage.compactedRevision).toBe(1);
  const { clock, storage, ending } = started(1000);
  await storage.create("/a", value("1"));
  clock.advance(1000);
  ending.abort();
  clock.advance(1e6);
  expect(storage.compactedRevision).toBe(1);
  expect(clock.timers).toBe(0);
});
