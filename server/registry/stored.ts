import { managedFieldsText } from "../../api/apply/managed-fields-text.ts";
import { parseJson, stringifyJson } from "../../api/json.ts";
import type { KubeObject, ObjectMeta } from "../../api/object.ts";
import { storedForm } from "../../api/schema/forms.ts";
import type { Entry, Value } from "../storage/contract.ts";
import type { ResourceType } from "./resource-type.ts";

type StoredType = Pick<ResourceType, "hubKind" | "hubApiVersion" | "hubStruct">;

/** As Go writes ObjectMeta. */
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

function orderedMeta(meta: ObjectMeta): ObjectMeta {
  const source = meta as Record<string, unknown>;
  const ordered: Record<string, unknown> = {};
  for (const field of metaOrder) if (source[field] !== undefined) ordered[field] = source[field];
  return ordered;
}

/** A hub object as reading it gives it, but with an empty resourceVersion. What it is given is changed and shared. */
export function storedObject(type: StoredType, object: KubeObject): KubeObject {
  object.metadata.resourceVersion = "";
  object.kind = type.hubKind;
  object.apiVersion = type.hubApiVersion;
  if (type.hubStruct) return storedForm(type.hubStruct, object);
  const { apiVersion, kind, metadata, ...rest } = object;
  return { kind, apiVersion, metadata: orderedMeta(metadata), ...rest };
}

/** The JSON of a storedObject. */
export function storedText(object: KubeObject): string {
  const { kind, apiVersion, metadata, ...rest } = object;
  const { managedFields, ...meta } = metadata;
  if (managedFields === undefined) return stringifyJson(object);
  const text = `${stringifyJson(meta).slice(0, -1)},"managedFields":${managedFieldsText(managedFields)}}`;
  const others = stringifyJson(rest);
  const end = others === "{}" ? "}" : `,${others.slice(1)}`;
  return `${typeMetaPrefix(apiVersion!, kind!)}"metadata":${text}${end}`;
}

const placeholder = '"resourceVersion":""';

/** Longer texts get memory of their own. */
const sharedBytes = 64 << 10;

/**
 * Makes bytes of the JSON of a storedObject: always in the same memory, which is good until the next text, because
 * storage copies what it keeps and fresh memory takes longer to write than all the rest.
 */
export class StoredEncoder {
  #shared: Buffer | undefined;

  /** With the place where the store inserts the revision. */
  encode(text: string): Value {
    const bytes = this.#bytesOf(text);
    // Only strings stand before it, and quotes inside strings are escaped: the first match is the field.
    const at = text.indexOf(placeholder) + placeholder.length - 1;
    return { bytes, revisionAt: bytes.length === text.length ? at : Buffer.byteLength(text.slice(0, at)) };
  }

  #bytesOf(text: string): Buffer {
    // No unit of UTF-16 becomes more than three bytes.
    if (text.length * 3 > sharedBytes) return Buffer.from(text);
    this.#shared ??= Buffer.allocUnsafeSlow(sharedBytes);
    return this.#shared.subarray(0, this.#shared.write(text));
  }
}

/** Whether an entry keeps a value: all but the revision is the same. */
export function isKept({ bytes, revisionAt }: Value, entry: Entry): boolean {
  const digits = String(entry.revision).length;
  return (
    entry.bytes.length === bytes.length + digits &&
    Buffer.compare(bytes.subarray(0, revisionAt), entry.bytes.subarray(0, revisionAt)) === 0 &&
    Buffer.compare(bytes.subarray(revisionAt), entry.bytes.subarray(revisionAt + digits)) === 0
  );
}

/** A fresh object, owned by the caller. What is stored repeats no key and holds no half characters. */
export function decodeStored(text: string): KubeObject {
  return hasLongNumber(text) ? (parseJson(text).value as unknown as KubeObject) : JSON.parse(text);
}

/** So many digits may be an integer that the native parser would round. */
const longNumber = 16;

/** Hot: of so many characters in a row it looks at one. */
function hasLongNumber(text: string): boolean {
  for (let at = longNumber - 1; at < text.length; at += longNumber) {
    if (!isDigit(text, at)) continue;
    let start = at;
    while (isDigit(text, start - 1)) start--;
    let end = at + 1;
    while (isDigit(text, end)) end++;
    if (end - start >= longNumber) return true;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

/** `{"kind":"Pod","apiVersion":"v1",`: every stored object of a type begins with it. */
export function typeMetaPrefix(apiVersion: string, kind: string): string {
  return `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},`;
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
