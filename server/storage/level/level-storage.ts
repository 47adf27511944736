import { access, rename } from "node:fs/promises";
import type { Clock } from "../../../api/clock.ts";
import { type Storage, StorageError } from "../contract.ts";
import { CoreStorage } from "../core-storage.ts";
import { makeDirectory } from "../make-directory.ts";
import { defaultHistoryBytes, defaultWatchBufferBytes, type StorageLimits } from "../memory-storage.ts";
import { codeOf, type Database, isLocked, openDatabase } from "./database.ts";
import { describeDamage, examine } from "./examine.ts";
import { HeadFile, readHead, syncDirectory } from "./head-file.ts";
import { LevelJournal } from "./level-journal.ts";
import { emptyMeta, type Loaded, load, NotWhole } from "./load.ts";
import { readIfThere, type StoragePaths, storagePaths } from "./paths.ts";
import { decodeMeta, encodeMeta, type Meta, metaKey } from "./record.ts";
import { type Scan, scanDatabase } from "./scan.ts";

export interface LevelStorageOptions extends StorageLimits {
  /** The data directory; the storage lives in storage/ in it. */
  path: string;
  clock: Clock;
}

/**
 * Opens a storage on disk, or makes one. Everything is read and verified before LevelDB gets to see it. Fails with
 * Locked if another process has it, and with Damaged if it is not whole: then its files are left as they were found.
 */
export async function openLevelStorage(options: LevelStorageOptions): Promise<Storage> {
  const {
    path,
    clock,
    historyBytes = defaultHistoryBytes,
    watchBufferBytes = defaultWatchBufferBytes,
  } = options;
  const paths = storagePaths(path);
  await finishRepair(paths);
  await makeDirectory(paths.root);
  const { database, loaded } = await open(path, paths, historyBytes);
  const { space, meta, garbage, expiring } = loaded;
  const journal = new LevelJournal({ database, head: await HeadFile.open(paths.head), clock, meta, garbage });
  await journal.begin(space.compactedRevision);
  await syncDirectory(paths.root);
  const storage = new CoreStorage({ clock, space, watchBufferBytes, journal });
  storage.track(expiring);
  return storage;
}

/** A repair that was killed just before its end has left the new storage beside the place of the old one. */
async function finishRepair(paths: StoragePaths): Promise<void> {
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  if (!(await isThere(paths.root)) && (await isThere(paths.repaired)))
    await rename(paths.repaired, paths.root);
}

/** Reads and verifies, then lets LevelDB open what was read. */
async function open(
  path: string,
  paths: StoragePaths,
  historyBytes: number,
): Promise<{ database: Database; loaded: Loaded }> {
  // Files that another process is changing would look damaged.
  if (await isLocked(paths.database)) throw lockedError(path);
  const head = await readIfThere(paths.head);
  try {
    const scan = await existing(paths, head);
    const loaded = await load(scan ?? empty, scan && head && readHead(head), historyBytes);
    const database = await openDatabase(paths.database, { createIfMissing: scan === undefined });
    try {
      if (scan === undefined) await database.put(metaKey, encodeMeta(loaded.meta), { sync: true });
      await checkUnchanged(database, loaded.meta);
    } catch (error) {
      await database.close();
      throw error;
    }
    return { database, loaded };
  } catch (error) {
    throw await explain(error, path, paths);
  }
}

const empty: Scan = { records: new Map(), meta: emptyMeta(), findings: [], unfinished: undefined };

/** What is in the files; undefined if there is no storage yet, or one that was killed before its first commit. */
async function existing(paths: StoragePaths, head: Buffer | undefined): Promise<Scan | undefined> {
  const scan = await scanDatabase(paths.database);
  if (scan === undefined && head !== undefined) throw new NotWhole("the database in storage/db is missing");
  if (scan === undefined || head !== undefined) return scan;
  return scan.meta === undefined && scan.records.size === 0 && scan.findings.length === 0 ? undefined : scan;
}

/** Now that the lock is ours: LevelDB has what was read, and nobody else has written since. */
async function checkUnchanged(database: Database, expected: Meta): Promise<void> {
  const stored = await database.get(metaKey);
  const meta = stored === undefined ? undefined : decodeMeta(Buffer.from(stored));
  if (meta !== undefined && meta.sequence > expected.sequence) throw new InUse();
  if (meta?.sequence !== expected.sequence) throw new NotWhole("LevelDB does not open what its files hold");
}

/** Another process has written between the reading and the lock. */
class InUse extends Error {
  readonly code = "LEVEL_LOCKED";
}

function lockedError(path: string, cause?: unknown): StorageError {
  return new StorageError("Locked", `another process has the storage in ${path}`, { cause });
}

/** Turns what went wrong into the error that tells the user what to do. */
async function explain(error: unknown, path: string, paths: StoragePaths): Promise<StorageError> {
  const code = codeOf(error);
  if (code === "LEVEL_LOCKED") return lockedError(path, error);
  const reason = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message;
  if (!(error instanceof NotWhole) && code !== "LEVEL_CORRUPTION") {
    return new StorageError("Failed", `the storage in ${path} cannot be opened: ${reason}`, { cause: error });
  }
  if (await isLocked(paths.database)) return lockedError(path, error);
  const description = describeDamage(await examine(paths), reason);
  const repair = `run "kubefacade storage repair --data-dir ${path}"`;
  return new StorageError("Damaged", `the storage in ${path} is damaged: ${description}; ${repair}`, {
    cause: error,
  });
}
