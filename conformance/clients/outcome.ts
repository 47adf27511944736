import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

export interface Outcome {
  passed: number;
  failed: number;
}

/** Reads a program's lines: the checks, and at the end how many there were. */
export function outcomeOf(name: string, child: ChildProcess, tell = console.log): Promise<Outcome> {
  const outcome = { passed: 0, failed: 0 };
  const fail = (why: string) => {
    outcome.failed++;
    tell(`FAILED ${name}: ${why}`);
  };
  let ended: string | undefined;
  createInterface({ input: child.stdout! }).on("line", (line) => {
    if (line.startsWith(`ok ${name}: `)) outcome.passed++;
    else if (line.startsWith(`FAILED ${name}: `)) outcome.failed++;
    else if (line.startsWith("end ")) {
      ended = line;
      return;
    }
    tell(line);
  });
  let errors = "";
  child.stderr!.on("data", (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-20_000);
  });
  return new Promise((resolve) => {
    child.on("error", (error) => fail(`it starts: ${error.message}`));
    child.on("close", (code, signal) => {
      const checks = outcome.passed + outcome.failed;
      const isWhole = code === 0 && ended === `end ${checks}` && checks > 0;
      if (!isWhole) fail(`it comes to its end: it ended with ${signal ?? code} after ${checks} checks`);
      if (outcome.failed > 0 && errors !== "") tell(errors.replaceAll(/^/gm, `${name}! `));
      resolve(outcome);
    });
  });
}
