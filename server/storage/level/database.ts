import type { ClassicLevel } from "classic-level";

export type Database = ClassicLevel<Uint8Array, Uint8Array>;

/**
 * Opens LevelDB with what the format depends on: whole keys in each table entry and nothing compressed, so that what
 * surrounds a damaged byte can be read without LevelDB (see leveldb-files.ts). The module is loaded on first use.
 */
export async function openDatabase(
  location: string,
  options: { createIfMissing: boolean; errorIfExists?: boolean },
): Promise<Database> {
  const { ClassicLevel: Database } = await import("classic-level");
  const database = new Database<Uint8Array, Uint8Array>(location, {
    keyEncoding: "view",
    valueEncoding: "view",
  });
  await database.open({ ...options, compression: false, blockRestartInterval: 1, cacheSize: 1 << 20 });
  return database;
}

/** LevelDB's or the system's code of an error; the cause knows better than the error around it. */
export function codeOf(error: unknown): string | undefined {
  const { code, cause } = error as { code?: string; cause?: { code?: string } };
  return cause?.code ?? code;
}

/** Tells without opening it whether another process has a database. */
export async function isLocked(location: string): Promise<boolean> {
  try {
    await (await openDatabase(location, { createIfMissing: false, errorIfExists: true })).close();
    return false;
  } catch (error) {
    return codeOf(error) === "LEVEL_LOCKED";
  }
}
