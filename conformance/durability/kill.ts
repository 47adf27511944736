/**
 * Proves that nothing acknowledged is lost by kill -9: a process writes and is killed at a random moment, again and
 * again over the same data directory; after each kill the directory is opened and compared with what was told.
 *
 *   node conformance/durability/kill.ts [--cycles 1000] [--seed N] [--door storage|http]
 *
 * The seed decides what is written and when the process is killed; the exact moment is the operating system's.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { HttpDoor } from "./http-door.ts";
import { Ledger } from "./ledger.ts";
import { Seeded } from "./seeded.ts";
import { storageDoor } from "./storage-door.ts";

/** The way in: the storage itself, or the server's API. */
export interface Door {
  /** Writes until the writing process has been killed. */
  writeAndKill(path: string, ledger: Ledger, random: Seeded): Promise<void>;
  /** Opens what is left and settles the ledger; what is wrong with it. */
  check(path: string, ledger: Ledger): Promise<string[]>;
  close(): Promise<void>;
}

/** After so many kills the data directory is left behind, so that young stores are killed too. */
const cyclesPerStore = 50;

interface Run {
  cycles: number;
  random: Seeded;
  root: string;
  door: Door;
}

/** Counts the cycles that went wrong. */
async function runAll({ cycles, random, root, door }: Run): Promise<number> {
  let failed = 0;
  let acknowledgements = 0;
  let ledger = new Ledger();
  for (let cycle = 0; cycle < cycles; cycle++) {
    if (cycle % cyclesPerStore === 0) {
      await door.close();
      acknowledgements += ledger.acknowledgements;
      ledger = new Ledger();
    }
    const path = join(root, `store-${Math.floor(cycle / cyclesPerStore)}`);
    const problems = await runOne(door, path, ledger, random);
    if (problems.length === 0) continue;
    failed++;
    console.log(`cycle ${cycle} FAILED (${path}):\n  ${problems.slice(0, 10).join("\n  ")}`);
  }
  await door.close();
  console.log(`${acknowledgements + ledger.acknowledgements} writes were acknowledged before a kill`);
  return failed;
}

async function runOne(door: Door, path: string, ledger: Ledger, random: Seeded): Promise<string[]> {
  try {
    await door.writeAndKill(path, ledger, random);
    return await door.check(path, ledger);
  } catch (error) {
    return [(error as Error).message];
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cycles: { type: "string", default: "100" },
      seed: { type: "string" },
      door: { type: "string", default: "storage" },
    },
  });
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  const cycles = Number(values.cycles);
  const door = values.door === "http" ? new HttpDoor() : storageDoor;
  console.log(`kill -9 through the ${values.door} door, ${cycles} cycles, seed ${seed}`);
  const root = await mkdtemp(join(tmpdir(), "kubefacade-kill-"));
  const failed = await runAll({ cycles, random: new Seeded(seed), root, door });
  console.log(`${cycles - failed} passed, ${failed} failed`);
  // What failed is kept, to be looked at.
  if (failed === 0) await rm(root, { recursive: true, force: true });
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();
