import type { Entry, Value, WatchEvent } from "./contract.ts";

/** An entry with what the store itself must know of it. */
export class Version implements Entry {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly revision: number;
  /** Where in bytes the digits of revision stand; -1: nowhere. */
  readonly revisionAt: number;
  /** Milliseconds since the epoch at which the store deletes the key; 0: never. */
  readonly expiresAt: number;
  /** Of the record that keeps it, for a backend on disk. */
  checksum = 0;

  constructor(key: string, bytes: Uint8Array, revision: number, revisionAt: number, expiresAt: number) {
    this.key = key;
    this.bytes = bytes;
    this.revision = revision;
    this.revisionAt = revisionAt;
    this.expiresAt = expiresAt;
  }
}

/** One committed write; it is also the event that every watcher gets. */
export class Change implements WatchEvent {
  readonly type: WatchEvent["type"];
  readonly entry: Version;
  readonly previous: Version | undefined;
  readonly revision: number;

  constructor(type: WatchEvent["type"], entry: Version, previous: Version | undefined) {
    this.type = type;
    this.entry = entry;
    this.previous = previous;
    this.revision = entry.revision;
  }
}

/** The first bytes of a key at a revision. */
export function newVersion(key: string, value: Value, revision: number, expiresAt: number): Version {
  const bytes = withRevision(value.bytes, value.revisionAt, 0, revision);
  return new Version(key, bytes, revision, value.revisionAt, expiresAt);
}

/** The last state of a key, telling the revision of its deletion. */
export function deletedVersion(last: Version, revision: number): Version {
  const digits = last.revisionAt < 0 ? 0 : String(last.revision).length;
  const bytes = withRevision(last.bytes, last.revisionAt, digits, revision);
  return new Version(last.key, bytes, revision, last.revisionAt, 0);
}

/** A copy in memory of its own size (a slice would keep the whole buffer alive that it was cut from). */
function withRevision(source: Uint8Array, revisionAt: number, replace: number, revision: number): Uint8Array {
  const digits = revisionAt < 0 ? "" : String(revision);
  const bytes = Buffer.allocUnsafeSlow(source.length - replace + digits.length);
  if (revisionAt < 0) {
    bytes.set(source);
    return bytes;
  }
  bytes.set(source.subarray(0, revisionAt));
  bytes.write(digits, revisionAt, "latin1");
  bytes.set(source.subarray(revisionAt + replace), revisionAt + digits.length);
  return bytes;
}
