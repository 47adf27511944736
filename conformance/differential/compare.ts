/** Where two normalized transcripts differ. */

import { isObject, type Json, type JsonObject } from "./json.ts";
import type { NormalStep } from "./normalize.ts";

export interface Difference {
  /** Number of the step, from 1. */
  readonly step: number;
  readonly label: string;
  /** "status", "header warning", "body /metadata/name" or "script". */
  readonly at: string;
  readonly peer: Json | undefined;
  readonly ours: Json | undefined;
}

type Found = (at: string, peer: Json | undefined, ours: Json | undefined) => void;

export function compareTranscripts(peer: readonly NormalStep[], ours: readonly NormalStep[]): Difference[] {
  const differences: Difference[] = [];
  const length = Math.max(peer.length, ours.length);
  for (let index = 0; index < length; index++) {
    const left = peer[index];
    const right = ours[index];
    const label = left?.label ?? right?.label ?? "";
    const found: Found = (at, a, b) => differences.push({ step: index + 1, label, at, peer: a, ours: b });
    if (left === undefined || right === undefined) {
      found("script", left?.label, right?.label);
      return differences;
    }
    // A path or query that differs was computed from an earlier answer that differs.
    if (left.label !== right.label) found("script", left.label, right.label);
    if (left.status !== right.status) found("status", left.status, right.status);
    for (const name of new Set([...Object.keys(left.headers), ...Object.keys(right.headers)])) {
      const [a, b] = [left.headers[name], right.headers[name]];
      if (a !== b) found(`header ${name}`, a, b);
    }
    compareValues(left.body, right.body, "body", found);
  }
  return differences;
}

function compareValues(peer: Json | undefined, ours: Json | undefined, at: string, found: Found): void {
  if (isObject(peer) && isObject(ours)) compareObjects(peer, ours, at, found);
  else if (Array.isArray(peer) && Array.isArray(ours)) compareLists(peer, ours, at, found);
  else if (peer !== ours) found(at, peer, ours);
}

function compareObjects(peer: JsonObject, ours: JsonObject, at: string, found: Found): void {
  for (const key of new Set([...Object.keys(peer), ...Object.keys(ours)])) {
    const below = `${at}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    compareValues(
      Object.hasOwn(peer, key) ? peer[key] : undefined,
      Object.hasOwn(ours, key) ? ours[key] : undefined,
      below,
      found,
    );
  }
}

/** The name by which people know a list's item. */
function itemKey(item: Json): string | undefined {
  if (!isObject(item)) return typeof item === "string" ? item : undefined;
  const { metadata } = item;
  if (isObject(metadata)) return `${String(metadata["namespace"])}/${String(metadata["name"])}`;
  const name = item["name"] ?? item["groupVersion"] ?? item["type"];
  return typeof name === "string" ? name : undefined;
}

function compareLists(peer: Json[], ours: Json[], at: string, found: Found): void {
  if (areLines(peer) && areLines(ours)) {
    compareLines(peer, ours, at, found);
    return;
  }
  const peerKeys = peer.map(itemKey);
  const ourKeys = ours.map(itemKey);
  const keyed = [...peerKeys, ...ourKeys].every((key) => key !== undefined);
  const distinct = new Set(peerKeys).size === peer.length && new Set(ourKeys).size === ours.length;
  if (peer.length === ours.length || !keyed || !distinct) {
    for (let index = 0; index < Math.max(peer.length, ours.length); index++) {
      compareValues(peer[index], ours[index], `${at}/${index}`, found);
    }
    return;
  }
  // Lists of different lengths are compared by name, so that one missing item is one difference.
  for (const key of new Set([...peerKeys, ...ourKeys])) {
    const [a, b] = [peer[peerKeys.indexOf(key)], ours[ourKeys.indexOf(key)]];
    compareValues(a, b, `${at}/[${key}]`, found);
  }
}

function areLines(list: Json[]): list is string[] {
  return list.every((item) => typeof item === "string");
}

/** Texts are compared as diff does, so that one line more is one difference. */
function compareLines(peer: string[], ours: string[], at: string, found: Found): void {
  let first = 0;
  while (first < peer.length && first < ours.length && peer[first] === ours[first]) first++;
  let [peerEnd, ourEnd] = [peer.length, ours.length];
  while (peerEnd > first && ourEnd > first && peer[peerEnd - 1] === ours[ourEnd - 1]) {
    peerEnd--;
    ourEnd--;
  }
  const [left, right] = [peer.slice(first, peerEnd), ours.slice(first, ourEnd)];
  const common = commonLengths(left, right);
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    const place = `${at}/${first + i}`;
    if (i < left.length && j < right.length && left[i] === right[j]) {
      i++;
      j++;
    } else if (j < right.length && i < left.length && common[i + 1]?.[j + 1] === common[i]?.[j]) {
      found(place, left[i++], right[j++]);
    } else if (i < left.length && common[i + 1]?.[j] === common[i]?.[j]) found(place, left[i++], undefined);
    else found(place, undefined, right[j++]);
  }
}

/** common[i][j]: how many lines left from i and right from j have in common, in order. */
function commonLengths(left: readonly string[], right: readonly string[]): Uint16Array[] {
  const common = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const [here, below] = [common[i], common[i + 1]];
      if (here === undefined || below === undefined) continue;
      here[j] = left[i] === right[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, here[j + 1] ?? 0);
    }
  }
  return common;
}
