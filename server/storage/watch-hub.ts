import { StorageError, type Watch, type WatchBatch, type WatchEvent, type WatchOptions } from "./contract.ts";
import type { KeySpace } from "./key-space.ts";
import type { Change } from "./version.ts";

/** A delivered batch; the chain of links behind it is what a reader has not taken yet, and is freed as it reads. */
interface Link {
  readonly result: IteratorYieldResult<WatchBatch>;
  /** Bytes of all events that ever went to the group, up to here. */
  readonly total: number;
  next: Link | undefined;
}

/** All live watchers of one prefix. */
interface Group {
  readonly prefix: string;
  readonly watchers: Set<Watcher>;
  /** Committed, but not made into a link yet. */
  pending: WatchEvent[];
  tail: Link;
}

/** Events that one read from the history takes at most. */
const backfillLimit = 1000;
const eventOverhead = 256;

/**
 * Delivers committed changes to watchers. A watcher first reads the history (backfill); when it has reached the end
 * it joins the group of its prefix (cutover) and from then on follows the group's chain of batches (live), which all
 * watchers of the group share. A reader that leaves more than bufferBytes untaken is ended with SlowWatcher.
 */
export class WatchHub {
  readonly #space: KeySpace;
  readonly #bufferBytes: number;
  readonly #groups = new Map<string, Group>();
  /** How many groups have a prefix of this length and not ending in "/", which are found by trying each length. */
  readonly #oddLengths = new Map<number, number>();
  readonly #dirty = new Set<Group>();
  readonly #open = new Set<Watcher>();
  #flushQueued = false;
  #closed = false;

  constructor(space: KeySpace, bufferBytes: number) {
    this.#space = space;
    this.#bufferBytes = bufferBytes;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get revision(): number {
    return this.#space.revision;
  }

  watch(prefix: string, options: WatchOptions): Watch {
    return new Watcher(this, prefix, options);
  }

