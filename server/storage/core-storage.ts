import type { Clock } from "../../api/clock.ts";
import {
  type Entry,
  type ListOptions,
  type ListResult,
  type Storage,
  StorageError,
  type Value,
  type Watch,
  type WatchOptions,
} from "./contract.ts";
import { Expiry } from "./expiry.ts";
import type { KeySpace } from "./key-space.ts";
import { Change, deletedVersion, newVersion, type Version } from "./version.ts";
import { WatchHub } from "./watch-hub.ts";

/** Where committed changes are made to last. Calls to commit never overlap. */
export interface Journal {
  /** Resolves when the next commit should begin: what is asked for until then shares it. */
  gathered(): Promise<void>;
  /** Resolves when all of the changes, and that history up to compacted is forgotten, are safe. All or nothing. */
  commit(changes: readonly Change[], compacted: number): Promise<void>;
  /** These changes have left the history: what they replaced may be removed with a later commit. */
  forget(changes: readonly Change[]): void;
  /** Resolves when something failed outside of a commit. */
  readonly failed: Promise<Error>;
  close(): Promise<void>;
}

export interface CoreOptions {
  clock: Clock;
  space: KeySpace;
  /** Bytes that a watch may leave unread. */
  watchBufferBytes: number;
  /** Without one, a change is committed as soon as it is asked for. */
  journal?: Journal;
}

/** A write on its way to the journal (without a change: only the compacted revision goes there). */
interface Pending {
  readonly change: Change | undefined;
  readonly done: PromiseWithResolvers<void>;
}

/** A group is closed at about this size, so that its commit does not keep later writes waiting for long. */
const groupBytes = 4 << 20;

interface WriteOptions {
  ttlSeconds?: number;
}

/**
 * The storage contract over a KeySpace. With a journal, writes are checked and numbered at once against the state
 * that they will find (the committed one and the pending writes), committed in groups, and become visible and are
 * acknowledged only after their group is safe. A refusal that rests on a pending write waits for it too.
 */
export class CoreStorage implements Storage {
  readonly #clock: Clock;
  readonly #space: KeySpace;
  readonly #hub: WatchHub;
  readonly #expiry: Expiry;
  readonly #journal: Journal | undefined;
  readonly #failed = Promise.withResolvers<Error>();
  #failure: Error | undefined;
  #closed = false;
  /** The last revision given to a write, committed or not. */
  #assigned: number;
  #queue: Pending[] = [];
  /** The last pending write of each key. */
  readonly #ahead = new Map<string, Pending>();
  #committing: Promise<void> | undefined;

  constructor(options: CoreOptions) {
    this.#clock = options.clock;
    this.#space = options.space;
    this.#journal = options.journal;
    this.#assigned = options.space.revision;
    this.#hub = new WatchHub(options.space, options.watchBufferBytes);
    this.#expiry = new Expiry(options.clock, (version) => this.#expire(version));
    this.#journal?.failed.then((error) => this.#fail(error, []));
  }

  get revision(): number {
    return this.#space.revision;
  }

  get compactedRevision(): number {
    return this.#space.compactedRevision;
  }

  get failed(): Promise<Error> {
    return this.#failed.promise;
  }

  async get(key: string): Promise<Entry | undefined> {
    this.#checkOpen();
    return this.#space.get(key);
  }

  async list(prefix: string, options: ListOptions = {}): Promise<ListResult> {
    this.#checkOpen();
    return this.#space.list(prefix, options);
  }

  async count(prefix: string): Promise<number> {
    this.#checkOpen();
    return this.#space.count(prefix);
  }

