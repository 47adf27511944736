/** The record of a run: JSON for programs, JUnit for CI. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "./ginkgo.ts";

export interface Result extends Outcome {
  /** How often it was run. */
  readonly attempts: number;
  /** Why it is known not to pass yet. */
  readonly waitsFor?: string;
}

/** results.json and junit.xml in the folder. */
export function writeReport(folder: string, results: readonly Result[]): void {
  writeFileSync(join(folder, "results.json"), `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(join(folder, "junit.xml"), junit(results));
}

export function junit(results: readonly Result[]): string {
  const failures = results.filter((result) => !result.passed && result.waitsFor === undefined).length;
  const skipped = results.filter((result) => !result.passed && result.waitsFor !== undefined).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="conformance" tests="${results.length}" failures="${failures}" skipped="${skipped}">`,
    ...results.map(testCase),
    "</testsuite>\n",
  ].join("\n");
}

function testCase({ test, passed, seconds, message, waitsFor }: Result): string {
  const start = `<testcase classname="conformance" name=${quoted(test)} time="${seconds.toFixed(3)}"`;
  if (passed) return `${start}/>`;
  if (waitsFor !== undefined) return `${start}><skipped message=${quoted(waitsFor)}/></testcase>`;
  return `${start}><failure message=${quoted(message.split("\n", 1)[0]!)}>${escaped(message)}</failure></testcase>`;
}

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no form for them.
const NOT_IN_XML = /[\0-\x08\x0b\x0c\x0e-\x1f]/g;

const escaped = (text: string): string =>
  text.replace(NOT_IN_XML, "?").replace(/[&<>"]/g, (character) => ENTITIES[character]!);
const quoted = (text: string): string => `"${escaped(text).replaceAll("\n", "&#10;")}"`;
