import { afterEach, beforeEach, expect } from "vitest";
import type { Clock } from "../../api/clock.ts";
import { ManualClock } from "../../api/manual-clock.ts";
import type { Entry, Storage, StorageError, Value, Watch, WatchBatch, WatchEvent } from "./contract.ts";

export interface OpenOptions {
  clock: Clock;
  historyBytes?: number;
  watchBufferBytes?: number;
}

/** Opens a new, empty storage. */
export type OpenStorage = (options: OpenOptions) => Promise<Storage>;

export const value = (text: string): Value => ({ bytes: Buffer.from(text), revisionAt: -1 });
export const text = (entry: Entry | undefined): string | undefined =>
  entry === undefined ? undefined : Buffer.from(entry.bytes).toString();

export const keysOf = (entries: readonly Entry[]) => entries.map(({ key }) => key);

/** A storage for each test of a block. */
export function opened(
  open: OpenStorage,
  options: Omit<OpenOptions, "clock"> = {},
): { storage: Storage; clock: ManualClock } {
  const fixture = {} as { storage: Storage; clock: ManualClock };
  beforeEach(async () => {
    fixture.clock = new ManualClock();
    fixture.storage = await open({ ...options, clock: fixture.clock });
  });
  afterEach(() => fixture.storage.close());
  return fixture;
}

export async function refusal(promise: Promise<unknown>): Promise<StorageError> {
  return promise.then(
    () => expect.fail("was not refused"),
    (error: StorageError) => error,
  );
}

/** Reads a watch until it has so many events. */
export async function take(
  storage: Storage,
  prefix: string,
  after: number,
  count: number,
): Promise<WatchEvent[]> {
  const abort = new AbortController();
  const events: WatchEvent[] = [];
  for await (const batch of storage.watch(prefix, { after, signal: abort.signal })) {
    events.push(...batch.events);
    if (events.length >= count) break;
  }
  return events;
}

export const never = () => new AbortController().signal;

/** Reads a watch until it has come to a revision. */
export async function readTo(watch: Watch, revision: number): Promise<WatchBatch[]> {
  const batches: WatchBatch[] = [];
  for await (const batch of watch) {
    batches.push(batch);
    if (batch.revision >= revision) break;
  }
  return batches;
}
