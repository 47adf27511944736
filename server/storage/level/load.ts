import { setImmediate as nextTurn } from "node:timers/promises";
import { KeySpace } from "../key-space.ts";
import { Change, deletedVersion, type Version } from "../version.ts";
import type { Garbage } from "./level-journal.ts";
import { addToMeta, type Meta, type StoredRecord, sameRecords, versionOf } from "./record.ts";
import type { Scan } from "./scan.ts";

/** Thrown when the records do not make up a whole store; says in what way. */
export class NotWhole extends Error {
  override readonly name = "NotWhole";
}

export interface Loaded {
  readonly space: KeySpace;
  readonly meta: Meta;
  /** Records that are on disk but no longer needed. */
  readonly garbage: Garbage[];
  /** Versions that the store will have to delete at their time. */
  readonly expiring: Version[];
}

/** The sum of an empty store. */
export function emptyMeta(): Meta {
  return { sequence: 0, revision: 1, compacted: 1, records: 0, xor: 0, sum: 0 };
}

const sliceLength = 1000;

/** Builds the state from what was read, and proves that it is what was committed last. */
export async function load(scan: Scan, head: Meta | undefined, historyBytes: number): Promise<Loaded> {
  const [finding] = scan.findings;
  if (finding !== undefined) throw new NotWhole(finding);
  const meta = checkedMeta(scan, head);
  const loader = new Loader(meta, historyBytes);
  const revisions = Float64Array.from(scan.records.keys()).sort();
  for (const [index, revision] of revisions.entries()) {
    const record = scan.records.get(revision);
    if (record !== undefined) loader.take(record);
    if ((index + 1) % sliceLength !== 0) continue;
    loader.trim();
    await nextTurn();
  }
  return loader.finish();
}

/** The sum in the database, which must not be older than the one in the head file, nor differ from it. */
function checkedMeta({ meta, unfinished }: Scan, head: Meta | undefined): Meta {
  const place = unfinished === undefined ? "" : `${unfinished}: `;
  if (meta === undefined) throw new NotWhole(`${place}the sum of the last commit is missing`);
  if (head === undefined) {
    if (meta.revision > 1) throw new NotWhole("head is missing or not readable");
    return meta;
  }
  if (meta.revision < head.revision)
    throw new NotWhole(place + describeGap(meta.revision + 1, head.revision));
  if (meta.sequence < head.sequence) throw new NotWhole(`${place}the last commit is missing`);
  if (meta.sequence === head.sequence && !sameRecords(meta, head)) {
    throw new NotWhole("head and the database contradict each other");
  }
  return meta;
}

function describeGap(from: number, to: number): string {
  return from >= to ? `revision ${to} is missing` : `revisions ${from} to ${to} are missing`;
}

class Loader {
  readonly #meta: Meta;
  readonly #found: Meta = emptyMeta();
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

  /** Takes the records, oldest first. */
  take(record: StoredRecord): void {
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
    this.trim();
    if (this.#last < this.#meta.revision)
      throw new NotWhole(describeGap(this.#last + 1, this.#meta.revision));
    if (!sameRecords(this.#found, this.#meta)) {
      throw new NotWhole(
        `${this.#found.records} records are there of ${this.#meta.records}, or not the same ones`,
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
    if (revision !== this.#last + 1) throw new NotWhole(describeGap(this.#last + 1, revision - 1));
    this.#last = revision;
    const previous = this.#space.get(key);
    if ((previous?.revision ?? 0) !== replaces) {
      throw new NotWhole(`revision ${replaces} of ${key}, which revision ${revision} replaces, is missing`);
    }
    if (record.type !== "delete") {
      this.#space.apply(new Change(record.type, this.#version(record), previous));
    } else if (previous !== undefined) {
      const entry = deletedVersion(previous, revision);
      entry.checksum = record.checksum;
      this.#space.apply(new Change("delete", entry, previous));
    }
  }

  #version(record: StoredRecord): Version {
    const version = versionOf(record);
    if (version.expiresAt !== 0) this.#expiring.push(version);
    return version;
  }
}
