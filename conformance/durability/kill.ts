/**
 * Proves that nothing acknowledged is lost by kill -9: a child process writes and is killed at a random moment, again
 * and again over the same data directory; after each kill the directory is opened and checked.
 *
 *   node conformance/durability/kill.ts [--cycles 1000] [--seed N] [--keep]
 *
 * The seed decides what is written and when the child is killed; the exact moment is the operating system's.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openLevelStorage, type Storage, type WatchEvent } from "./door.ts";
import { Seeded, systemClock } from "./seeded.ts";
import { numberIn } from "./text.ts";

/** What the child has told about one key. */
interface KeyRecord {
  /** Number and revision of the last acknowledged write; number undefined: it was a deletion. */
  acknowledged?: { number: number | undefined; revision: number };
  /** A write that was asked for and not acknowledged: it may have happened or not. */
  open?: { action: string; number: number };
}

interface Ledger {
  keys: Map<string, KeyRecord>;
  /** Every acknowledged revision of this run of the child, with what it was. */
  events: Map<number, string>;
  highest: number;
  /** The next number that no write has carried. */
  next: number;
  acknowledgements: number;
}

const writerPath = fileURLToPath(new URL("writer.ts", import.meta.url));
/** How often the data directory is thrown away, so that young stores are killed too. */
const cyclesPerStore = 50;

function take(ledger: Ledger, line: string): void {
  const [word, key = "", action = "", number = "", revision = ""] = line.split(" ");
  if (word === "open") ledger.highest = Math.max(ledger.highest, Number(key));
  if (word !== "try" && word !== "ack") return;
  const record = ledger.keys.get(key) ?? {};
  ledger.keys.set(key, record);
  if (word === "try") {
    record.open = { action, number: Number(number) };
    ledger.next = Math.max(ledger.next, Number(number) + 1);
    return;
  }
  ledger.acknowledgements++;
  ledger.highest = Math.max(ledger.highest, Number(revision));
  ledger.events.set(Number(revision), `${action} ${key}`);
  const kept = action === "delete" ? undefined : Number(number);
  record.acknowledged = { number: kept, revision: Number(revision) };
  record.open = undefined;
}

/** Lets the child write until it is killed: some time after it started, or after some acknowledgements. */
async function runAndKill(path: string, ledger: Ledger, random: Seeded): Promise<void> {
  const child = spawn(process.execPath, [writerPath, path, `${random.below(2 ** 32)}`, `${ledger.next}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = new Promise<void>((resolve) => child.on("close", () => resolve()));
  const early = random.below(4) === 0;
  const killAfter = ledger.acknowledgements + random.below(1500);
  const timer = new AbortController();
  delay(early ? random.below(150) : 20_000, undefined, { signal: timer.signal })
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

async function history(storage: Storage): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  const signal = new AbortController().signal;
  for await (const batch of storage.watch("/", { after: storage.compactedRevision, signal })) {
    events.push(...batch.events);
    if (batch.revision >= storage.revision) break;
  }
  return events;
}

/** Compares the reopened storage with what the child was told; returns what is wrong. */
async function check(storage: Storage, ledger: Ledger): Promise<string[]> {
  const problems: string[] = [];
  if (storage.revision < ledger.highest) {
    problems.push(`revision ${storage.revision} is lower than ${ledger.highest}, which was acknowledged`);
  }
  const { entries } = await storage.list("/");
  const found = new Map(entries.map((entry) => [entry.key, entry]));
  for (const entry of entries) {
    if (numberIn(entry) === undefined) problems.push(`${entry.key}: its value is torn`);
    if (!ledger.keys.has(entry.key)) problems.push(`${entry.key}: was never written`);
  }
  for (const [key, { acknowledged, open }] of ledger.keys) {
    const entry = found.get(key);
    const number = entry && numberIn(entry);
    const asAcknowledged =
      number === acknowledged?.number && (!entry || entry.revision === acknowledged?.revision);
    const asAsked = open !== undefined && number === (open.action === "delete" ? undefined : open.number);
    if (!asAcknowledged && !asAsked) {
      problems.push(
        `${key}: holds ${number}, acknowledged ${acknowledged?.number}, asked for ${open?.number}`,
      );
    }
    if (entry && acknowledged && entry.revision < acknowledged.revision)
      problems.push(`${key}: is older than acknowledged`);
  }
  return [...problems, ...checkHistory(await history(storage), storage, ledger)];
}

function checkHistory(events: readonly WatchEvent[], storage: Storage, ledger: Ledger): string[] {
  const problems: string[] = [];
  const told = new Map(events.map(({ revision, type, entry }) => [revision, `${type} ${entry.key}`]));
  for (let revision = storage.compactedRevision + 1; revision <= storage.revision; revision++) {
    const expected = ledger.events.get(revision);
    if (!told.has(revision)) problems.push(`revision ${revision} is missing in the history`);
    else if (expected !== undefined && told.get(revision) !== expected) {
      problems.push(`revision ${revision} is "${told.get(revision)}" in the history, not "${expected}"`);
    }
  }
  return problems;
}

/** After a check, what was found is what counts. */
async function settle(storage: Storage, ledger: Ledger): Promise<void> {
  const { entries } = await storage.list("/");
  for (const record of ledger.keys.values()) {
    record.open = undefined;
    record.acknowledged = undefined;
  }
  for (const entry of entries) {
    ledger.keys.set(entry.key, { acknowledged: { number: numberIn(entry), revision: entry.revision } });
  }
  ledger.highest = storage.revision;
  ledger.events.clear();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cycles: { type: "string", default: "100" },
      seed: { type: "string" },
      keep: { type: "boolean" },
    },
  });
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  const random = new Seeded(seed);
  const cycles = Number(values.cycles);
  console.log(`kill -9, ${cycles} cycles, seed ${seed}`);
  const root = await mkdtemp(join(tmpdir(), "kubefacade-kill-"));
  let failed = 0;
  let acknowledgements = 0;
  let ledger: Ledger = emptyLedger();
  for (let cycle = 0; cycle < cycles; cycle++) {
    const path = join(root, `store-${Math.floor(cycle / cyclesPerStore)}`);
    if (cycle % cyclesPerStore === 0) ledger = emptyLedger();
    const before = ledger.acknowledgements;
    await runAndKill(path, ledger, random);
    acknowledgements += ledger.acknowledgements - before;
    let problems: string[];
    try {
      const storage = await openLevelStorage({ path, clock: systemClock, historyBytes: 3 << 20 });
      problems = await check(storage, ledger);
      await settle(storage, ledger);
      await storage.close();
    } catch (error) {
      problems = [`cannot be opened: ${(error as Error).message}`];
    }
    if (problems.length === 0) continue;
    failed++;
    console.log(`cycle ${cycle} FAILED (${path}):\n  ${problems.slice(0, 10).join("\n  ")}`);
    if (problems.some((problem) => problem.startsWith("cannot be opened"))) break;
  }
  console.log(`${acknowledgements} writes were acknowledged before a kill`);
  console.log(`${cycles - failed} passed, ${failed} failed`);
  if (failed === 0 && !values.keep) await rm(root, { recursive: true, force: true });
  process.exitCode = failed === 0 ? 0 : 1;
}

function emptyLedger(): Ledger {
  return { keys: new Map(), events: new Map(), highest: 1, next: 0, acknowledgements: 0 };
}

await main();
