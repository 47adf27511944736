/**
 * The process that gets killed: writes as fast as it can and tells, on its standard output, each write before it is
 * asked for ("try") and after it was acknowledged ("ack"). Synchronous output: what was told is in the pipe.
 */
import { writeSync } from "node:fs";
import { type Entry, openLevelStorage, type Storage } from "./door.ts";
import { Seeded, systemClock } from "./seeded.ts";
import { makeText, revisionMark } from "./text.ts";

const [path = "", seed = "0", first = "0"] = process.argv.slice(2);
const random = new Seeded(Number(seed));
const lanes = 12;
const keysPerLane = 8;
/** Numbers the writes of all runs, so that no two carry the same text. */
let counter = Number(first);

function tell(...words: (string | number)[]): void {
  writeSync(1, `${words.join(" ")}\n`);
}

async function write(storage: Storage, key: string): Promise<void> {
  const number = counter++;
  const current = await storage.get(key);
  const action = current === undefined ? "create" : random.below(4) === 0 ? "delete" : "update";
  const size = random.below(40) === 0 ? random.below(300_000) : random.below(2000);
  const bytes = Buffer.from(`${makeText(key, number, size)} ${revisionMark}`);
  const value = { bytes, revisionAt: bytes.length };
  tell("try", key, action, number);
  let written: Entry;
  if (current === undefined) written = await storage.create(key, value);
  else if (action === "delete") written = await storage.delete(key, current.revision);
  else written = await storage.update(key, current.revision, value);
  tell("ack", key, action, number, written.revision);
}

async function run(storage: Storage, lane: number): Promise<never> {
  for (;;) {
    await write(storage, `/registry/kill/${lane}/${random.below(keysPerLane)}`);
    if (random.below(200) === 0) {
      const revision = Math.max(storage.compactedRevision, storage.revision - random.below(100));
      await storage.compact(revision);
      tell("compacted", revision);
    }
  }
}

tell("opening");
const storage = await openLevelStorage({ path, clock: systemClock, historyBytes: 3 << 20 });
tell("open", storage.revision);
await Promise.all(Array.from({ length: lanes }, (_, lane) => run(storage, lane)));
