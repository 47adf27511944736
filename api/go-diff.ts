/**
 * The unified diff that upstream puts into a few error texts ("spec is immutable after creation …"), line for line.
 * Source: k8s.io/apimachinery/pkg/util/diff.Diff, which pretty-prints both values as JSON and compares the lines with
 * github.com/pmezard/go-difflib (Python's difflib).
 */
import { goPrettyJson } from "./go-value.ts";
import type { JsonValue } from "./object.ts";

/** diff.Diff of two values that are in the form in which Go prints them (see go-value.ts). */
export function goDiff(before: JsonValue, after: JsonValue): string {
  return unifiedDiff(goPrettyJson(before), goPrettyJson(after));
}

const context = 3;

type Tag = "equal" | "replace" | "delete" | "insert";

/** Lines [i1, i2) of the first text against [j1, j2) of the second. */
interface Change {
  tag: Tag;
  i1: number;
  i2: number;
  j1: number;
  j2: number;
}

interface Match {
  i: number;
  j: number;
  size: number;
}

/** difflib.GetUnifiedDiffString without file names. */
export function unifiedDiff(before: string, after: string): string {
  const a = before.split("\n");
  const b = after.split("\n");
  let out = "";
  for (const group of groupChanges(changes(a, b))) {
    const first = group[0]!;
    const last = group[group.length - 1]!;
    out += `@@ -${range(first.i1, last.i2)} +${range(first.j1, last.j2)} @@\n`;
    for (const { tag, i1, i2, j1, j2 } of group) {
      if (tag === "equal") for (const line of a.slice(i1, i2)) out += ` ${line}\n`;
      if (tag === "replace" || tag === "delete") for (const line of a.slice(i1, i2)) out += `-${line}\n`;
      if (tag === "replace" || tag === "insert") for (const line of b.slice(j1, j2)) out += `+${line}\n`;
    }
  }
  return out;
}

function range(start: number, stop: number): string {
  const length = stop - start;
  if (length === 1) return String(start + 1);
  // An empty range is named by the line before it.
  return `${length === 0 ? start : start + 1},${length}`;
}

/** Cuts long runs of equal lines down to their context and starts a new group after each. */
function groupChanges(all: Change[]): Change[][] {
  if (all.length === 0) return [];
  const first = all[0]!;
  if (first.tag === "equal") {
    first.i1 = Math.max(first.i1, first.i2 - context);
    first.j1 = Math.max(first.j1, first.j2 - context);
  }
  const last = all[all.length - 1]!;
  if (last.tag === "equal") {
    last.i2 = Math.min(last.i2, last.i1 + context);
    last.j2 = Math.min(last.j2, last.j1 + context);
  }
  const groups: Change[][] = [];
  let group: Change[] = [];
  for (const { tag, i1, i2, j1, j2 } of all) {
    if (tag === "equal" && i2 - i1 > 2 * context) {
      group.push({ tag, i1, i2: Math.min(i2, i1 + context), j1, j2: Math.min(j2, j1 + context) });
      groups.push(group);
      group = [{ tag, i1: Math.max(i1, i2 - context), i2, j1: Math.max(j1, j2 - context), j2 }];
    } else group.push({ tag, i1, i2, j1, j2 });
  }
  if (group.length > 0 && !(group.length === 1 && group[0]!.tag === "equal")) groups.push(group);
  return groups;
}

function changes(a: readonly string[], b: readonly string[]): Change[] {
  const out: Change[] = [];
  let i = 0;
  let j = 0;
  for (const match of [...matchingBlocks(a, b), { i: a.length, j: b.length, size: 0 }]) {
    const tag = i < match.i ? (j < match.j ? "replace" : "delete") : j < match.j ? "insert" : undefined;
    if (tag) out.push({ tag, i1: i, i2: match.i, j1: j, j2: match.j });
    i = match.i + match.size;
    j = match.j + match.size;
    if (match.size > 0) out.push({ tag: "equal", i1: match.i, i2: i, j1: match.j, j2: j });
  }
  return out;
}

/** Where each line of b stands; lines that are too common to be a landmark are left out of long texts. */
function indexLines(b: readonly string[]): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (let j = 0; j < b.length; j++) {
    const places = index.get(b[j]!);
    if (places) places.push(j);
    else index.set(b[j]!, [j]);
  }
  if (b.length < 200) return index;
  const common = Math.floor(b.length / 100) + 1;
  for (const [line, places] of index) if (places.length > common) index.delete(line);
  return index;
}

function matchingBlocks(a: readonly string[], b: readonly string[]): Match[] {
  const index = indexLines(b);
  const found: Match[] = [];
  const pending: [number, number, number, number][] = [[0, a.length, 0, b.length]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [aLow, aHigh, bLow, bHigh] = next;
    const match = longestMatch(a, b, index, aLow, aHigh, bLow, bHigh);
    if (match.size === 0) continue;
    found.push(match);
    if (aLow < match.i && bLow < match.j) pending.push([aLow, match.i, bLow, match.j]);
    const i = match.i + match.size;
    const j = match.j + match.size;
    if (i < aHigh && j < bHigh) pending.push([i, aHigh, j, bHigh]);
  }
  found.sort((x, y) => x.i - y.i);
  return joinAdjacent(found);
}

function joinAdjacent(matches: readonly Match[]): Match[] {
  const out: Match[] = [];
  for (const match of matches) {
    const last = out[out.length - 1];
    if (last && last.i + last.size === match.i && last.j + last.size === match.j) last.size += match.size;
    else out.push({ ...match });
  }
  return out;
}

function longestMatch(
  a: readonly string[],
  b: readonly string[],
  index: ReadonlyMap<string, readonly number[]>,
  aLow: number,
  aHigh: number,
  bLow: number,
  bHigh: number,
): Match {
  let best: Match = { i: aLow, j: bLow, size: 0 };
  let lengths = new Map<number, number>();
  for (let i = aLow; i < aHigh; i++) {
    const next = new Map<number, number>();
    for (const j of index.get(a[i]!) ?? []) {
      if (j < bLow) continue;
      if (j >= bHigh) break;
      const size = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { i: i - size + 1, j: j - size + 1, size };
    }
    lengths = next;
  }
  // Common lines are not in the index: take them in where they adjoin.
  let { i, j, size } = best;
  while (i > aLow && j > bLow && a[i - 1] === b[j - 1]) {
    i--;
    j--;
    size++;
  }
  while (i + size < aHigh && j + size < bHigh && a[i + size] === b[j + size]) size++;
  return { i, j, size };
}
