import { stringifyJson } from "../../api/json.ts";
import type { KubeObject, ObjectMeta } from "../../api/object.ts";
import type { Entry, Value } from "../storage/contract.ts";

const encoder = new TextEncoder();
const placeholder = Buffer.from('"resourceVersion":""');

/** As Go writes ObjectMeta; before resourceVersion there are strings only, so that its place is found fast. */
const metaOrder = [
  "name",
  "generateName",
  "namespace",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "labels",
  "annotations",
  "ownerReferences",
  "finalizers",
  "managedFields",
] as const satisfies readonly (keyof ObjectMeta)[];

export function orderedMeta(meta: ObjectMeta, resourceVersion: string): ObjectMeta {
  const source: ObjectMeta = { ...meta, resourceVersion };
  const ordered: Record<string, unknown> = {};
  for (const field of metaOrder) if (source[field] !== undefined) ordered[field] = source[field];
  return ordered;
}

/** The bytes of a hub object as they are stored, with the place where the store inserts the revision. */
export function encodeStored(object: KubeObject, apiVersion: string, kind: string): Value {
  const { apiVersion: _v, kind: _k, metadata, ...rest } = object;
  const text = stringifyJson({ kind, apiVersion, metadata: orderedMeta(metadata, ""), ...rest });
  const bytes = Buffer.from(encoder.encode(text).buffer);
  // Only strings stand before it, and quotes inside strings are escaped: the first match is the field.
  return { bytes, revisionAt: bytes.indexOf(placeholder) + placeholder.length - 1 };
}

/** `{"kind":"Pod","apiVersion":"v1",`: every stored object of a type begins with it. */
export function typeMetaPrefix(apiVersion: string, kind: string): string {
  return `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},`;
}

/** Freezes a decoded tree, so that nobody changes what others read. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const key in value) deepFreeze(value[key]);
  return value;
}

const versionField = Buffer.from('"resourceVersion":"');

/** The entry's object as of another revision: what a watcher gets when an update takes it out of a selection. */
export function atRevision({ key, bytes }: Entry, revision: number): Entry {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = buffer.indexOf(versionField) + versionField.length;
  const end = buffer.indexOf('"', start);
  const changed = Buffer.concat([
    buffer.subarray(0, start),
    Buffer.from(String(revision)),
    buffer.subarray(end),
  ]);
  return { key, bytes: changed, revision };
}
