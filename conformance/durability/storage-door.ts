import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openLevelStorage, type Storage, type WatchEvent } from "./door.ts";
import type { Door } from "./kill.ts";
import type { Action, Found, Ledger } from "./ledger.ts";
import { type Seeded, systemClock } from "./seeded.ts";
import { numberIn } from "./text.ts";

/** Kills a process that writes to the storage itself; everything that the storage promises is checked. */
export const storageDoor: Door = { writeAndKill, check, close: async () => undefined };

const writerPath = join(import.meta.dirname, "writer.ts");
const historyBytes = 3 << 20;

/** Lets the child write until it is killed: some time after it started, or after some acknowledgements. */
async function writeAndKill(path: string, ledger: Ledger, random: Seeded): Promise<void> {
  const child = spawn(process.execPath, [writerPath, path, `${random.below(2 ** 32)}`, `${ledger.next}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const early = random.below(4) === 0;
  const killAfter = ledger.acknowledgements + random.below(1500);
  const timer = new AbortController();
  delay(early ? random.below(300) : 60_000, undefined, { signal: timer.signal })
    .then(() => child.kill("SIGKILL"))
    .catch(() => undefined);
  let rest = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(ledger, line);
    if (!early && ledger.acknowledgements >= killAfter) child.kill("SIGKILL");
  }
  timer.abort();
  await closed;
  if (child.signalCode !== "SIGKILL")
    throw new Error(`the writer ended by itself, with code ${child.exitCode}`);
}

/** Reads a line of the writer (see writer.ts). */
function take(ledger: Ledger, line: string): void {
  const [word, subject = "", action = "", number = "", revision = ""] = line.split(" ");
  if (word === "open") ledger.told(Number(subject));
  else if (word === "try") ledger.asked(subject, action as Action, Number(number));
  else if (word === "ack") ledger.acknowledged(subject, action as Action, Number(number), Number(revision));
}

async function check(path: string, ledger: Ledger): Promise<string[]> {
  const storage = await openLevelStorage({ path, clock: systemClock, historyBytes });
  const { entries } = await storage.list("/");
  const found = new Map(
    entries.map((entry): [string, Found] => [
      entry.key,
      { number: numberIn(entry), revision: entry.revision },
    ]),
  );
  const problems = ledger.compare(found, storage.revision);
  problems.push(...checkHistory(await historyOf(storage), storage, ledger));
  ledger.settle(found, storage.revision);
  await storage.close();
  return problems;
}

async function historyOf(storage: Storage): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  const signal = new AbortController().signal;
  for await (const batch of storage.watch("/", { after: storage.compactedRevision, signal })) {
    events.push(...batch.events);
    if (batch.revision >= storage.revision) break;
  }
  return events;
}

function checkHistory(events: readonly WatchEvent[], storage: Storage, ledger: Ledger): string[] {
  const problems: string[] = [];
  const there = new Map(events.map(({ revision, type, entry }) => [revision, `${type} ${entry.key}`]));
  for (let revision = storage.compactedRevision + 1; revision <= storage.revision; revision++) {
    const expected = ledger.events.get(revision);
    if (!there.has(revision)) problems.push(`revision ${revision} is missing in the history`);
    else if (expected !== undefined && there.get(revision) !== expected) {
      problems.push(`revision ${revision} is "${there.get(revision)}" in the history, not "${expected}"`);
    }
  }
  return problems;
}
