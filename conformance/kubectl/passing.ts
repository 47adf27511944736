/** Takes out of kubectl's output what is as it happens to be. */

import type { NormalStep } from "../differential/normalize.ts";

/** Names of temporary files, times of another form (also of kubectl's own log), versions in descriptions. */
const PASSING: readonly (readonly [RegExp, string])[] = [
  [/\b([EIW])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ /g, "$1<time> "],
  [/\b(LIVE|MERGED|kubectl-edit)-\d+/g, "$1"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)? [+-]\d{4}/g, "<time>"],
  [/\b\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}/g, "<time>"],
  [/(Resource Version: +|resourceVersion:|resource version to be \d+, was )\d+/g, "$1<rv>"],
];

const AGE = /(?<![\w.-])(?:\d+m)?\d{1,3}s(?![\w-])/g;

/** Folders, files and programs that belong to one run. */
export function withoutPassing(body: Uint8Array, places: readonly string[]): Uint8Array {
  let text = Buffer.from(body).toString("utf8");
  for (const [pattern, replacement] of PASSING) text = text.replace(pattern, replacement);
  for (const place of places) text = text.replaceAll(place, "<place>");
  return Buffer.from(text);
}

/** Ages and durations of up to some minutes. */
export function withoutAges(step: NormalStep): NormalStep {
  return { ...step, body: JSON.parse(JSON.stringify(step.body).replace(AGE, "<age>")) as NormalStep["body"] };
}
