import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type Operation, readBatch, readLog } from "./leveldb-log.ts";
import { type Manifest, readManifest } from "./leveldb-manifest.ts";
import { readTable } from "./leveldb-table.ts";
import { entriesOf, readIfThere } from "./paths.ts";
import { decodeMeta, decodeRecord, type Meta, metaKey, revisionOf, type StoredRecord } from "./record.ts";

/** What the files of a database hold, the latest operation on each key. */
export interface Scan {
  /** By revision; undefined: removed. */
  readonly records: ReadonlyMap<number, StoredRecord | undefined>;
  readonly meta: Meta | undefined;
  /** Places whose bytes are not what was written: file, byte and kind. */
  readonly findings: readonly string[];
  /** Where the newest log stops making sense; only what the head file says can tell whether that was committed. */
  readonly unfinished: string | undefined;
}

/** Work done between two turns of the event loop, in operations. */
const sliceLength = 500;

/**
 * Reads the database that LevelDB would open, byte for byte verified, before LevelDB gets to see it: that drops what
 * it can't read, deletes the file, and is ended by an assertion where a damaged table makes no sense.
 * Undefined if there is no database.
 */
export async function scanDatabase(directory: string): Promise<Scan | undefined> {
  const names = await entriesOf(directory);
  if (!names.includes("CURRENT") && !names.some((name) => dataFile.test(name))) return undefined;
  const scanner = new Scanner(directory, false);
  const manifest = await manifestIn(directory, names);
  if (typeof manifest === "string") {
    scanner.found(manifest);
    return scanner.result();
  }
  // The newest first, so that most of what has been removed is known to be when it is met.
  const logs = names.filter((name) => logFile.test(name) && numberOf(name) >= manifest.firstLog);
  logs.sort((a, b) => numberOf(b) - numberOf(a));
  let last = true;
  for (const name of logs) {
    const hasBatches = await scanner.log(name, last);
    // An opening that was killed leaves an empty log behind the one that was written last.
    if (hasBatches) last = false;
  }
  const tables = new Map(names.filter((name) => tableFile.test(name)).map((name) => [numberOf(name), name]));
  for (const [number, length] of [...manifest.tables].sort(([a], [b]) => b - a)) {
    const name = tables.get(number);
    if (name === undefined) scanner.found(`db/${number}.ldb is missing`);
    else await scanner.table(name, length);
  }
  return scanner.result();
}

/** Reads all that is in the files, whether or not LevelDB would, for a database that is not whole. */
export async function scanEverything(directory: string): Promise<Scan> {
  const names = await entriesOf(directory);
  const scanner = new Scanner(directory, true);
  const manifest = await manifestIn(directory, names);
  if (typeof manifest === "string") scanner.found(manifest);
  for (const name of names.filter((name) => dataFile.test(name)).sort((a, b) => numberOf(a) - numberOf(b))) {
    if (tableFile.test(name)) await scanner.table(name, undefined);
    else await scanner.log(name, false);
  }
  return scanner.result();
}

const tableFile = /^\d+\.(ldb|sst)$/;
const logFile = /^\d+\.log$/;
const dataFile = /^\d+\.(ldb|sst|log)$/;
const numberOf = (name: string) => Number.parseInt(name, 10);

/** The manifest, or what is wrong with it. */
async function manifestIn(directory: string, names: readonly string[]): Promise<Manifest | string> {
  const current = (await readIfThere(join(directory, "CURRENT")))?.toString("latin1");
  if (current === undefined) return "db/CURRENT is missing";
  const name = current.slice(0, -1);
  if (!current.endsWith("\n") || !name.startsWith("MANIFEST-") || !names.includes(name)) {
    return "db/CURRENT does not name a manifest";
  }
  return readManifest(await readFile(join(directory, name))) ?? `db/${name} is damaged`;
}

