import { ByteReader } from "./byte-reader.ts";
import { maskedCrc32c } from "./crc32c.ts";

/**
 * LevelDB's log format, read without LevelDB.
 * Source: github.com/google/leveldb, doc/log_format.md and db/log_reader.cc; batches: db/write_batch.cc.
 */

/** A record of a log, put together from its fragments. */
export interface LogRecord {
  readonly offset: number;
  /** If not whole: what is left of it, which LevelDB would drop. */
  readonly bytes: Buffer;
  /** "cut": the file ends in the middle of it, as when the writer was killed. */
  readonly state: "whole" | "cut" | "damaged";
}

/** A put or (without a value) a removal, with the number that orders all of them. */
export interface Operation {
  readonly key: Buffer;
  readonly value: Buffer | undefined;
  readonly sequence: number;
}

interface Fragment {
  readonly offset: number;
  readonly type: number;
  readonly payload: Buffer;
  readonly state: "whole" | "cut" | "damaged";
  readonly end: number;
}

const blockLength = 32768;
const headerLength = 7;
const types = { full: 1, first: 2, middle: 3, last: 4 };

export function* readLog(bytes: Buffer): Generator<LogRecord, void> {
  let parts: Fragment[] = [];
  for (const fragment of fragmentsOf(bytes)) {
    const begins = fragment.type === types.full || fragment.type === types.first;
    if (begins && parts.length > 0) {
      yield recordOf(parts);
      parts = [];
    }
    parts.push(fragment);
    if (fragment.type === types.full || fragment.type === types.last) {
      yield recordOf(parts);
      parts = [];
    }
  }
  if (parts.length > 0) yield recordOf(parts, "cut");
}

/** ifOpen: what it means that the last fragment of the record is not there. */
function recordOf(parts: readonly Fragment[], ifOpen: LogRecord["state"] = "damaged"): LogRecord {
  const [first, last] = [parts[0] as Fragment, parts[parts.length - 1] as Fragment];
  const bytes = parts.length === 1 ? first.payload : Buffer.concat(parts.map(({ payload }) => payload));
  const closed = first.type === types.full || (first.type === types.first && last.type === types.last);
  let { state } = last;
  if (parts.slice(0, -1).some((part) => part.state !== "whole")) state = "damaged";
  else if (state === "whole" && !closed) state = first.type === types.first ? ifOpen : "damaged";
  return { offset: first.offset, bytes, state };
}

function* fragmentsOf(bytes: Buffer): Generator<Fragment, void> {
  for (let blockStart = 0; blockStart < bytes.length; blockStart += blockLength) {
    const blockEnd = Math.min(blockStart + blockLength, bytes.length);
    for (let offset = blockStart; offset + headerLength <= blockEnd; ) {
      const fragment = fragmentAt(bytes, offset, blockEnd) ?? damagedFragment(bytes, offset, blockEnd);
      yield fragment;
      offset = fragment.end;
    }
  }
}

function fragmentAt(bytes: Buffer, offset: number, blockEnd: number): Fragment | undefined {
  const type = bytes[offset + 6] as number;
  const end = offset + headerLength + bytes.readUInt16LE(offset + 4);
  if (type < types.full || type > types.last || end > blockEnd) return undefined;
  if (bytes.readUInt32LE(offset) !== maskedCrc32c(bytes, offset + 6, end)) return undefined;
  return { offset, type, payload: bytes.subarray(offset + headerLength, end), state: "whole", end };
}

/** All from here to the next whole fragment of the block. */
function damagedFragment(bytes: Buffer, offset: number, blockEnd: number): Fragment {
  let end = offset + 1;
  while (end + headerLength <= blockEnd && fragmentAt(bytes, end, blockEnd) === undefined) end++;
  if (end + headerLength > blockEnd) end = blockEnd;
  const type = bytes[offset + 6] as number;
  const payload = bytes.subarray(Math.min(offset + headerLength, end), end);
  const cut = end === bytes.length && offset + headerLength + bytes.readUInt16LE(offset + 4) > end;
  return { offset, type, payload, state: cut ? "cut" : "damaged", end };
}

/** The operations of a batch, and whether they are all that it should have. */
export function readBatch(batch: Buffer): { operations: Operation[]; whole: boolean } {
  const operations: Operation[] = [];
  if (batch.length < 12) return { operations, whole: false };
  const sequence = Number(batch.readBigUInt64LE(0));
  const reader = new ByteReader(batch, 12);
  while (reader.offset < batch.length) {
    const type = reader.byte();
    const key = reader.chunk();
    const value = type === 1 ? reader.chunk() : undefined;
    if (key === undefined || (type !== 0 && value === undefined)) return { operations, whole: false };
    operations.push({ key, value, sequence: sequence + operations.length });
  }
  return { operations, whole: operations.length === batch.readUInt32LE(8) };
}
