/** Runs tests of e2e.test by ginkgo, and reads what came of each. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { builtProgram } from "../upstream/build.ts";

export interface Outcome {
  readonly test: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** What ginkgo says of the failure, "" where it passed. */
  readonly message: string;
}

export interface GinkgoRun {
  /** Where its output and report go, made anew. */
  readonly folder: string;
  readonly kubeconfig: string;
  readonly tests: readonly string[];
  readonly procs: number;
  /** Seconds after which the tests that still run have failed. */
  readonly limit: number;
  /** Told when a test has ended. */
  onEnd(passed: boolean): void;
}

/** The part of ginkgo's JSON report that is read. Source: ginkgo/v2/types, SpecReport. */
interface SpecReport {
  readonly ContainerHierarchyTexts: readonly string[] | null;
  readonly LeafNodeText: string;
  readonly LeafNodeType: string;
  readonly State: string;
  /** Nanoseconds. */
  readonly RunTime: number;
  readonly Failure?: {
    readonly Message?: string;
    readonly Location?: { FileName?: string; LineNumber?: number };
  };
}

const MODULE_PATH = /^.*?@v[^/]+\//;

/**
 * Runs the tests together; those that had not begun when time was up are missing from the answer.
 * @throws Error where the suite itself fails
 */
export async function runGinkgo(run: GinkgoRun): Promise<Outcome[]> {
  rmSync(run.folder, { recursive: true, force: true });
  mkdirSync(run.folder, { recursive: true });
  const report = join(run.folder, "ginkgo.json");
  const child = spawn(program("ginkgo"), argumentsOf(run), { stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(join(run.folder, "ginkgo.log"));
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    for (const passed of endsIn(text)) run.onEnd(passed);
  });
  await once(child, "close");
  const [suite] = JSON.parse(readFileSync(report, "utf8")) as { SpecReports: SpecReport[] }[];
  // It tells of the thousands that were not asked for, too.
  rmSync(report);
  return outcomesOf(suite?.SpecReports ?? []);
}

function program(name: string): string {
  const path = builtProgram(name);
  if (path === undefined) throw new Error(`${name} is not built`);
  return path;
}

function argumentsOf({ folder, kubeconfig, tests, procs, limit }: GinkgoRun): string[] {
  const quoted = tests.map((test) => test.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&"));
  return [
    `--procs=${Math.min(procs, tests.length)}`,
    `--timeout=${limit}s`,
    "--grace-period=10s",
    "--no-color",
    "--silence-skips",
    "--json-report=ginkgo.json",
    `--output-dir=${folder}`,
    `--focus= (${quoted.join("|")})$`,
    program("e2e.test"),
    "--",
    `--kubeconfig=${kubeconfig}`,
    "--provider=skeleton",
    `--kubectl-path=${program("kubectl")}`,
    "--disable-log-dump",
    "--dump-logs-on-failure=false",
  ];
}

/** Ginkgo writes a • for each test that has passed, or "• [FAILED] [1.5 seconds]" and the like. */
export function endsIn(text: string): boolean[] {
  const bullets = text.matchAll(/•(?: \[([A-Z! ]+)\])?/g);
  return Array.from(bullets, ([, state]) => state === undefined || state === "SLOW TEST");
}

/** @throws Error where what stands before all tests has failed */
export function outcomesOf(reports: readonly SpecReport[]): Outcome[] {
  const outcomes: Outcome[] = [];
  for (const report of reports) {
    const passed = report.State === "passed";
    const message = passed ? "" : failureText(report);
    if (report.LeafNodeType === "It") {
      // One that was not asked for, or had not begun when time was up.
      if (report.State === "pending" || (report.State === "skipped" && report.RunTime === 0)) continue;
      const test = [...(report.ContainerHierarchyTexts ?? []), report.LeafNodeText].join(" ");
      outcomes.push({ test, passed, seconds: report.RunTime / 1e9, message });
    } else if (report.LeafNodeType === "SynchronizedBeforeSuite" && !passed) {
      throw new Error(`the suite could not begin: ${message}`);
    }
  }
  return outcomes;
}

function failureText({ State, Failure }: SpecReport): string {
  const { FileName = "", LineNumber } = Failure?.Location ?? {};
  const place = FileName === "" ? "" : ` at ${FileName.replace(MODULE_PATH, "")}:${LineNumber}`;
  return `${State}${place}\n${Failure?.Message ?? ""}`.trim();
}
