import { rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { StorageError } from "../contract.ts";
import { makeDirectory } from "../make-directory.ts";
import { isLocked, openDatabase } from "./database.ts";
import { type Examination, examine, type Lost } from "./examine.ts";
import { HeadFile, syncDirectory } from "./head-file.ts";
import { emptyMeta } from "./load.ts";
import { entriesOf, removeAll, type StoragePaths, storagePaths } from "./paths.ts";
import { addToMeta, encodeMeta, type Meta, metaKey, recordKey, type StoredRecord } from "./record.ts";

export interface RepairReport {
  /** What was wrong, and where. */
  findings: readonly string[];
  /** Keys in the new storage. */
  kept: number;
  lost: Lost;
  /** The new storage's revision: greater than any before, so that clients list anew. */
  revision: number;
  /** Where the old files are kept. */
  damagedDirectory: string;
}

const recordsPerBatch = 1000;

/**
 * Makes a new storage of all that verifies and keeps the damaged one beside it. History is not carried over. Fails
 * with Locked if a process has the storage.
 */
export async function repairLevelStorage(options: { path: string }): Promise<RepairReport> {
  const paths = storagePaths(options.path);
  if ((await entriesOf(paths.root)).length === 0) {
    throw new StorageError("Failed", `there is no storage in ${options.path}`);
  }
  if (await isLocked(paths.database)) {
    throw new StorageError("Locked", `another process has the storage in ${options.path}`);
  }
  const examination = await examine(paths);
  const living = newestRecords(examination);
  const revision =
    Math.max(examination.meta?.revision ?? 1, ...[...examination.records.keys()].slice(-1)) + 1;
  await removeAll(paths.repaired);
  await build(storagePartsIn(paths.repaired), living, revision);
  const damagedDirectory = await exchange(paths);
  const { findings, lost } = examination;
  return { findings, kept: living.length, lost, revision, damagedDirectory };
}

function newestRecords({ records }: Examination): StoredRecord[] {
  const newest = new Map<string, StoredRecord>();
  for (const record of records.values()) {
    if (record.type === "delete") newest.delete(record.key);
    else newest.set(record.key, record);
  }
  return [...newest.values()];
}

function storagePartsIn(root: string): { root: string; database: string; head: string } {
  return { root, database: join(root, "db"), head: join(root, "head") };
}

async function build(
  parts: { root: string; database: string; head: string },
  records: readonly StoredRecord[],
  revision: number,
): Promise<void> {
  await makeDirectory(parts.root);
  const meta: Meta = { ...emptyMeta(), revision, compacted: revision };
  const database = await openDatabase(parts.database, { createIfMissing: true });
  for (let start = 0; start < records.length; start += recordsPerBatch) {
    const batch = records.slice(start, start + recordsPerBatch);
    for (const record of batch) addToMeta(meta, record.revision, record.checksum, 1);
    await database.batch(
      batch.map(({ revision, stored }) => ({
        type: "put" as const,
        key: recordKey(revision),
        value: stored,
      })),
    );
  }
  await database.put(metaKey, encodeMeta(meta), { sync: true });
  await database.close();
  const head = await HeadFile.open(parts.head);
  await head.write(meta);
  await head.sync();
  await head.close();
  await syncDirectory(parts.root);
}

/** Puts the new storage in the place of the old one; see finishRepair for a kill in between. */
async function exchange(paths: StoragePaths): Promise<string> {
  const parent = dirname(paths.root);
  const names = await entriesOf(parent);
  let number = 1;
  while (names.includes(`${basename(paths.root)}.damaged-${number}`)) number++;
  const damaged = `${paths.root}.damaged-${number}`;
  await rename(paths.root, damaged);
  await rename(paths.repaired, paths.root);
  await syncDirectory(parent);
  return damaged;
}
