/**
 * Sets of field paths, held as the fieldsV1 JSON that stores them: no parsing, no printing.
 *
 *     { "f:metadata": { "f:labels": { ".": {}, "f:app": {} } } }
 *
 * An empty object below the root is a path that is in the set and has nothing below it; "." says that a path which
 * has something below it is in the set itself. Keys are in canonical order at every level. Sets are never changed.
 * Source: structured-merge-diff/v6/fieldpath/set.go, serialize.go.
 */
import { compareElements } from "./path-element.ts";

export interface FieldSet {
  readonly [element: string]: FieldSet;
}

export type FieldSetBuilder = { [element: string]: FieldSet };

export const emptySet: FieldSet = Object.freeze({});
/** A path in the set with nothing below it. */
export const leaf: FieldSet = emptySet;

export function isEmpty(node: FieldSet): boolean {
  for (const _ in node) return false;
  return true;
}

/** Whether the path that leads to a node is in the set itself. */
export function isMember(node: FieldSet): boolean {
  return node["."] !== undefined || isEmpty(node);
}

export function hasChildren(node: FieldSet): boolean {
  for (const element in node) if (element !== ".") return true;
  return false;
}

/** The node for a path that is in the set, and what is below it. */
export function withSelf(node: FieldSet | undefined): FieldSet {
  if (node === undefined) return leaf;
  return isMember(node) ? node : { ".": leaf, ...node };
}

/** Brings the elements of a new node into canonical order. */
export function sorted(node: FieldSetBuilder): FieldSet {
  let previous: string | undefined;
  for (const element in node) {
    if (previous !== undefined && compareElements(previous, element) > 0) return reordered(node);
    previous = element;
  }
  return node;
}

function reordered(node: FieldSet): FieldSet {
  const result: FieldSetBuilder = {};
  for (const element of Object.keys(node).sort(compareElements)) result[element] = node[element]!;
  return result;
}

/** Paths that are in one of the sets. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmpty(b)) return a;
  if (isEmpty(a)) return b;
  return unionNodes(a, b);
}

/** Paths that are in any of the sets: by halves, so that no set is copied as often as there are sets. */
export function unionOf(sets: readonly FieldSet[]): FieldSet {
  if (sets.length < 2) return sets[0] ?? emptySet;
  const middle = sets.length >> 1;
  return union(unionOf(sets.slice(0, middle)), unionOf(sets.slice(middle)));
}

function unionNodes(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b) return a;
  if (isEmpty(a)) return withSelf(b);
  if (isEmpty(b)) return withSelf(a);
  let result: FieldSetBuilder | undefined;
  let added = false;
  for (const element in b) {
    const mine = a[element];
    const both = mine === undefined ? b[element]! : unionNodes(mine, b[element]!);
    if (both === mine) continue;
    result ??= { ...a };
    result[element] = both;
    added ||= mine === undefined;
  }
  if (result === undefined) return a;
  return added ? sorted(result) : result;
}

/** Paths of a that are not in b; what is below a path counts on its own. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return subtract(a, b, false);
}

/** Paths of a that are neither in b nor below one that is. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  return subtract(a, b, true);
}

function subtract(a: FieldSet, b: FieldSet, recursive: boolean): FieldSet {
  let result: FieldSetBuilder | undefined;
  for (const element in a) {
    const mine = a[element]!;
    const theirs = b[element];
    const rest = theirs === undefined || element === "." ? mine : subtractNode(mine, theirs, recursive);
    if (rest !== mine) result ??= before(a, element);
    if (rest !== undefined && result !== undefined) result[element] = rest;
  }
  return result ?? a;
}

/** The elements in front of one. */
function before(node: FieldSet, end: string): FieldSetBuilder {
  const result: FieldSetBuilder = {};
  for (const element in node) {
    if (element === end) break;
    result[element] = node[element]!;
  }
  return result;
}

function subtractNode(a: FieldSet, b: FieldSet, recursive: boolean): FieldSet | undefined {
  const covered = isMember(b);
  if (covered && recursive) return undefined;
  const member = isMember(a) && !covered;
  const children = subtract(a, b, recursive);
  if (!hasChildren(children)) return member ? leaf : undefined;
  if (member === (children["."] !== undefined)) return children;
  const { ".": _, ...rest } = children;
  return member ? { ".": leaf, ...rest } : rest;
}

/** Whether all paths of a are in b. */
export function isSubset(a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true;
  for (const element in a) {
    if (element === ".") continue;
    const mine = a[element]!;
    const theirs = b[element];
    if (theirs === undefined || (isMember(mine) && !isMember(theirs)) || !isSubset(mine, theirs))
      return false;
  }
  return true;
}

/** Paths that are in both sets. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const result: FieldSetBuilder = {};
  for (const element in a) {
    const theirs = b[element];
    if (theirs === undefined || element === ".") continue;
    const mine = a[element]!;
    const member = isMember(mine) && isMember(theirs);
    const children = intersection(mine, theirs);
    if (!isEmpty(children)) result[element] = member ? { ".": leaf, ...children } : children;
    else if (member) result[element] = leaf;
  }
  return result;
}

export function hasPath(set: FieldSet, path: readonly string[]): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) {
    node = node[element];
    if (node === undefined) return false;
  }
  return path.length > 0 && isMember(node);
}

/** The set with one path. */
export function singlePath(path: readonly string[]): FieldSet {
  return path.reduceRight<FieldSet>((node, element) => ({ [element]: node }), leaf);
}

/** All paths: those of a level first, then what is below them. */
export function* paths(set: FieldSet, prefix: readonly string[] = []): Generator<readonly string[]> {
  for (const element in set) {
    if (element !== "." && isMember(set[element]!)) yield [...prefix, element];
  }
  for (const element in set) {
    if (element !== "." && !isEmpty(set[element]!)) yield* paths(set[element]!, [...prefix, element]);
  }
}