  /** Changes that the space has just applied. They go out in a microtask, so that those of one turn share a batch. */
  publish(changes: readonly Change[]): void {
    if (this.#groups.size === 0) return;
    for (const change of changes) this.#publishOne(change);
    if (this.#dirty.size === 0 || this.#flushQueued) return;
    this.#flushQueued = true;
    queueMicrotask(() => {
      this.#flushQueued = false;
      this.flush();
    });
  }

  flush(): void {
    for (const group of this.#dirty) this.#flushGroup(group);
    this.#dirty.clear();
  }

  /** Ends all watches, and those that come later. */
  close(): void {
    this.#closed = true;
    this.flush();
    for (const watcher of this.#open) watcher.end();
  }

  enter(watcher: Watcher): void {
    this.#open.add(watcher);
  }

  leave(watcher: Watcher): void {
    this.#open.delete(watcher);
    const group = this.#groups.get(watcher.prefix);
    if (!group?.watchers.delete(watcher) || group.watchers.size > 0) return;
    this.#groups.delete(group.prefix);
    this.#dirty.delete(group);
    this.#countOdd(group.prefix, -1);
  }

  /** The next changes under a prefix after a revision, from the history. */
  backfill(prefix: string, after: number): { batch: WatchBatch; more: boolean } {
    this.#space.checkRevision(after);
    const events: WatchEvent[] = [];
    let more = false;
    this.#space.visitChanges(after, (change) => {
      if (!change.entry.key.startsWith(prefix)) return true;
      if (events.length === backfillLimit) {
        more = true;
        return false;
      }
      events.push(change);
      return true;
    });
    const last = events.at(-1);
    return { batch: { events, revision: more && last ? last.revision : this.#space.revision }, more };
  }

  /** From here on the watcher follows the returned link. */
  join(watcher: Watcher): Link {
    let group = this.#groups.get(watcher.prefix);
    if (group === undefined) {
      const batch: WatchBatch = { events: [], revision: this.#space.revision };
      const tail: Link = { result: { done: false, value: batch }, total: 0, next: undefined };
      group = { prefix: watcher.prefix, watchers: new Set(), pending: [], tail };
      this.#groups.set(group.prefix, group);
      this.#countOdd(group.prefix, 1);
    }
    // What is pending was in the history already, where this watcher has read it.
    this.#flushGroup(group);
    group.watchers.add(watcher);
    return group.tail;
  }

  #publishOne(change: Change): void {
    const { key } = change.entry;
    for (let slash = key.indexOf("/"); slash >= 0; slash = key.indexOf("/", slash + 1)) {
      this.#add(this.#groups.get(key.slice(0, slash + 1)), change);
    }
    for (const length of this.#oddLengths.keys()) {
      if (length <= key.length && key[length - 1] !== "/")
        this.#add(this.#groups.get(key.slice(0, length)), change);
    }
  }

  #add(group: Group | undefined, change: Change): void {
    if (group === undefined) return;
    group.pending.push(change);
    this.#dirty.add(group);
  }

  #flushGroup(group: Group): void {
    if (group.pending.length === 0) return;
    const events = group.pending;
    group.pending = [];
    let { total } = group.tail;
    for (const { entry } of events) total += eventOverhead + entry.bytes.length;
    const batch: WatchBatch = { events, revision: this.#space.revision };
    const link: Link = { result: { done: false, value: batch }, total, next: undefined };
    group.tail.next = link;
    group.tail = link;
    for (const watcher of group.watchers) watcher.wake(link, this.#bufferBytes);
  }

  #countOdd(prefix: string, by: number): void {
    if (prefix.endsWith("/")) return;
    const count = (this.#oddLengths.get(prefix.length) ?? 0) + by;
    if (count > 0) this.#oddLengths.set(prefix.length, count);
    else this.#oddLengths.delete(prefix.length);
  }
}

type Result = IteratorResult<WatchBatch, undefined>;

/** One watch: its own iterable and iterator, because it can be read only once. */
class Watcher implements Watch, AsyncIterator<WatchBatch, undefined> {
  readonly prefix: string;
  readonly #hub: WatchHub;
  readonly #signal: AbortSignal;
  readonly #abort = () => this.end();
  /** Where the backfill has come to. */
  #after: number;
  /** The last link taken, once live. */
  #link: Link | undefined;
  #waiting: { resolve(result: Result): void; reject(error: StorageError): void } | undefined;
  #started = false;
  #ended = false;
  #failure: StorageError | undefined;
  #progressWanted = false;

  constructor(hub: WatchHub, prefix: string, options: WatchOptions) {
    this.#hub = hub;
    this.prefix = prefix;
    this.#after = options.after;
    this.#signal = options.signal;
  }

  [Symbol.asyncIterator](): AsyncIterator<WatchBatch, undefined> {
    if (this.#started) throw new Error("a watch can be read only once");
    this.#started = true;
    this.#hub.enter(this);
    if (this.#signal.aborted || this.#hub.closed) this.end();
    else this.#signal.addEventListener("abort", this.#abort, { once: true });
    return this;
  }

  next(): Promise<Result> {
    if (this.#failure !== undefined) {
      const failure = this.#failure;
      this.#failure = undefined;
      return Promise.reject(failure);
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    if (this.#waiting !== undefined)
      return Promise.reject(new Error("a watch was asked for two batches at once"));
    if (this.#link === undefined) return this.#backfill();
    if (this.#progressWanted) this.#hub.flush();
    const next = this.#link?.next;
    if (next !== undefined) {
      this.#link = next;
      return Promise.resolve(next.result);
    }
    if (this.#progressWanted) return Promise.resolve(this.#progress());
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  return(): Promise<Result> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  requestProgress(): void {
    this.#progressWanted = true;
    if (this.#waiting === undefined) return;
    this.#hub.flush();
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    waiting.resolve(this.#progress());
  }

  /** The group has a new link behind those this watcher may still have to take. */
  wake(link: Link, bufferBytes: number): void {
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      this.#waiting = undefined;
      this.#progressWanted = false;
      this.#link = link;
      waiting.resolve(link.result);
    } else if (this.#link !== undefined && link.total - this.#link.total > bufferBytes) {
      this.end(new StorageError("SlowWatcher", `the watch of ${this.prefix} fell too far behind`));
    }
  }

  end(failure?: StorageError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#link = undefined;
    this.#signal.removeEventListener("abort", this.#abort);
    this.#hub.leave(this);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve({ done: true, value: undefined });
  }

  #backfill(): Promise<Result> {
    try {
      const { batch, more } = this.#hub.backfill(this.prefix, this.#after);
      this.#after = batch.revision;
      if (!more) this.#link = this.#hub.join(this);
      return Promise.resolve({ done: false, value: batch });
    } catch (error) {
      this.end();
      return Promise.reject(error);
    }
  }

  #progress(): Result {
    this.#progressWanted = false;
    return { done: false, value: { events: [], revision: this.#hub.revision } };
  }
}