class Scanner {
  readonly #directory: string;
  readonly #lenient: boolean;
  readonly #records = new Map<number, StoredRecord | undefined>();
  readonly #sequences = new Map<number, number>();
  readonly #findings: string[] = [];
  #meta: { sequence: number; meta: Meta } | undefined;
  #unfinished: string | undefined;
  #slice = 0;
  /** One for all files: it never has to be cleared by the garbage collector. */
  #buffer = Buffer.alloc(0);

  constructor(directory: string, lenient: boolean) {
    this.#directory = directory;
    this.#lenient = lenient;
  }

  found(finding: string): void {
    this.#findings.push(finding);
  }

  /** In damaged bytes there is much that is no record. */
  #foundWithin(finding: string): void {
    if (!this.#lenient && this.#findings.length === 0) this.found(finding);
  }

  result(): Scan {
    const { meta } = this.#meta ?? {};
    return { records: this.#records, meta, findings: this.#findings, unfinished: this.#unfinished };
  }

  /** Reads a table that should have this length. */
  async table(name: string, length: number | undefined): Promise<void> {
    const bytes = await this.#read(name);
    if (length !== undefined && bytes.length !== length) {
      this.found(`db/${name} has ${bytes.length} bytes instead of ${length}`);
    }
    const operations = readTable(bytes, ({ offset, what }) =>
      this.found(`db/${name}: ${what} (byte ${offset})`),
    );
    for (const operation of operations) {
      this.#take(operation, name);
      if (++this.#slice % sliceLength === 0) await nextTurn();
    }
  }

  /** Reads a log; only the last may end in something that was never finished. Tells whether it holds anything. */
  async log(name: string, last: boolean): Promise<boolean> {
    let hasBatches = false;
    let broken: string | undefined;
    for (const { offset, bytes, state } of readLog(await this.#read(name))) {
      const { operations, whole } = readBatch(bytes);
      if (state === "whole" && whole) {
        if (broken !== undefined) this.found(broken);
        broken = undefined;
        hasBatches = true;
      } else {
        broken ??= `db/${name}: a batch ${state === "cut" ? "is cut off" : "fails its checksum"} (byte ${offset})`;
        // LevelDB drops it, so it counts only where all that can be saved is looked for.
        if (last) continue;
      }
      for (const operation of operations) {
        this.#take(operation, name);
        if (++this.#slice % sliceLength === 0) await nextTurn();
      }
    }
    if (last) this.#unfinished ??= broken;
    else if (broken !== undefined) this.found(broken);
    return hasBatches;
  }

  #take({ key, value, sequence }: Operation, name: string): void {
    const revision = revisionOf(key);
    if (revision !== undefined) {
      if ((this.#sequences.get(revision) ?? -1) >= sequence) return;
      const record = value === undefined ? undefined : decodeRecord(key, ownCopy(value));
      if (value !== undefined && record === undefined) {
        this.#foundWithin(`db/${name}: the record of revision ${revision} fails its checksum`);
        return;
      }
      this.#sequences.set(revision, sequence);
      this.#records.set(revision, record);
    } else if (value !== undefined && key.equals(metaKey) && sequence > (this.#meta?.sequence ?? -1)) {
      const meta = decodeMeta(value);
      if (meta !== undefined) this.#meta = { sequence, meta };
      else this.#foundWithin(`db/${name}: the sum of a commit fails its checksum`);
    }
  }

  /** The file's bytes, until the next file is read. */
  async #read(name: string): Promise<Buffer> {
    const file = await open(join(this.#directory, name));
    try {
      const { size } = await file.stat();
      if (this.#buffer.length < size) this.#buffer = Buffer.allocUnsafeSlow(size * 2);
      let length = 0;
      for (let read = -1; length < size && read !== 0; length += read) {
        read = (await file.read(this.#buffer, length, size - length, length)).bytesRead;
      }
      return this.#buffer.subarray(0, length);
    } finally {
      await file.close();
    }
  }
}

/** What was read is overwritten by the next file. */
function ownCopy(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  copy.set(bytes);
  return copy;
}
