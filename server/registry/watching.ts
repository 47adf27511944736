import type { Clock } from "../../api/clock.ts";
import { resourceExpired, StatusError } from "../../api/status.ts";
import { type Entry, type Storage, StorageError, type WatchBatch } from "../storage/contract.ts";
import { waitForRevision } from "./freshness.ts";
import type { AttributeIndex, Selection } from "./selection.ts";
import { atRevision } from "./stored.ts";

export interface WatchRequest {
  /** Key prefix of the objects, or with single set the key of the only one. */
  prefix: string;
  single: boolean;
  selection: Selection;
  /** 0: from the present state. */
  revision: number;
  sendInitialEvents: boolean | undefined;
  allowBookmarks: boolean;
  /** When the watch will be ended, on the clock's monotonic time. */
  deadline: number;
  signal: AbortSignal;
}

export type WatchNotice =
  | { type: "ADDED" | "MODIFIED" | "DELETED"; entry: Entry }
  /** Everything up to revision has been sent; initialEventsEnd marks the end of the initial list. */
  | { type: "BOOKMARK"; revision: number; initialEventsEnd: boolean }
  /** The last one: the watch has failed. */
  | { type: "ERROR"; error: StatusError };

/** Source: cacher.go, bookmarkFrequency and nextBookmarkTime. */
const bookmarkMilliseconds = 60_000;
const lastBookmarkLead = 2_000;
const initialChunk = 500;

/**
 * The notices of one watch, in batches, until its signal aborts, the history does not reach back (ERROR 410) or the
 * consumer is too slow (the stream just ends, and the client resumes).
 * Rules: https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-watch and KEP-3157.
 */
export async function openWatch(
  storage: Storage,
  clock: Clock,
  index: AttributeIndex,
  request: WatchRequest,
): Promise<AsyncGenerator<readonly WatchNotice[]>> {
  try {
    if (request.sendInitialEvents) await waitForRevision(storage, clock, request.revision);
  } catch (error) {
    if (error instanceof StatusError) return failedWatch(error);
    throw error;
  }
  return notices(storage, clock, index, request);
}

async function* failedWatch(error: StatusError): AsyncGenerator<readonly WatchNotice[]> {
  yield [{ type: "ERROR", error }];
}

async function* notices(
  storage: Storage,
  clock: Clock,
  index: AttributeIndex,
  request: WatchRequest,
): AsyncGenerator<readonly WatchNotice[]> {
  if (request.signal.aborted) return;
  let after = request.revision;
  try {
    if (request.sendInitialEvents ?? after === 0) {
      after = yield* initialNotices(storage, index, request);
    } else if (after === 0) {
      after = storage.revision;
    }
    yield* liveNotices(storage, clock, index, request, after);
  } catch (error) {
    // A reader that is too slow is cut off; its client resumes.
    if (error instanceof StorageError && error.code === "SlowWatcher") return;
    if (error instanceof StorageError && error.code === "RevisionCompacted") {
      const message = `too old resource version: ${after} (${storage.compactedRevision})`;
      yield [{ type: "ERROR", error: resourceExpired(message) }];
    } else {
      throw error;
    }
  }
}

/** The state as synthetic ADDED events, all of one revision, which is returned. */
async function* initialNotices(
  storage: Storage,
  index: AttributeIndex,
  request: WatchRequest,
): AsyncGenerator<readonly WatchNotice[], number> {
  const { prefix, selection, single } = request;
  let revision = storage.revision;
  let after: string | undefined;
  for (;;) {
    const page = single
      ? await singlePage(storage, prefix)
      : await storage.list(prefix, {
          limit: initialChunk,
          ...(after === undefined ? {} : { after, revision }),
        });
    revision = page.revision;
    const added = page.entries
      .filter((entry) => index.matches(entry, selection))
      .map((entry): WatchNotice => ({ type: "ADDED", entry }));
    if (added.length > 0) yield added;
    if (page.remaining === 0) break;
    after = page.entries.at(-1)!.key;
  }
  if (request.sendInitialEvents && request.allowBookmarks) {
    yield [{ type: "BOOKMARK", revision, initialEventsEnd: true }];
  }
  return revision;
}

async function singlePage(storage: Storage, key: string) {
  const { revision } = storage;
  const entry = await storage.get(key);
  return { entries: entry ? [entry] : [], revision, remaining: 0 };
}

async function* liveNotices(
  storage: Storage,
  clock: Clock,
  index: AttributeIndex,
  request: WatchRequest,
  after: number,
): AsyncGenerator<readonly WatchNotice[]> {
  // A revision that is not there yet is waited for: nothing before it is sent.
  const watch = storage.watch(request.prefix, {
    after: Math.min(after, storage.revision),
    signal: request.signal,
  });
  let bookmarkDue = false;
  const timer = new BookmarkTimer(clock, request, () => {
    bookmarkDue = true;
    watch.requestProgress();
  });
  try {
    for await (const batch of watch) {
      const out = selected(batch, after, index, request);
      if (bookmarkDue) {
        bookmarkDue = false;
        timer.restart();
        out.push({ type: "BOOKMARK", revision: batch.revision, initialEventsEnd: false });
      }
      if (out.length > 0) yield out;
    }
  } finally {
    timer.stop();
  }
}

/** The events of a batch as a watcher with this selection sees them. Source: cacher's convertToWatchEvent. */
function selected(
  batch: WatchBatch,
  after: number,
  index: AttributeIndex,
  request: WatchRequest,
): WatchNotice[] {
  const { prefix, single, selection } = request;
  const out: WatchNotice[] = [];
  for (const { type, entry, previous, revision } of batch.events) {
    if (revision <= after || (single && entry.key !== prefix)) continue;
    const was = previous !== undefined && index.matches(previous, selection);
    const is = type !== "delete" && index.matches(entry, selection);
    if (is) out.push({ type: was ? "MODIFIED" : "ADDED", entry });
    else if (was)
      out.push({ type: "DELETED", entry: type === "delete" ? entry : atRevision(previous, revision) });
  }
  return out;
}

/** Bookmarks come every minute, and once more shortly before the watch ends. */
class BookmarkTimer {
  readonly #clock: Clock;
  readonly #request: WatchRequest;
  readonly #ring: () => void;
  #cancel: () => void = () => {};

  constructor(clock: Clock, request: WatchRequest, ring: () => void) {
    this.#clock = clock;
    this.#request = request;
    this.#ring = ring;
    this.restart();
  }

  restart(): void {
    if (!this.#request.allowBookmarks) return;
    const beforeEnd = this.#request.deadline - lastBookmarkLead - this.#clock.monotonic();
    const delay = beforeEnd > 0 ? Math.min(bookmarkMilliseconds, beforeEnd) : bookmarkMilliseconds;
    this.#cancel = this.#clock.setTimer(delay, this.#ring);
  }

  stop(): void {
    this.#cancel();
  }
}