  async create(key: string, value: Value, options: WriteOptions = {}): Promise<Entry> {
    this.#checkWritable(key);
    const current = this.#currentForWrite(key);
    if (current !== undefined) return this.#refuse(key, "KeyExists", `key ${key} exists`);
    const version = newVersion(key, value, ++this.#assigned, this.#expiresAt(options));
    return this.#write(new Change("create", version, undefined));
  }

  async update(
    key: string,
    expectedRevision: number,
    value: Value,
    options: WriteOptions = {},
  ): Promise<Entry> {
    this.#checkWritable(key);
    const current = this.#currentForWrite(key);
    if (current?.revision !== expectedRevision) return this.#refuseStale(key, current, expectedRevision);
    const version = newVersion(key, value, ++this.#assigned, this.#expiresAt(options));
    return this.#write(new Change("update", version, current));
  }

  async delete(key: string, expectedRevision: number): Promise<Entry> {
    this.#checkWritable(key);
    const current = this.#currentForWrite(key);
    if (current?.revision !== expectedRevision) return this.#refuseStale(key, current, expectedRevision);
    return this.#write(new Change("delete", deletedVersion(current, ++this.#assigned), current));
  }

  watch(prefix: string, options: WatchOptions): Watch {
    return this.#hub.watch(prefix, options);
  }

  async compact(revision: number): Promise<void> {
    this.#checkOpen();
    if (this.#failure !== undefined) throw this.#failedError();
    if (revision <= this.#space.compactedRevision) return;
    this.#space.checkRevision(revision);
    const forgotten = this.#space.compact(revision);
    if (this.#journal === undefined) return;
    this.#journal.forget(forgotten);
    await this.#enqueue(undefined);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#expiry.close();
    await this.#committing;
    this.#hub.close();
    await this.#journal?.close().catch((error: Error) => {
      // What has failed already has been told.
      if (this.#failure === undefined) throw error;
    });
  }

  /** Arms the deletion of versions that were read from disk. */
  track(versions: Iterable<Version>): void {
    for (const version of versions) this.#expiry.track(version);
  }

  #checkOpen(): void {
    if (this.#closed) throw new StorageError("Closed", "the storage is closed");
  }

  #checkWritable(key: string): void {
    this.#checkOpen();
    if (this.#failure !== undefined) throw this.#failedError();
    // Half a surrogate pair has no UTF-8 bytes of its own.
    if (!key.isWellFormed()) throw new TypeError("a key must be well-formed Unicode");
  }

  #failedError(): StorageError {
    return new StorageError("Failed", `the storage takes no more writes: ${this.#failure?.message}`, {
      cause: this.#failure,
    });
  }

  /** The version that the next write of this key will find. */
  #currentForWrite(key: string): Version | undefined {
    const change = this.#ahead.get(key)?.change;
    if (change === undefined) return this.#space.get(key);
    return change.type === "delete" ? undefined : change.entry;
  }

  #expiresAt({ ttlSeconds }: WriteOptions): number {
    return ttlSeconds ? this.#clock.now() + ttlSeconds * 1000 : 0;
  }

  #refuseStale(key: string, current: Version | undefined, expected: number): Promise<never> {
    if (current === undefined) return this.#refuse(key, "KeyMissing", `key ${key} not found`);
    return this.#refuse(
      key,
      "RevisionMismatch",
      `key ${key} is at revision ${current.revision}, not ${expected}`,
    );
  }

  /** Nobody may learn of a write that is not safe yet, and be it by a refusal. */
  async #refuse(
    key: string,
    code: "KeyExists" | "KeyMissing" | "RevisionMismatch",
    message: string,
  ): Promise<never> {
    const current = this.#currentForWrite(key);
    await this.#ahead.get(key)?.done.promise;
    throw new StorageError(code, message, current === undefined ? {} : { current });
  }

  async #write(change: Change): Promise<Entry> {
    if (this.#journal === undefined) this.#apply([change]);
    else await this.#enqueue(change);
    return change.entry;
  }

  #enqueue(change: Change | undefined): Promise<void> {
    const pending: Pending = { change, done: Promise.withResolvers() };
    this.#queue.push(pending);
    if (change !== undefined) this.#ahead.set(change.entry.key, pending);
    this.#committing ??= this.#commitGroups();
    return pending.done.promise;
  }

  async #commitGroups(): Promise<void> {
    while (this.#queue.length > 0) {
      await this.#journal?.gathered();
      const group = this.#takeGroup();
      const changes = group.flatMap(({ change }) => change ?? []);
      try {
        await this.#journal?.commit(changes, this.#space.compactedRevision);
      } catch (cause) {
        this.#fail(cause instanceof Error ? cause : new Error(String(cause)), group);
        break;
      }
      for (const pending of group) {
        const key = pending.change?.entry.key;
        if (key !== undefined && this.#ahead.get(key) === pending) this.#ahead.delete(key);
      }
      this.#apply(changes);
      for (const { done } of group) done.resolve();
    }
    this.#committing = undefined;
  }

  #takeGroup(): Pending[] {
    let bytes = 0;
    const end = this.#queue.findIndex(({ change }) => {
      bytes += change?.entry.bytes.length ?? 0;
      return bytes >= groupBytes;
    });
    return this.#queue.splice(0, end < 0 ? this.#queue.length : end + 1);
  }

  #apply(changes: readonly Change[]): void {
    for (const change of changes) {
      this.#space.apply(change);
      if (change.type !== "delete") this.#expiry.track(change.entry);
    }
    const forgotten = this.#space.trim();
    if (forgotten.length > 0) this.#journal?.forget(forgotten);
    this.#hub.publish(changes);
  }

  #fail(cause: Error, group: readonly Pending[]): void {
    this.#failure ??= cause;
    const error = this.#failedError();
    for (const { done } of [...group, ...this.#queue]) {
      // A refusal may be waiting for it as well, or nobody.
      done.promise.catch(() => undefined);
      done.reject(error);
    }
    this.#queue = [];
    this.#failed.resolve(cause);
  }

  #expire(version: Version): void {
    if (this.#currentForWrite(version.key) !== version) return;
    // Failed is told by `failed`; any other refusal means that somebody was faster.
    this.delete(version.key, version.revision).catch(() => undefined);
  }
}
