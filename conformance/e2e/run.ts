/**
 * Runs upstream's conformance tests against kubefacade, and holds it to the list of those that pass.
 *
 *     npm run conformance -- [--class A] [--focus text] [--procs n] [--output dir] [--peer]
 */

import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { OURS_LOG } from "../differential/ours.ts";
import { buildPrograms, builtProgram } from "../upstream/build.ts";
import { makeBareNodes } from "./bare-nodes.ts";
import { type Outcome, runGinkgo } from "./ginkgo.ts";
import { differencesFrom, type Lists, listProblems, readLists, withPassing, writeLists } from "./lists.ts";
import { type Group, LIMIT, planOf } from "./plan.ts";
import { type Result, writeReport } from "./report.ts";
import { type Server, startOurs, startUpstream } from "./servers.ts";

const HELP = `npm run conformance -- [options]

Builds upstream's e2e.test (Go is needed; four minutes and more the first time), starts kubefacade with two bare nodes
and runs upstream's own conformance tests against it. Exit code 1: a test of passing.txt failed twice, the second time
alone. One that passes anew moves from later.txt to passing.txt (in CI it is only named).

  --class <letters>   classes of tests, of which the README tells (default: A)
  --focus <text>      only tests whose name has this text in it
  --procs <n>         tests at a time (default: 4)
  --output <dir>      where results.json, junit.xml and ginkgo's logs go (default: conformance/e2e/out)
  --peer              against kube-apiserver and kube-controller-manager, whatever the two lists say
  --help`;

const PEER = ["etcd", "kube-apiserver", "kube-controller-manager"];

/** Milliseconds between lines that tell how far it is. */
const TELL_EVERY = 5_000;

interface Options {
  readonly classes: string;
  readonly focus: string;
  readonly procs: number;
  readonly output: string;
  readonly peer: boolean;
}

