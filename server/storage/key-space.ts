import { type Entry, type ListOptions, type ListResult, StorageError } from "./contract.ts";
import { Folders } from "./folders.ts";
import { orderOf } from "./key-order.ts";
import { firstNot, OrderedIndex } from "./ordered-index.ts";
import type { Change, Version } from "./version.ts";

/** One key, alive or remembered because its history is. */
interface KeyState {
  readonly order: string;
  current: Version | undefined;
  /** Its changes that are still in the history, oldest first. */
  changes: Change[];
}

/** What a change costs beyond the bytes it keeps. */
const changeOverhead = 256;

/**
 * The committed state in memory: the newest version of each key, in order, and the history of changes from which any
 * revision after the compacted one can be told. Everything here is synchronous; who writes and when is decided above.
 */
export class KeySpace {
  readonly #historyBytes: number;
  readonly #states = new Map<string, KeyState>();
  readonly #live = new OrderedIndex<KeyState>();
  readonly #folders = new Folders();
  /** Keys that are deleted but still have history. */
  readonly #deleted = new OrderedIndex<KeyState>();
  #history: Change[] = [];
  /** Changes in front of this index are forgotten. */
  #historyStart = 0;
  #historyCost = 0;
  #revision: number;
  #compacted: number;

  constructor(options: { historyBytes: number; revision: number; compacted: number }) {
    this.#historyBytes = options.historyBytes;
    this.#revision = options.revision;
    this.#compacted = options.compacted;
  }

  get revision(): number {
    return this.#revision;
  }

  get compactedRevision(): number {
    return this.#compacted;
  }

  get(key: string): Version | undefined {
    return this.#states.get(key)?.current;
  }

  /** Puts a version in place that is older than the history (when a store is read from disk). */
  load(version: Version): void {
    this.#place(version.key, version);
  }

  /** Forgets a key without a change in the history (when a store is read from disk). */
  unload(key: string): void {
    const state = this.#states.get(key);
    if (state === undefined) return;
    this.#leave(key, state);
    this.#states.delete(key);
  }

  /** Commits a change. Its revision must be greater than any before. */
  apply(change: Change): void {
    const state = this.#place(change.entry.key, change.type === "delete" ? undefined : change.entry);
    state.changes.push(change);
    this.#history.push(change);
    this.#historyCost += costOf(change);
    this.#revision = change.revision;
  }

