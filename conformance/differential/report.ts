/** Differences as people read them: by case, or sorted by likely cause. */

import type { Difference } from "./compare.ts";
import type { Json } from "./json.ts";

export interface CaseResult {
  readonly file: string;
  readonly name: string;
  readonly requests: number;
  readonly differences: readonly Difference[];
  readonly allowed: number;
}

const SHOWN_PER_STEP = 12;
const SHOWN_LENGTH = 400;

function shown(value: Json | undefined, full: boolean): string {
  if (value === undefined) return "(absent)";
  const text = JSON.stringify(value);
  return full || text.length <= SHOWN_LENGTH ? text : `${text.slice(0, SHOWN_LENGTH)}… (${text.length})`;
}

export function caseReport(result: CaseResult, options: { full: boolean; limit: number }): string {
  const lines = [`✗ ${result.file}: ${result.name}`];
  let step = -1;
  let inStep = 0;
  for (const difference of result.differences.slice(0, options.limit)) {
    if (difference.step !== step) {
      step = difference.step;
      inStep = 0;
      lines.push(`  step ${step}  ${difference.label}`);
    }
    inStep++;
    if (!options.full && inStep > SHOWN_PER_STEP) {
      if (inStep === SHOWN_PER_STEP + 1) lines.push("    …");
      continue;
    }
    lines.push(`    ${difference.at}`);
    lines.push(
      `      - ${shown(difference.peer, options.full)}`,
      `      + ${shown(difference.ours, options.full)}`,
    );
  }
  const hidden = result.differences.length - options.limit;
  if (hidden > 0) lines.push(`  … and ${hidden} more`);
  return lines.join("\n");
}

/** A text without what belongs to one case: names in quotes and numbers. */
function template(text: string): string[] {
  return text
    .replace(/"(?:[^"\\]|\\.)*"/g, '"…"')
    .replace(/\d+/g, "N")
    .split(" ");
}

const SHOWN_WORDS = 12;

/** The words that two texts do not share, between those that they do. */
function wordsThatDiffer(peer: string, ours: string): string {
  const [left, right] = [template(peer), template(ours)];
  let first = 0;
  while (first < left.length && left[first] === right[first]) first++;
  let last = 0;
  const most = Math.min(left.length, right.length) - first;
  while (last < most && left.at(-1 - last) === right.at(-1 - last)) last++;
  const middle = (words: string[]) =>
    words
      .slice(first, words.length - last)
      .slice(0, SHOWN_WORDS)
      .join(" ");
  const [theirs, own] = [middle(left), middle(right)];
  return theirs === own ? "a name or number differs" : `"${theirs}" → "${own}"`;
}

/** Two differences with the same cause text are most likely one fault. */
function causeOf(difference: Difference): string {
  const at = difference.at.replace(/\/\d+(?=\/|$)/g, "/*").replace(/\[[^\]]*\]/g, "[*]");
  if (difference.at === "status")
    return `status ${shown(difference.peer, true)} → ${shown(difference.ours, true)}`;
  if (difference.peer === undefined) return `${at}: ours only`;
  if (difference.ours === undefined) return `${at}: peer only`;
  const { peer, ours } = difference;
  if (typeof peer !== typeof ours) return `${at}: another type`;
  const isText = typeof peer === "string" && typeof ours === "string" && peer.includes(" ");
  return isText ? `${at}: ${wordsThatDiffer(peer, ours)}` : `${at}: differs`;
}

/** The differences by cause, most frequent first, with one example each. Follow-ups of a first wrong status are left out. */
export function causesReport(results: readonly CaseResult[], limit = Number.POSITIVE_INFINITY): string {
  const causes = new Map<string, { count: number; cases: Set<string>; example: string }>();
  for (const result of results) {
    const wrongStatus = result.differences.find((difference) => difference.at === "status");
    for (const difference of result.differences) {
      if (wrongStatus !== undefined && difference.step > wrongStatus.step) continue;
      if (wrongStatus !== undefined && difference.step === wrongStatus.step && difference !== wrongStatus)
        continue;
      const cause = causeOf(difference);
      const example = `${result.name}, step ${difference.step} ${difference.label}\n      - ${shown(difference.peer, false)}\n      + ${shown(difference.ours, false)}`;
      const known = causes.get(cause) ?? { count: 0, cases: new Set(), example };
      known.count++;
      known.cases.add(result.name);
      causes.set(cause, known);
    }
  }
  return [...causes]
    .sort(([, a], [, b]) => b.cases.size - a.cases.size || b.count - a.count)
    .slice(0, limit)
    .map(
      ([cause, { count, cases, example }]) => `${cases.size} cases, ${count} times: ${cause}\n    ${example}`,
    )
    .join("\n");
}

/** The most frequent causes of each file. */
export function causesByFile(results: readonly CaseResult[], limit: number): string {
  const files = Map.groupBy(
    results.filter((result) => result.differences.length > 0),
    (result) => result.file,
  );
  return [...files].map(([file, cases]) => `### ${file}\n${causesReport(cases, limit)}`).join("\n\n");
}

/** How many cases of each file pass. */
export function filesReport(results: readonly CaseResult[]): string {
  const files = Map.groupBy(results, (result) => result.file);
  return [...files]
    .map(([file, cases]) => {
      const passed = cases.filter((result) => result.differences.length === 0).length;
      return `${file.padEnd(32)} ${passed} of ${cases.length} pass`;
    })
    .join("\n");
}
