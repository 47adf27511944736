import { crc32 } from "node:zlib";
import { type Change, Version } from "../version.ts";

/**
 * How a change is kept: one LevelDB record under its revision, written once and never overwritten.
 *
 *   key    1, revision (8 bytes, big-endian)
 *   value  crc32 of the key and all that follows (4), type (1), where the revision stands in the bytes (4, signed),
 *          when it expires (8, float), revision that it replaces (8, float; 0: none), length of the store's key (4),
 *          the store's key, the bytes (a deletion has none: they follow from what it deletes)
 *
 * Numbers in values are little-endian.
 */
const recordPrefix = 1;
const headerLength = 29;
const types = ["create", "update", "delete"] as const;

/** Sorts behind all records, so that rewriting it with each commit does not make LevelDB merge its whole range. */
export const metaKey = Buffer.from([2]);

/** A record as it was read. */
export interface StoredRecord {
  readonly type: Change["type"];
  readonly key: string;
  readonly revision: number;
  /** Revision of the version that it replaces; 0: none. */
  readonly replaces: number;
  readonly revisionAt: number;
  readonly expiresAt: number;
  readonly bytes: Buffer;
  readonly checksum: number;
  /** The whole value that LevelDB keeps. */
  readonly stored: Buffer;
}

export function recordKey(revision: number): Buffer {
  const key = Buffer.allocUnsafe(9);
  key[0] = recordPrefix;
  key.writeBigUInt64BE(BigInt(revision), 1);
  return key;
}

/** The revision in a record's key; undefined for any other key. */
export function revisionOf(key: Buffer): number | undefined {
  if (key.length !== 9 || key[0] !== recordPrefix) return undefined;
  return key.readUInt32BE(1) * 2 ** 32 + key.readUInt32BE(5);
}

export function encodeRecord(key: Uint8Array, change: Change): { value: Buffer; checksum: number } {
  const { entry } = change;
  const bytes = change.type === "delete" ? Buffer.alloc(0) : entry.bytes;
  const keyLength = Buffer.byteLength(entry.key);
  const value = Buffer.allocUnsafe(headerLength + keyLength + bytes.length);
  value[4] = types.indexOf(change.type);
  value.writeInt32LE(entry.revisionAt, 5);
  value.writeDoubleLE(entry.expiresAt, 9);
  value.writeDoubleLE(change.previous?.revision ?? 0, 17);
  value.writeUInt32LE(keyLength, 25);
  value.write(entry.key, headerLength);
  value.set(bytes, headerLength + keyLength);
  const checksum = checksumOf(key, value);
  value.writeInt32LE(checksum, 0);
  return { value, checksum };
}

/** Undefined if the record is not what was written. */
export function decodeRecord(key: Buffer, value: Buffer): StoredRecord | undefined {
  const revision = revisionOf(key);
  if (revision === undefined || value.length < headerLength) return undefined;
  const checksum = value.readInt32LE(0);
  if (checksum !== checksumOf(key, value)) return undefined;
  const keyLength = value.readUInt32LE(25);
  return {
    type: types[value[4] as number] ?? "create",
    key: value.toString("utf8", headerLength, headerLength + keyLength),
    revision,
    replaces: value.readDoubleLE(17),
    revisionAt: value.readInt32LE(5),
    expiresAt: value.readDoubleLE(9),
    bytes: value.subarray(headerLength + keyLength),
    checksum,
    stored: value,
  };
}

/** The version that a record holds. Its bytes stay in the record's own buffer: that pins only the header and the key. */
export function versionOf(record: StoredRecord): Version {
  const version = new Version(record.key, record.bytes, record.revision, record.revisionAt, record.expiresAt);
  version.checksum = record.checksum;
  return version;
}

/** Signed, because V8 keeps those without a box. */
function checksumOf(key: Uint8Array, value: Buffer): number {
  return crc32(value.subarray(4), crc32(key)) | 0;
}

/**
 * What a whole store must add up to: written with every commit, inside LevelDB and beside it (see HeadFile). The sums
 * over the records' checksums, which do not depend on their order, tell of any record that is missing or too many.
 */
export interface Meta {
  /** Grows with every commit and every opening. */
  sequence: number;
  revision: number;
  compacted: number;
  /** Number of records. */
  records: number;
  xor: number;
  sum: number;
}

export const metaLength = 48;
const metaMagic = 0x6b66_6301;

export function encodeMeta(meta: Meta): Buffer {
  const bytes = Buffer.alloc(metaLength);
  bytes.writeUInt32LE(metaMagic, 4);
  bytes.writeDoubleLE(meta.sequence, 8);
  bytes.writeDoubleLE(meta.revision, 16);
  bytes.writeDoubleLE(meta.compacted, 24);
  bytes.writeDoubleLE(meta.records, 32);
  bytes.writeInt32LE(meta.xor, 40);
  bytes.writeInt32LE(meta.sum, 44);
  bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
  return bytes;
}

export function decodeMeta(bytes: Buffer): Meta | undefined {
  if (bytes.length !== metaLength || bytes.readUInt32LE(4) !== metaMagic) return undefined;
  if (bytes.readUInt32LE(0) !== crc32(bytes.subarray(4))) return undefined;
  return {
    sequence: bytes.readDoubleLE(8),
    revision: bytes.readDoubleLE(16),
    compacted: bytes.readDoubleLE(24),
    records: bytes.readDoubleLE(32),
    xor: bytes.readInt32LE(40),
    sum: bytes.readInt32LE(44),
  };
}

/** Takes a record into the sums, or (count -1) out of them. */
export function addToMeta(meta: Meta, revision: number, checksum: number, count: 1 | -1): void {
  // The revision is stirred in, so that two records with equal checksums do not cancel out.
  const mixed = Math.imul(checksum ^ Math.imul(revision, 0x9e3779b1), 0x85ebca6b);
  meta.records += count;
  meta.xor ^= checksum;
  meta.sum = (meta.sum + count * mixed) | 0;
}

export function sameRecords(a: Meta, b: Meta): boolean {
  return a.records === b.records && a.xor === b.xor && a.sum === b.sum;
}
