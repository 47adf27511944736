import { cp } from "node:fs/promises";
import { join } from "node:path";
import { type Contents, contentsOf } from "./contents.ts";
import { openLevelStorage, type Storage } from "./door.ts";
import { type Seeded, systemClock } from "./seeded.ts";
import { makeText } from "./text.ts";

/** A data directory as it was at rest, or as a kill leaves it, and what it holds. */
export interface Store {
  name: string;
  path: string;
  contents: Contents;
}

/** Little history, so that a small store too has garbage and old records. */
export const historyBytes = 300_000;

const open = (path: string) => openLevelStorage({ path, clock: systemClock, historyBytes });

async function write(
  storage: Storage,
  random: Seeded,
  count: number,
  keys: number,
  size: number,
): Promise<void> {
  for (let number = 0; number < count; number++) {
    const key = `/registry/flip/${random.below(keys)}`;
    const current = await storage.get(key);
    const text = makeText(key, number, random.below(size));
    const value = { bytes: Buffer.from(text), revisionAt: text.length };
    if (current === undefined)
      await storage.create(key, value, random.below(9) === 0 ? { ttlSeconds: 1e6 } : {});
    else if (random.below(5) === 0) await storage.delete(key, current.revision);
    else await storage.update(key, current.revision, value);
  }
}

/** The stores that get damaged: a young one, one of tables and removed records, and one that was not closed. */
export async function makeStores(root: string, random: Seeded): Promise<Store[]> {
  const young = await make(join(root, "young"), async (storage) => {
    await write(storage, random, 40, 10, 500);
  });
  const grown = await make(join(root, "grown"), async (storage, reopen) => {
    await write(storage, random, 1500, 150, 1500);
    const again = await reopen();
    await write(again, random, 1500, 150, 1500);
    await again.compact(again.revision - 20);
    await write(again, random, 60, 30, 1500);
  });
  const killed: Store = { ...young, name: "killed", path: join(root, "killed") };
  const storage = await open(join(root, "running"));
  await write(storage, random, 1200, 100, 1500);
  killed.contents = await contentsOf(storage);
  await cp(join(root, "running"), killed.path, { recursive: true });
  await storage.close();
  return [young, grown, killed];
}

async function make(
  path: string,
  fill: (storage: Storage, reopen: () => Promise<Storage>) => Promise<void>,
): Promise<Store> {
  let storage = await open(path);
  const reopen = async () => {
    await storage.close();
    storage = await open(path);
    return storage;
  };
  await fill(storage, reopen);
  const contents = await contentsOf(storage);
  await storage.close();
  return { name: path.split(/[\\/]/).at(-1) ?? path, path, contents };
}