/** undefined: help was asked for. @throws TypeError on options that are unknown */
function options(): Options | undefined {
  const { values } = parseArgs({
    options: {
      class: { type: "string", default: "A" },
      focus: { type: "string", default: "" },
      procs: { type: "string", default: "4" },
      output: { type: "string", default: join(import.meta.dirname, "out") },
      peer: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const procs = Number(values.procs);
  if (!Number.isInteger(procs) || procs < 1) throw new TypeError("--procs must be a whole number above 0");
  if (!/^[A-D]+$/.test(values.class)) throw new TypeError("--class must be letters from A to D");
  return { ...values, classes: values.class, procs, output: resolve(values.output) };
}

/** The tests that are asked for. @throws Error where the lists are not right */
function wantedTests(lists: Lists, { classes, focus }: Options): string[] {
  const { stdout } = spawnSync(builtProgram("e2e.test")!, ["--list-conformance-tests"], { encoding: "utf8" });
  const theirs = (parse(stdout) as { codename: string }[]).map(({ codename }) => codename);
  const problems = [...listProblems(lists), ...differencesFrom(theirs, lists)];
  if (problems.length > 0) throw new Error(`the lists are not right:\n${problems.join("\n")}`);
  const tests = [...lists.classes].filter(([test, its]) => classes.includes(its) && test.includes(focus));
  return tests.map(([test]) => test);
}

class Run {
  readonly #server: Server;
  readonly #output: string;
  #expected = 0;
  #ended = 0;
  #failed = 0;
  #told = 0;

  constructor(server: Server, output: string) {
    this.#server = server;
    this.#output = output;
  }

  /** For the count that is shown. */
  expect(tests: number): void {
    this.#expected += tests;
  }

  /** In rounds, where not all have begun before the limit. */
  async group({ name, tests, procs, limit }: Group): Promise<Outcome[]> {
    const outcomes = new Map<string, Outcome>();
    for (let round = 1; outcomes.size < tests.length; round++) {
      const left = tests.filter((test) => !outcomes.has(test));
      const folder = join(this.#output, `${name.replace(" ", "-")}-${round}`);
      const onEnd = (passed: boolean) => this.#tell(passed);
      const { kubeconfig } = this.#server;
      const found = await runGinkgo({ folder, kubeconfig, tests: left, procs, limit, onEnd });
      if (found.length === 0) throw new Error(`no test of ${left.length} has begun, see ${folder}`);
      for (const outcome of found) outcomes.set(outcome.test, outcome);
    }
    return [...outcomes.values()];
  }

  #tell(passed: boolean): void {
    this.#ended++;
    if (!passed) this.#failed++;
    if (Date.now() - this.#told < TELL_EVERY && passed) return;
    this.#told = Date.now();
    console.log(`${this.#ended} of ${this.#expected} have run, ${this.#failed} failed`);
  }
}

async function runAll(server: Server, tests: readonly string[], lists: Lists, { procs, output }: Options) {
  const run = new Run(server, output);
  run.expect(tests.length);
  const outcomes: Outcome[] = [];
  for (const step of planOf(tests, lists, procs)) {
    const groups = await Promise.all(step.map((group) => run.group(group)));
    outcomes.push(...groups.flat());
  }
  const failed = outcomes.filter(({ test, passed }) => !passed && !lists.later.has(test));
  const again = { name: "again", tests: failed.map(({ test }) => test), procs: 1, limit: LIMIT };
  run.expect(failed.length);
  const second = new Map((await run.group(again)).map((outcome) => [outcome.test, outcome]));
  return outcomes.map((outcome): Result => {
    const { test } = outcome;
    const waitsFor = lists.later.get(test);
    if (waitsFor !== undefined) return { ...outcome, attempts: 1, waitsFor };
    const repeated = second.get(test);
    return repeated ? { ...repeated, attempts: 2 } : { ...outcome, attempts: 1 };
  });
}

/** What a run has shown, for people; whether all is well. */
function conclude(results: readonly Result[]): boolean {
  console.log("");
  const anew = results.filter(({ passed, waitsFor }) => passed && waitsFor !== undefined);
  const inCi = process.env["CI"] !== undefined;
  const names = anew.map(({ test }) => test);
  if (names.length > 0 && !inCi) writeLists(withPassing(readLists(), names));
  for (const name of names) {
    console.log(`passes anew, ${inCi ? "move it to passing.txt" : "is in passing.txt now"}: ${name}`);
  }
  for (const { test, passed, attempts } of results) {
    if (passed && attempts > 1) console.log(`passes when run alone: ${test}`);
  }
  const waiting = results.filter(({ passed, waitsFor }) => !passed && waitsFor !== undefined);
  for (const [reason, its] of Map.groupBy(waiting, ({ waitsFor }) => waitsFor)) {
    console.log(`${its.length} later: ${reason}`);
  }
  const failed = results.filter(({ passed, waitsFor }) => !passed && waitsFor === undefined);
  for (const { test, message } of failed) {
    console.log(`\n✗ ${test}\n${message.split("\n").slice(0, 20).join("\n")}`);
  }
  const passed = results.filter((result) => result.passed).length;
  console.log(`\n${passed} passed, ${failed.length} failed`);
  return failed.length === 0;
}

async function main(): Promise<boolean> {
  const values = options();
  if (values === undefined) {
    console.log(HELP);
    return true;
  }
  if (!(await buildPrograms(["kubectl", "ginkgo", "e2e.test", ...(values.peer ? PEER : [])]))) return true;
  const committed = readLists();
  const tests = wantedTests(committed, values);
  if (tests.length === 0) throw new Error("no test of these classes has this text in its name");
  mkdirSync(values.output, { recursive: true });
  const started = Date.now();
  const server = await (values.peer ? startUpstream() : startOurs());
  // The real servers wait for nothing.
  const lists = values.peer ? { ...committed, later: new Map<string, string>() } : committed;
  console.log(`${tests.length} tests against ${server.url}, see ${values.output} and ${OURS_LOG}`);
  try {
    await makeBareNodes(server);
    const results = await runAll(server, tests, lists, values);
    writeReport(values.output, results);
    console.log(`\n${((Date.now() - started) / 1000).toFixed(0)} s`);
    return conclude(results);
  } finally {
    await server.stop();
  }
}

if (import.meta.main) {
  try {
    process.exitCode = (await main()) ? 0 : 1;
  } catch (error) {
    console.error(`conformance: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
