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
