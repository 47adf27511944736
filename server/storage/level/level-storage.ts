import { access, mkdir, rename } from "node:fs/promises";
import type { Clock } from "../../../api/clock.ts";
import { type Storage, StorageError } from "../contract.ts";
import { CoreStorage } from "../core-storage.ts";
import { defaultHistoryBytes, defaultWatchBufferBytes, type StorageLimits } from "../memory-storage.ts";
import { codeOf, type Database, openDatabase } from "./database.ts";
import { describeDamage, examine, isDamaged } from "./examine.ts";
import { HeadFile, readHead, syncDirectory } from "./head-file.ts";
import { LevelJournal } from "./level-journal.ts";
import { emptyMeta, type Loaded, load, NotWhole } from "./load.ts";
import { OpeningCopy } from "./opening-copy.ts";
import { entriesOf, readIfThere, type StoragePaths, storagePaths } from "./paths.ts";
import { encodeMeta, metaKey } from "./record.ts";

export interface LevelStorageOptions extends StorageLimits {
  /** The data directory; the storage lives in storage/ in it. */
  path: string;
  clock: Clock;
}

/**
 * Opens a storage on disk, or makes one. Fails with Locked if another process has it, and with Damaged if it is not
 * whole: then its files are left as they were found.
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
  await mkdir(paths.root, { recursive: true });
  const copy = await OpeningCopy.take(paths);
  let database: Database | undefined;
  let loaded: Loaded;
  try {
    const head = await readIfThere(paths.head);
    database = await openExisting(paths, head === undefined);
    loaded = await loadOrMake(database, head, historyBytes);
  } catch (error) {
    await database?.close();
    throw await explain(error, path, copy);
  }
  await copy.discard();
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

async function openExisting(paths: StoragePaths, mayBeNew: boolean): Promise<Database> {
  const names = await entriesOf(paths.database);
  // Where LevelDB makes a new database, it deletes what is left of an old one.
  const hasData = names.some((name) => /\.(ldb|sst|log)$/.test(name));
  if (hasData && !names.includes("CURRENT")) throw new NotWhole("the file storage/db/CURRENT is missing");
  if (!mayBeNew && names.length === 0) throw new NotWhole("the directory storage/db is missing");
  return openDatabase(paths.database, { createIfMissing: mayBeNew });
}

async function loadOrMake(
  database: Database,
  head: Buffer | undefined,
  historyBytes: number,
): Promise<Loaded> {
  if (head === undefined && (await isEmpty(database))) {
    await database.put(metaKey, encodeMeta(emptyMeta()), { sync: true });
  }
  return load(database, head === undefined ? undefined : readHead(head), historyBytes);
}

async function isEmpty(database: Database): Promise<boolean> {
  return (await database.keys({ limit: 1 }).all()).length === 0;
}

/** Turns what went wrong at opening into the error that tells the user what to do. */
async function explain(error: unknown, path: string, copy: OpeningCopy): Promise<StorageError> {
  if (codeOf(error) === "LEVEL_LOCKED") {
    await copy.withdraw();
    return new StorageError("Locked", `another process has the storage in ${path}`, { cause: error });
  }
  await copy.restore();
  const examination = await examine(storagePaths(path));
  if (!(error instanceof NotWhole) && !isDamaged(examination)) {
    const reason = ((error as Error).cause ?? error) as Error;
    return new StorageError("Failed", `the storage in ${path} cannot be opened: ${reason.message}`, {
      cause: error,
    });
  }
  const reason = error instanceof NotWhole ? error.message : undefined;
  const repair = `run "kubefacade storage repair --data-dir ${path}"`;
  const message = `the storage in ${path} is damaged: ${describeDamage(examination, reason)}; ${repair}`;
  return new StorageError("Damaged", message, { cause: error });
}
