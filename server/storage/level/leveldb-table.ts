import { ByteReader } from "./byte-reader.ts";
import { maskedCrc32c } from "./crc32c.ts";
import type { Operation } from "./leveldb-log.ts";

/**
 * LevelDB's tables, read without LevelDB, which would not look at their checksums and end the process by an assertion
 * where a block makes no sense. Source: github.com/google/leveldb, doc/table_format.md and db/dbformat.h.
 */

/** A block that is not what was written. */
export interface TableDamage {
  readonly offset: number;
  readonly what: string;
}

interface BlockHandle {
  readonly offset: number;
  readonly size: number;
}

const footerLength = 48;
const magic = Buffer.from("57fb808b247547db", "hex");
const trailerLength = 5;
const tagLength = 8;

/**
 * The operations of a table. Damage is told, and what can still be found behind it is delivered: whether a find is
 * a record is for the record's own checksum to say.
 */
export function* readTable(
  bytes: Buffer,
  damaged: (damage: TableDamage) => void,
): Generator<Operation, void> {
  const index = indexOf(bytes);
  if (index === undefined) {
    damaged({ offset: Math.max(0, bytes.length - footerLength), what: "the index of a table is damaged" });
    yield* searchEntries(bytes);
    return;
  }
  for (const { offset, size } of index) {
    const block = bytes.subarray(offset, offset + size);
    if (isWhole(bytes, { offset, size })) yield* entriesOf(block);
    else {
      damaged({ offset, what: "a table block fails its checksum" });
      yield* searchEntries(block);
    }
  }
}

function indexOf(bytes: Buffer): BlockHandle[] | undefined {
  const footer = bytes.subarray(-footerLength);
  if (footer.length < footerLength || !footer.subarray(-magic.length).equals(magic)) return undefined;
  const reader = new ByteReader(footer);
  // The first is the index of filters, of which there are none; but LevelDB reads it.
  const [filters, index] = [handleIn(reader), handleIn(reader)];
  if (filters === undefined || index === undefined) return undefined;
  if (!isWhole(bytes, filters) || !isWhole(bytes, index)) return undefined;
  const handles: BlockHandle[] = [];
  for (const { value } of rawEntries(bytes.subarray(index.offset, index.offset + index.size))) {
    const handle = handleIn(new ByteReader(value));
    if (handle === undefined) return undefined;
    handles.push(handle);
  }
  return handles;
}

function handleIn(reader: ByteReader): BlockHandle | undefined {
  const [offset, size] = [reader.varint(), reader.varint()];
  return offset === undefined || size === undefined ? undefined : { offset, size };
}

/** Whether a block is not compressed (type 0, as all of ours) and has its checksum. */
function isWhole(bytes: Buffer, { offset, size }: BlockHandle): boolean {
  const end = offset + size;
  if (end + trailerLength > bytes.length || bytes[end] !== 0) return false;
  return bytes.readUInt32LE(end + 1) === maskedCrc32c(bytes, offset, end + 1);
}

function* rawEntries(block: Buffer): Generator<{ key: Buffer; value: Buffer }, void> {
  if (block.length < 4) return;
  const end = block.length - 4 * (block.readUInt32LE(block.length - 4) + 1);
  const reader = new ByteReader(block);
  let key: Buffer = Buffer.alloc(0);
  while (reader.offset < end) {
    const shared = reader.varint() ?? 0;
    const keyLength = reader.varint() ?? 0;
    const valueLength = reader.varint() ?? 0;
    const suffix = reader.bytes(keyLength);
    const value = reader.bytes(valueLength);
    if (suffix === undefined || value === undefined) return;
    key = shared === 0 ? suffix : Buffer.concat([key.subarray(0, shared), suffix]);
    yield { key, value };
  }
}

function* entriesOf(block: Buffer): Generator<Operation, void> {
  for (const { key, value } of rawEntries(block)) {
    const operation = operationOf(key, value);
    if (operation !== undefined) yield operation;
  }
}

/** A table's key ends in the kind of operation (one byte) and its sequence (seven). */
function operationOf(key: Buffer, value: Buffer): Operation | undefined {
  const end = key.length - tagLength;
  if (end < 0) return undefined;
  const sequence = key.readUIntLE(end + 1, 6) + (key[end + 7] as number) * 2 ** 48;
  return { key: key.subarray(0, end), value: key[end] === 1 ? value : undefined, sequence };
}

/** Length of a record's key in a table: the key (see record.ts) and its tag. */
const recordKeyLength = 9 + tagLength;

/** Finds puts of records anywhere. Each entry holds its whole key, because the restart interval is 1. */
function* searchEntries(bytes: Buffer): Generator<Operation, void> {
  const start = Buffer.from([0, recordKeyLength]);
  for (let at = bytes.indexOf(start); at >= 0; at = bytes.indexOf(start, at + 1)) {
    const reader = new ByteReader(bytes, at + start.length);
    const valueLength = reader.varint();
    const key = reader.bytes(recordKeyLength);
    const value = valueLength === undefined ? undefined : reader.bytes(valueLength);
    if (key === undefined || value === undefined) continue;
    const operation = operationOf(key, value);
    if (operation?.value !== undefined) yield operation;
  }
}
