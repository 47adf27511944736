import { KeySpace } from "../key-space.ts";
import { Change, deletedVersion, type Version } from "../version.ts";
import type { Database } from "./database.ts";
import type { Garbage } from "./level-journal.ts";
import {
  addToMeta,
  decodeMeta,
  decodeRecord,
  type Meta,
  metaKey,
  type StoredRecord,
  sameRecords,
  versionOf,
} from "./record.ts";

/** Thrown when the records do not make up a whole store; says in what way. */
export class NotWhole extends Error {
  override readonly name = "NotWhole";
}

export interface Loaded {
  space: KeySpace;
  meta: Meta;
  /** Records that are on disk but no longer needed. */
  garbage: Garbage[];
  /** Versions that the store will have to delete at their time. */
  expiring: Version[];
}

/** The meta record of an empty store. */
export function emptyMeta(): Meta {
  return { sequence: 0, revision: 1, compacted: 1, records: 0, xor: 0, sum: 0 };
}

const recordsPerRead = 1000;
const bytesPerRead = 4 << 20;

/** Reads the whole database and proves that it is what was committed, and not older than head. */
export async function load(
  database: Database,
  head: Meta | undefined,
  historyBytes: number,
): Promise<Loaded> {
  const stored = await database.get(metaKey);
  const meta = stored === undefined ? undefined : decodeMeta(Buffer.from(stored));
  if (meta === undefined) throw new NotWhole("the record of what was committed is missing");
  if (head === undefined) {
    if (meta.revision > 1) throw new NotWhole("the file storage/head is missing or not readable");
  } else if (meta.revision < head.revision || meta.sequence < head.sequence) {
    throw new NotWhole(lostRevisions(meta.revision + 1, head.revision));
  } else if (meta.sequence === head.sequence && !sameRecords(meta, head)) {
    throw new NotWhole("the database and the file storage/head contradict each other");
  }
  const loader = new Loader(meta, historyBytes);
  const records = database.iterator({ lt: metaKey, fillCache: false, highWaterMarkBytes: bytesPerRead });
  try {
    for (;;) {
      const batch = await records.nextv(recordsPerRead);
      if (batch.length === 0) break;
      for (const [key, value] of batch) loader.take(key, value);
      loader.trim();
    }
  } finally {
    await records.close();
  }
  return loader.finish();
}

function lostRevisions(from: number, to: number): string {
  return from >= to ? `revision ${to} is missing` : `revisions ${from} to ${to} are missing`;
}

class Loader {
  readonly #meta: Meta;
  readonly #found: Meta = { ...emptyMeta() };
  readonly #space: KeySpace;
  readonly #garbage: Garbage[] = [];
  readonly #expiring: Version[] = [];
  /** The last revision of the history that was read. */
  #last: number;

  constructor(meta: Meta, historyBytes: number) {
    this.#meta = meta;
    this.#last = meta.compacted;
    this.#space = new KeySpace({ historyBytes, revision: meta.compacted, compacted: meta.compacted });
  }

  take(key: Uint8Array, value: Uint8Array): void {
    const record = decodeRecord(key, value);
    if (record === undefined) {
      throw new NotWhole(`the record with the key ${Buffer.from(key).toString("hex")} fails its checksum`);
    }
    addToMeta(this.#found, record.revision, record.checksum, 1);
    if (record.revision <= this.#meta.compacted) this.#takeOld(record);
    else this.#takeChange(record);
  }

  /** Keeps the history within its bytes. */
  trim(): void {
    for (const { type, entry, previous } of this.#space.trim()) {
      if (previous !== undefined) this.#garbage.push(previous);
      if (type === "delete") this.#garbage.push(entry);
    }
  }

  finish(): Loaded {
    if (this.#last < this.#meta.revision)
      throw new NotWhole(lostRevisions(this.#last + 1, this.#meta.revision));
    if (!sameRecords(this.#found, this.#meta)) {
      throw new NotWhole(
        `${this.#found.records} records were found of ${this.#meta.records}, or not the same ones`,
      );
    }
    const expiring = this.#expiring.filter((version) => this.#space.get(version.key) === version);
    return { space: this.#space, meta: this.#meta, garbage: this.#garbage, expiring };
  }

  /** A record from before the history: only the newest of its key counts. */
  #takeOld(record: StoredRecord): void {
    const replaced = this.#space.get(record.key);
    if (replaced !== undefined) this.#garbage.push(replaced);
    if (record.type === "delete") {
      this.#garbage.push(record);
      this.#space.unload(record.key);
    } else {
      this.#space.load(this.#version(record));
    }
  }

  #takeChange(record: StoredRecord): void {
    const { key, revision, replaces } = record;
    if (revision !== this.#last + 1) throw new NotWhole(lostRevisions(this.#last + 1, revision - 1));
    this.#last = revision;
    const previous = this.#space.get(key);
    if ((previous?.revision ?? 0) !== replaces) {
      throw new NotWhole(
        `revision ${replaces} of the key ${key}, which revision ${revision} replaces, is missing`,
      );
    }
    if (record.type === "delete") {
      if (previous === undefined) throw new NotWhole(`revision ${revision} deletes the missing key ${key}`);
      const entry = deletedVersion(previous, revision);
      entry.checksum = record.checksum;
      this.#space.apply(new Change("delete", entry, previous));
    } else {
      this.#space.apply(new Change(record.type, this.#version(record), previous));
    }
  }

  #version(record: StoredRecord): Version {
    const version = versionOf(record);
    if (version.expiresAt !== 0) this.#expiring.push(version);
    return version;
  }
}
