/** In which company tests run: those that only wait beside the others, Serial ones alone. */

import type { Lists } from "./lists.ts";

export interface Group {
  readonly name: string;
  readonly tests: readonly string[];
  readonly procs: number;
  /** Seconds after which the tests that still run have failed; the others get a new round. */
  readonly limit: number;
}

/** Groups of a step run at the same time. */
export type Step = readonly Group[];

const MINUTE = 60;
/** Longer than the longest test, which waits for five minutes. */
export const LIMIT = 10 * MINUTE;
/** Of tests that are known not to pass: some would wait for a quarter of an hour. */
const LATER_LIMIT = MINUTE;

const isSerial = (test: string) => /\[(Serial|Disruptive)\]/.test(test);
const isSlow = (test: string) => test.includes("[Slow]");

export function planOf(tests: readonly string[], { later }: Lists, procs: number): Step[] {
  const groups = { parallel: [], slow: [], later: [], serial: [], "serial later": [] } as Record<
    string,
    string[]
  >;
  for (const test of tests) {
    const name = later.has(test) ? "later" : isSlow(test) ? "slow" : "parallel";
    const alone = later.has(test) ? "serial later" : "serial";
    groups[isSerial(test) ? alone : name]!.push(test);
  }
  const group = (name: string, its: { procs: number; limit: number }): Group[] =>
    groups[name]!.length === 0 ? [] : [{ name, tests: groups[name]!, ...its }];
  const steps = [
    [
      ...group("parallel", { procs, limit: LIMIT }),
      ...group("slow", { procs: groups["slow"]!.length, limit: LIMIT }),
      ...group("later", { procs, limit: LATER_LIMIT }),
    ],
    group("serial", { procs: 1, limit: LIMIT }),
    group("serial later", { procs: 1, limit: LATER_LIMIT }),
  ];
  return steps.filter((step) => step.length > 0);
}
