/**
 * Opens, in a process of its own, the data directories that it is told, and tells what came of it: a crash or a hang
 * in LevelDB's native code is a result too. What is refused is repaired, and the repaired storage read.
 */
import { createInterface } from "node:readline";
import { type Contents, contentsOf } from "./contents.ts";
import { openLevelStorage, repairLevelStorage, type StorageError } from "./door.ts";
import { systemClock } from "./seeded.ts";
import { historyBytes } from "./stores.ts";

export interface Outcome {
  contents?: Contents;
  refusal?: { code: string; message: string };
  repaired?: { contents: Contents; lostRevisions: number[]; lostOlder: number };
  /** The repair or what came after it failed. */
  failure?: string;
}

async function read(path: string): Promise<Contents> {
  const storage = await openLevelStorage({ path, clock: systemClock, historyBytes });
  const contents = await contentsOf(storage);
  await storage.close();
  return contents;
}

async function open(path: string): Promise<Outcome> {
  try {
    return { contents: await read(path) };
  } catch (error) {
    const { code, message } = error as StorageError;
    return { refusal: { code, message } };
  }
}

async function repair(path: string): Promise<Outcome> {
  try {
    const { lost } = await repairLevelStorage({ path });
    const lostRevisions = lost.revisions.map(({ revision }) => revision);
    return { repaired: { contents: await read(path), lostRevisions, lostOlder: lost.older } };
  } catch (error) {
    return { failure: (error as Error).stack ?? String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { command, path } = JSON.parse(line) as { command: "open" | "repair"; path: string };
  const outcome = command === "open" ? await open(path) : await repair(path);
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
