import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

/** Where a storage keeps its parts. */
export interface StoragePaths {
  readonly root: string;
  readonly database: string;
  readonly head: string;
  /** Where a repair builds the new storage. */
  readonly repaired: string;
}

export function storagePaths(dataDir: string): StoragePaths {
  const root = join(dataDir, "storage");
  return { root, database: join(root, "db"), head: join(root, "head"), repaired: `${root}.repaired` };
}

export async function entriesOf(path: string): Promise<string[]> {
  return readdir(path).catch(ifMissing([]));
}

export async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(ifMissing(undefined));
}

export async function removeAll(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

export function ifMissing<T>(otherwise: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT") return otherwise;
    throw error;
  };
}
