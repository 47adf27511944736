/**
 * Proves that damage at rest is never silent: copies of data directories with one byte changed anywhere in any file,
 * or one file cut off or removed, must either be refused as damaged, naming the place and the repair, or hold exactly
 * what was stored. What is refused must have been left as it was found, and its repair must account for every key.
 *
 *   node conformance/durability/flip.ts [--flips 1000] [--seed N]
 */
import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Contents } from "./contents.ts";
import type { Outcome } from "./opener.ts";
import { Seeded } from "./seeded.ts";
import { makeStores, type Store } from "./stores.ts";

const patience = 30_000;

/** The opening process; started anew when it has died. */
class Opener {
  #child: ChildProcess | undefined;
  #lines: Interface | undefined;

  async ask(command: "open" | "repair", path: string): Promise<Outcome | undefined> {
    this.#child ??= this.#start();
    const child = this.#child;
    const { promise: answer, resolve } = Promise.withResolvers<Outcome | undefined>();
    const died = () => resolve(undefined);
    this.#lines?.once("line", (line) => resolve(JSON.parse(line) as Outcome));
    child.once("exit", died);
    child.stdin?.write(`${JSON.stringify({ command, path })}\n`);
    const patienceOver = new AbortController();
    const outcome = await Promise.race([answer, delay(patience, undefined, { signal: patienceOver.signal })]);
    patienceOver.abort();
    child.off("exit", died);
    if (outcome === undefined) {
      child.kill("SIGKILL");
      this.#child = undefined;
    }
    return outcome;
  }

  close(): void {
    this.#child?.stdin?.end();
  }

  #start(): ChildProcess {
    const script = fileURLToPath(new URL("opener.ts", import.meta.url));
    const child = spawn(process.execPath, [script], { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: child.stdout });
    return child;
  }
}

async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Changes one thing; says what. Files are chosen evenly or by their length, so that small ones get their share. */
async function damage(path: string, random: Seeded): Promise<string> {
  const files = await filesIn(path);
  const lengths = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const at = random.below(total);
  const byLength = lengths.findIndex(
    (_, file) => lengths.slice(0, file + 1).reduce((sum, length) => sum + length) > at,
  );
  const index = random.below(2) === 0 ? random.below(files.length) : byLength;
  const file = files[index] as string;
  const length = lengths[index] as number;
  const name = file.slice(path.length + 1);
  const kind = random.below(20);
  if (kind === 0) {
    await rm(file);
    return `${name} removed`;
  }
  if (length === 0) return `${name} is empty: nothing changed`;
  const offset = random.below(length);
  if (kind <= 2) {
    await truncate(file, offset);
    return `${name} cut to ${offset} of ${length} bytes`;
  }
  const bytes = await readFile(file);
  const mask = random.below(2) === 0 ? 1 << random.below(8) : 1 + random.below(255);
  bytes[offset] = (bytes[offset] as number) ^ mask;
  await writeFile(file, bytes);
  return `${name} byte ${offset} of ${length} xor ${mask}`;
}

/** The files that matter, to see that a refusal has changed nothing. */
async function snapshot(path: string): Promise<string> {
  const files = (await filesIn(path)).filter((file) => !/[\\/](LOCK|LOG|LOG\.old)$/.test(file)).sort();
  const texts = await Promise.all(
    files.map(async (file) => `${file} ${(await readFile(file)).toString("latin1")}`),
  );
  return texts.join("\n");
}

/** What is wrong with a repair; undefined if it accounts for everything. */
function judgeRepair(before: Contents, outcome: Outcome | undefined): string | undefined {
  if (outcome === undefined) return "the repair crashed or hung";
  if (outcome.repaired === undefined) return `the repair failed: ${outcome.failure}`;
  const { contents, lostRevisions, lostOlder } = outcome.repaired;
  if (contents.revision <= before.revision) return "the repaired storage has a lower revision";
  const lost = new Set(lostRevisions);
  for (const [key, { revision, digest }] of Object.entries(before.entries)) {
    const now = contents.entries[key];
    if (now?.revision === revision && now.digest === digest) continue;
    if (now?.revision === revision) return `${key} was changed by the repair`;
    if (!lost.has(revision) && lostOlder === 0) return `${key} is gone and the repair does not say so`;
  }
  for (const key of Object.keys(contents.entries)) {
    if (!Object.hasOwn(before.entries, key) && lost.size === 0 && lostOlder === 0)
      return `${key} came back to life`;
  }
  return undefined;
}

type Verdict = { result: "refused" | "unchanged" } | { result: "FAILED"; why: string };

async function tryOne(store: Store, path: string, opener: Opener): Promise<Verdict> {
  const before = await snapshot(path);
  const outcome = await opener.ask("open", path);
  if (outcome === undefined) return { result: "FAILED", why: "the opening crashed or hung" };
  if (outcome.contents !== undefined) {
    if (JSON.stringify(outcome.contents) === JSON.stringify(store.contents)) return { result: "unchanged" };
    return { result: "FAILED", why: "opened with other contents" };
  }
  const { code = "", message = "" } = outcome.refusal ?? {};
  const named = message.includes("kubefacade storage repair --data-dir") && !message.includes("\n");
  if (code !== "Damaged" || !named) return { result: "FAILED", why: `refused with ${code}: ${message}` };
  if ((await snapshot(path)) !== before) return { result: "FAILED", why: "the refusal changed the files" };
  const why = judgeRepair(store.contents, await opener.ask("repair", path));
  return why === undefined ? { result: "refused" } : { result: "FAILED", why: `${why} (${message})` };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      flips: { type: "string", default: "1000" },
      seed: { type: "string" },
      verbose: { type: "boolean" },
    },
  });
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  const random = new Seeded(seed);
  const flips = Number(values.flips);
  console.log(`flipped bytes, ${flips} of them, seed ${seed}`);
  const root = await mkdtemp(join(tmpdir(), "kubefacade-flip-"));
  const stores = await makeStores(root, random);
  const opener = new Opener();
  const counts = { refused: 0, unchanged: 0, FAILED: 0 };
  for (let flip = 0; flip < flips; flip++) {
    const store = random.pick(stores);
    const path = join(root, "copy");
    await rm(path, { recursive: true, force: true });
    await cp(store.path, path, { recursive: true });
    const what = await damage(join(path, "storage"), random);
    const verdict = await tryOne(store, path, opener);
    counts[verdict.result]++;
    if (verdict.result === "FAILED" || values.verbose) {
      const why = verdict.result === "FAILED" ? `: ${verdict.why}` : "";
      console.log(`flip ${flip}, store ${store.name}, ${what} ${verdict.result}${why}`);
    }
  }
  opener.close();
  console.log(`${counts.refused} were refused and repaired, ${counts.unchanged} changed nothing that counts`);
  console.log(`${flips - counts.FAILED} passed, ${counts.FAILED} failed`);
  await rm(root, { recursive: true, force: true });
  process.exitCode = counts.FAILED === 0 ? 0 : 1;
}

await main();