  /** Forgets the history up to and including a revision; returns what was forgotten. */
  compact(revision: number): Change[] {
    const forgotten: Change[] = [];
    for (let change = this.#oldest(); change !== undefined && change.revision <= revision; ) {
      this.#forget(change);
      forgotten.push(change);
      change = this.#oldest();
    }
    if (revision > this.#compacted) this.#compacted = revision;
    return forgotten;
  }

  /** Forgets the oldest history until the rest fits into its bytes; returns what was forgotten. */
  trim(): Change[] {
    const forgotten: Change[] = [];
    while (this.#historyCost > this.#historyBytes) {
      const change = this.#oldest();
      if (change === undefined) break;
      this.#forget(change);
      forgotten.push(change);
      this.#compacted = change.revision;
    }
    return forgotten;
  }

  /** Throws unless the state at this revision can be told. */
  checkRevision(revision: number): void {
    if (revision > this.#revision) {
      throw new StorageError(
        "RevisionFuture",
        `revision ${revision} is in the future, current ${this.#revision}`,
      );
    }
    if (revision < this.#compacted) {
      throw new StorageError(
        "RevisionCompacted",
        `revision ${revision} is compacted, oldest ${this.#compacted}`,
      );
    }
  }

  /** Visits the changes after a revision, oldest first, until visit returns false. */
  visitChanges(after: number, visit: (change: Change) => boolean): void {
    const history = this.#history;
    let index = firstNot(history, (change) => change.revision <= after, this.#historyStart);
    while (index < history.length && visit(history[index] as Change)) index++;
  }

  count(prefix: string): number {
    const { from, end } = this.#live.range(orderOf(prefix));
    return end - from;
  }

  list(prefix: string, options: ListOptions): ListResult {
    const revision = options.revision ?? this.#revision;
    this.checkRevision(revision);
    const limit = options.limit || Number.POSITIVE_INFINITY;
    const after = options.after === undefined ? undefined : orderOf(options.after);
    if (revision === this.#revision) {
      if (this.#folders.isEmpty(prefix)) return { entries: [], revision, remaining: 0 };
      return this.#listNewest(orderOf(prefix), after, limit);
    }
    return this.#listAt(revision, orderOf(prefix), after, limit);
  }

  #listNewest(prefix: string, after: string | undefined, limit: number): ListResult {
    const { from, end } = this.#live.range(prefix, after);
    const stop = Math.min(end, from + limit);
    const entries: Entry[] = [];
    this.#live.visit({ from, end: stop }, (state) => entries.push(state.current as Version) > 0);
    return { entries, revision: this.#revision, remaining: end - stop };
  }

  #listAt(revision: number, prefix: string, after: string | undefined, limit: number): ListResult {
    const entries: Entry[] = [];
    let last: string | undefined = after;
    for (const state of this.#merged(prefix, after)) {
      const version = versionAt(state, revision);
      if (version === undefined) continue;
      if (entries.length >= limit) break;
      entries.push(version);
      last = state.order;
    }
    if (entries.length < limit) return { entries, revision, remaining: 0 };
    // Those alive now, less those that came after the revision, plus those that went after it.
    const rest = this.#live.range(prefix, last);
    let remaining = rest.end - rest.from;
    this.visitChanges(revision, ({ type, entry }) => {
      if (type !== "update") {
        const order = orderOf(entry.key);
        if (order.startsWith(prefix) && (last === undefined || order > last))
          remaining += type === "create" ? -1 : 1;
      }
      return true;
    });
    return { entries, revision, remaining };
  }

  /** Living and remembered keys under a prefix, in order. */
  *#merged(prefix: string, after: string | undefined): Generator<KeyState, void> {
    const deleted: KeyState[] = [];
    this.#deleted.visit(this.#deleted.range(prefix, after), (state) => deleted.push(state) > 0);
    let next = 0;
    const pieceLength = 512;
    const { from, end } = this.#live.range(prefix, after);
    for (let rank = from; rank < end; rank += pieceLength) {
      const piece: KeyState[] = [];
      const range = { from: rank, end: Math.min(end, rank + pieceLength) };
      this.#live.visit(range, (state) => piece.push(state) > 0);
      for (const state of piece) {
        for (let gone = deleted[next]; gone !== undefined && gone.order < state.order; gone = deleted[++next])
          yield gone;
        yield state;
      }
    }
    yield* deleted.slice(next);
  }

  #place(key: string, version: Version | undefined): KeyState {
    let state = this.#states.get(key);
    if (state === undefined) {
      state = { order: orderOf(key), current: undefined, changes: [] };
      this.#states.set(key, state);
      if (version === undefined) this.#deleted.insert(state);
      else this.#enter(key, state);
    } else if (state.current === undefined && version !== undefined) {
      this.#deleted.delete(state.order);
      this.#enter(key, state);
    } else if (state.current !== undefined && version === undefined) {
      this.#leave(key, state);
      this.#deleted.insert(state);
    }
    state.current = version;
    return state;
  }

  #enter(key: string, state: KeyState): void {
    this.#live.insert(state);
    this.#folders.add(key);
  }

  #leave(key: string, state: KeyState): void {
    this.#live.delete(state.order);
    this.#folders.delete(key);
  }

  #oldest(): Change | undefined {
    return this.#history[this.#historyStart];
  }

  /** Drops the oldest change of the history. */
  #forget(change: Change): void {
    this.#historyCost -= costOf(change);
    const state = this.#states.get(change.entry.key);
    state?.changes.shift();
    if (state?.current === undefined && state?.changes.length === 0) {
      this.#deleted.delete(state.order);
      this.#states.delete(change.entry.key);
    }
    this.#historyStart++;
    if (this.#historyStart >= 1024 && this.#historyStart * 2 >= this.#history.length) {
      this.#history = this.#history.slice(this.#historyStart);
      this.#historyStart = 0;
    }
  }
}

/** The version of a key that was there at a revision within the history. */
function versionAt(state: KeyState, revision: number): Version | undefined {
  const { changes, current } = state;
  if (current !== undefined && current.revision <= revision) return current;
  const next = changes[firstNot(changes, (change) => change.revision <= revision)];
  return next === undefined ? current : next.previous;
}

/** The bytes that stay in memory only because of this change, about. */
function costOf(change: Change): number {
  const gone = change.type === "delete" ? change.entry.bytes.length : 0;
  return changeOverhead + (change.previous?.bytes.length ?? 0) + gone;
}
