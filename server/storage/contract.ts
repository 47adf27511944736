/**
 * The storage contract: bytes and revisions. Every backend passes the suite in contract.suite.ts.
 *
 * Keys are UTF-8 text such as /registry/apps/deployments/default/web and sort by bytes. Revisions are one int64
 * counter for the whole store (a number here: safe up to 2^53), raised by each successful write, never lowered, also
 * across restarts and kill -9. An empty store is at revision 1, as etcd's is, because 0 has a meaning of its own in the API.
 */

/** Bytes to keep (the store copies them), and where in them it inserts its decimal revision (so that readers never patch). */
export interface Value {
  bytes: Uint8Array;
  /** Byte offset at which the decimal digits of the new revision are inserted; -1: nowhere. */
  revisionAt: number;
}

/** What is kept under a key: final bytes, never changed afterwards. */
export interface Entry {
  readonly key: string;
  readonly bytes: Uint8Array;
  /** Revision of the last write of this key. */
  readonly revision: number;
}

export interface WatchEvent {
  readonly type: "create" | "update" | "delete";
  /** The key's new state; for a delete, its last state with the revision of the deletion inserted (see delete). */
  readonly entry: Entry;
  /** The state before; absent for create. */
  readonly previous?: Entry;
  readonly revision: number;
}

export interface ListOptions {
  /** Start after this key (chunking). */
  after?: string;
  /** 0 or absent: everything. */
  limit?: number;
  /** The state as it was at this revision; absent: the newest. RevisionCompacted if older than the history. */
  revision?: number;
}

export interface ListResult {
  entries: Entry[];
  /** Revision at which the list is true. */
  revision: number;
  /** Entries under the prefix after the last one returned. */
  remaining: number;
}

export interface WatchOptions {
  /** Events with a greater revision. RevisionCompacted if the history no longer reaches back to it. */
  after: number;
  signal: AbortSignal;
}

/** Watchers at the same place of the same prefix are handed the very same batch object. */
export interface WatchBatch {
  readonly events: readonly WatchEvent[];
  /** Every event under the prefix up to here has been delivered (events may be empty: progress). */
  readonly revision: number;
}

/**
 * The first batch comes at once, empty if nothing happened after the start: the watch stands. Fails with
 * RevisionCompacted, RevisionFuture, or SlowWatcher when its reader fell too far behind.
 */
export interface Watch extends AsyncIterable<WatchBatch> {
  [Symbol.asyncIterator](): AsyncIterator<WatchBatch, undefined>;
  /** Asks for a batch that tells the newest revision, after what is still to be delivered (for bookmarks). */
  requestProgress(): void;
}

/** One consistent, ordered, durable key space. Methods reject with a StorageError; anything else is a bug. */
export interface Storage {
  /** Revision of the newest committed write. */
  readonly revision: number;
  /** History before this revision is gone. */
  readonly compactedRevision: number;
  get(key: string): Promise<Entry | undefined>;
  list(prefix: string, options?: ListOptions): Promise<ListResult>;
  /** Number of entries under the prefix, without reading them. */
  count(prefix: string): Promise<number>;
  /**
   * Fails with KeyExists (its current entry in the error). ttlSeconds: the store deletes the key by itself, as a
   * normal deletion; each later update sets it anew or, without it, takes it off.
   */
  create(key: string, value: Value, options?: { ttlSeconds?: number }): Promise<Entry>;
  /** Compare-and-set on the key's revision. Fails with KeyMissing or RevisionMismatch (the current entry in the error). */
  update(
    key: string,
    expectedRevision: number,
    value: Value,
    options?: { ttlSeconds?: number },
  ): Promise<Entry>;
  /** Resolves to the last state, carrying the revision of the deletion at its revisionAt. */
  delete(key: string, expectedRevision: number): Promise<Entry>;
  /** Ordered, unique, reliable, atomic, resumable, bookmarkable: each a named test. Ends when signal aborts or the store closes. */
  watch(prefix: string, options: WatchOptions): Watch;
  /**
   * Forgets history up to and including revision; the state at this revision can still be listed, and a watch may
   * start after it. Nothing happens if it is gone already; RevisionFuture for one that is not there yet.
   */
  compact(revision: number): Promise<void>;
  /** Resolves when a write or sync failed: the store takes no more writes and the server must end. */
  readonly failed: Promise<Error>;
  /** Commits what is pending and releases every resource. */
  close(): Promise<void>;
}

export type StorageErrorCode =
  | "KeyExists"
  | "KeyMissing"
  | "RevisionMismatch"
  | "RevisionCompacted"
  | "RevisionFuture"
  | "SlowWatcher" // a watch whose reader fell too far behind: close it, the client resumes
  | "Damaged" // the data directory is not whole; the message names the place and the command that repairs it
  | "Locked" // another process has the data directory
  | "Closed"
  | "Failed"; // a write or sync error

export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly code: StorageErrorCode;
  /** The key's current entry, with KeyExists and RevisionMismatch. */
  readonly current: Entry | undefined;

  constructor(code: StorageErrorCode, message: string, options: { current?: Entry; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.current = options.current;
  }
}
