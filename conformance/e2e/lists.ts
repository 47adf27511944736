/**
 * What is known of upstream's conformance tests, in three files beside this one, a test a line, sorted:
 *
 *     tests.txt    each test with its class: what a cluster needs to pass it
 *     passing.txt  those that must pass
 *     later.txt    those of the same classes that need what is not there yet, below a "# reason"
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A: the API alone. B: pods that become Running, Succeeded or Failed. C: containers that show something. D: real
 * processes or packets.
 */
export type TestClass = "A" | "B" | "C" | "D";

export interface Lists {
  readonly classes: ReadonlyMap<string, TestClass>;
  readonly passing: ReadonlySet<string>;
  /** Each with what it waits for. */
  readonly later: ReadonlyMap<string, string>;
}

const fileOf = (name: string) => join(import.meta.dirname, name);
const linesOf = (name: string) => readFileSync(fileOf(name), "utf8").split("\n").filter(Boolean);

export function readLists(): Lists {
  const classes = linesOf("tests.txt").map((line) => [line.slice(2), line[0] as TestClass] as const);
  const later = new Map<string, string>();
  let reason = "";
  for (const line of linesOf("later.txt")) {
    if (line.startsWith("# ")) reason = line.slice(2);
    else later.set(line, reason);
  }
  return { classes: new Map(classes), passing: new Set(linesOf("passing.txt")), later };
}

/** What is wrong with the lists: every test of a class that has begun stands in exactly one of the two. */
export function listProblems({ classes, passing, later }: Lists): string[] {
  const problems: string[] = [];
  const listed = new Set([...passing, ...later.keys()]);
  const begun = new Set([...listed].map((test) => classes.get(test)));
  for (const test of listed) {
    if (!classes.has(test)) problems.push(`is no conformance test: ${test}`);
    if (passing.has(test) && later.has(test)) problems.push(`is in passing.txt and in later.txt: ${test}`);
  }
  for (const [test, reason] of later)
    if (reason === "") problems.push(`is in later.txt without a reason: ${test}`);
  for (const [test, its] of classes) {
    if (begun.has(its) && !listed.has(test))
      problems.push(`is neither in passing.txt nor in later.txt: ${test}`);
  }
  return problems;
}

/** Where tests.txt and the tests of the program differ. */
export function differencesFrom(program: readonly string[], { classes }: Lists): string[] {
  const theirs = new Set(program);
  return [
    ...program.filter((test) => !classes.has(test)).map((test) => `is not in tests.txt: ${test}`),
    ...[...classes.keys()]
      .filter((test) => !theirs.has(test))
      .map((test) => `is no test of upstream's: ${test}`),
  ];
}

/** The two files with these tests passing, too. */
export function withPassing(lists: Lists, tests: readonly string[]): Lists {
  return {
    classes: lists.classes,
    passing: new Set([...lists.passing, ...tests]),
    later: new Map([...lists.later].filter(([test]) => !tests.includes(test))),
  };
}

export function writeLists({ passing, later }: Lists): void {
  const written = (lines: Iterable<string>) => [...lines].map((line) => `${line}\n`).join("");
  writeFileSync(fileOf("passing.txt"), written([...passing].sort()));
  const byReason = Map.groupBy(later, ([, reason]) => reason);
  const blocks = Array.from(byReason, ([reason, tests]) =>
    written([`# ${reason}`, ...tests.map(([test]) => test).sort()]),
  );
  writeFileSync(fileOf("later.txt"), blocks.join("\n"));
}
