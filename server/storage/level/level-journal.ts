import type { Clock } from "../../../api/clock.ts";
import type { Journal } from "../core-storage.ts";
import type { Change } from "../version.ts";
import type { Database } from "./database.ts";
import type { HeadFile } from "./head-file.ts";
import { addToMeta, encodeMeta, encodeRecord, type Meta, metaKey, recordKey } from "./record.ts";

type Operation = { type: "put"; key: Uint8Array; value: Uint8Array } | { type: "del"; key: Uint8Array };

/** A record that nothing needs any more. */
export interface Garbage {
  readonly revision: number;
  readonly checksum: number;
}

/** Records are removed by so many at a time, because each removal makes LevelDB merge old tables with new ones. */
const garbageLimit = 1000;
const headSyncDelay = 250;

/**
 * Commits groups of changes as one synced LevelDB batch. Then the head file is written: for a killed process that is
 * enough; its own sync comes a moment later, because it guards only against damage to what has been synced already.
 *
 * LevelDB syncs by fdatasync, on macOS by fsync, which there leaves the data in the drive's own cache; Node's sync of
 * the head file empties that too, so on macOS a power cut may cost what was written within headSyncDelay of it.
 */
export class LevelJournal implements Journal {
  readonly #database: Database;
  readonly #head: HeadFile;
  readonly #clock: Clock;
  #meta: Meta;
  #garbage: Garbage[];
  #cancelSync: (() => void) | undefined;
  #syncing: Promise<void> = Promise.resolve();
  readonly #failed = Promise.withResolvers<Error>();

  constructor(options: { database: Database; head: HeadFile; clock: Clock; meta: Meta; garbage: Garbage[] }) {
    this.#database = options.database;
    this.#head = options.head;
    this.#clock = options.clock;
    this.#meta = options.meta;
    this.#garbage = options.garbage;
  }

  /** The first commit of an opening, which makes this and any earlier state tell apart. */
  async begin(compacted: number): Promise<void> {
    await this.commit([], compacted);
    await this.#head.sync();
  }

  /** The end of the event loop's turn: requests that have arrived together are synced, and told to watchers, together. */
  gathered(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  async commit(changes: readonly Change[], compacted: number): Promise<void> {
    const next: Meta = { ...this.#meta, sequence: this.#meta.sequence + 1, compacted };
    const operations: Operation[] = [];
    for (const change of changes) {
      const key = recordKey(change.revision);
      const { value, checksum } = encodeRecord(key, change);
      change.entry.checksum = checksum;
      addToMeta(next, change.revision, checksum, 1);
      next.revision = change.revision;
      operations.push({ type: "put", key, value });
    }
    if (this.#garbage.length >= garbageLimit) this.#collect(next, operations);
    operations.push({ type: "put", key: metaKey, value: encodeMeta(next) });
    await this.#database.batch(operations, { sync: true });
    await this.#head.write(next);
    this.#meta = next;
    this.#syncSoon();
  }

  forget(changes: readonly Change[]): void {
    for (const { type, entry, previous } of changes) {
      if (previous !== undefined) this.#garbage.push(previous);
      if (type === "delete") this.#garbage.push(entry);
    }
  }

  get failed(): Promise<Error> {
    return this.#failed.promise;
  }

  async close(): Promise<void> {
    this.#cancelSync?.();
    await this.#syncing;
    try {
      await this.#head.sync();
    } finally {
      await this.#head.close();
      await this.#database.close();
    }
  }

  #collect(next: Meta, operations: Operation[]): void {
    for (const { revision, checksum } of this.#garbage) {
      operations.push({ type: "del", key: recordKey(revision) });
      addToMeta(next, revision, checksum, -1);
    }
    this.#garbage = [];
  }

  #syncSoon(): void {
    this.#cancelSync ??= this.#clock.setTimer(headSyncDelay, () => {
      this.#cancelSync = undefined;
      this.#syncing = this.#head.sync().catch((error: Error) => {
        this.#failed.resolve(error);
      });
    });
  }
}
