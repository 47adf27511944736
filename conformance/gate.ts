/**
 * What CI holds of a comparison with the real programs: every case passes, but for the ones that are listed as open.
 *
 *     node conformance/gate.ts differential|kubectl [--update]
 *
 * The list is open.txt beside the suite: cases that are known to differ, one a line, each a bug to be mended. A case that
 * fails and is not on it is run once more alone, because these runs depend on the machine's load, and then fails the
 * gate. A listed one that passes is named, so that it can be taken off. --update writes the list as it is now.
 */

import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const HERE = import.meta.dirname;
const [suite = "", flag = ""] = process.argv.slice(2);
if (suite !== "differential" && suite !== "kubectl") {
  console.error("usage: node conformance/gate.ts differential|kubectl [--update]");
  process.exit(2);
}
const openFile = join(HERE, suite, "open.txt");

interface Outcome {
  failing: string[];
  passed: number;
  /** The run came to its end. */
  complete: boolean;
}

/** Runs the suite and reads its report: a "✗ file: case" line for each failing case, then the counts. */
async function run(extra: readonly string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [join(HERE, suite, "run.ts"), ...extra], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  await new Promise((resolve) => child.on("close", resolve));
  const counts = /^(\d+) passed, (\d+) failed/m.exec(text);
  return {
    failing: [...text.matchAll(/^✗ (.+)$/gm)].map((match) => match[1]!),
    passed: Number(counts?.[1] ?? 0),
    complete: counts !== null,
  };
}

const readOpen = (): Set<string> =>
  new Set(existsSync(openFile) ? readFileSync(openFile, "utf8").split("\n").filter(Boolean) : []);

const result = await run(["--limit", "100000"]);
if (!result.complete) {
  console.error(`${suite}: the run did not come to its end`);
  console.log("0 passed, 1 failed");
  process.exit(1);
}
if (flag === "--update") {
  writeFileSync(
    openFile,
    result.failing
      .toSorted()
      .map((name) => `${name}\n`)
      .join(""),
  );
  console.log(`${openFile}: ${result.failing.length} open cases`);
  process.exit(0);
}

const open = readOpen();
const failed: string[] = [];
for (const name of result.failing.filter((one) => !open.has(one))) {
  // "file: case" – the filter looks for the case's own name.
  const [file = "", ...rest] = name.split(": ");
  const again = await run(["--file", file, "--filter", rest.join(": ")]);
  if (again.complete && !again.failing.includes(name)) console.log(`passes when run alone: ${name}`);
  else failed.push(name);
}
const still = new Set(result.failing);
for (const name of open) if (!still.has(name)) console.log(`passes, take it off ${suite}/open.txt: ${name}`);
for (const name of failed) console.log(`✗ ${name}`);
console.log(`${suite}: ${still.size - failed.length} open differences`);
console.log(`${result.passed} passed, ${failed.length} failed`);
process.exit(failed.length === 0 ? 0 : 1);
