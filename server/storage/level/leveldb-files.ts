/**
 * Reads LevelDB's files without LevelDB, to say where damage is and to save what is left of them.
 * Formats: https://github.com/google/leveldb/blob/main/doc/log_format.md, doc/table_format.md, db/write_batch.cc.
 */

/** A put, or (without a value) a removal, with the number that orders all of them. */
export interface Operation {
  readonly key: Buffer;
  readonly value: Buffer | undefined;
  readonly sequence: number;
}

/** A place whose bytes are not what was written. */
export interface Finding {
  readonly offset: number;
  readonly what: string;
}

export interface Scan {
  readonly operations: Operation[];
  readonly findings: Finding[];
}

const logBlock = 32768;
const logHeader = 7;
const footerLength = 48;
const tableMagic = Buffer.from("57fb808b247547db", "hex");
const blockTrailer = 5;

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/** CRC-32C, masked as LevelDB stores it. */
function maskedCrc(bytes: Buffer, start: number, end: number): number {
  let crc = 0xffffffff;
  for (let index = start; index < end; index++) {
    crc = (crc >>> 8) ^ (crcTable[(crc ^ (bytes[index] as number)) & 0xff] as number);
  }
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** One piece of a log: a whole record or part of one. */
interface Fragment {
  readonly offset: number;
  /** 1 whole, 2 first, 3 middle, 4 last part; 0 unknown. */
  readonly type: number;
  readonly payload: Buffer;
  readonly whole: boolean;
  readonly end: number;
}

/** Reads a log of write batches. Damaged pieces are kept as they are: the records in them have checksums of their own. */
export function scanLog(bytes: Buffer): Scan {
  const findings: Finding[] = [];
  const operations: Operation[] = [];
  for (const batch of logRecords(bytes, findings)) readBatch(batch, operations);
  return { operations, findings };
}

/** The records of a file in log format (a log or a manifest), put together from their fragments. */
export function* logRecords(bytes: Buffer, findings: Finding[]): Generator<Buffer> {
  let parts: Buffer[] = [];
  for (const fragment of fragments(bytes)) {
    if (!fragment.whole) findings.push({ offset: fragment.offset, what: "a log record fails its checksum" });
    if (fragment.type === 1 || fragment.type === 2) {
      if (parts.length > 0) yield Buffer.concat(parts);
      parts = [];
    }
    parts.push(fragment.payload);
    if (fragment.type === 1 || fragment.type === 4) {
      yield Buffer.concat(parts);
      parts = [];
    }
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}

function* fragments(bytes: Buffer): Generator<Fragment> {
  for (let blockStart = 0; blockStart < bytes.length; blockStart += logBlock) {
    const blockEnd = Math.min(blockStart + logBlock, bytes.length);
    let offset = blockStart;
    while (offset + logHeader <= blockEnd) {
      const found = fragmentAt(bytes, offset, blockEnd) ?? damagedFragment(bytes, offset, blockEnd);
      yield found;
      offset = found.end;
    }
  }
}

function fragmentAt(bytes: Buffer, offset: number, blockEnd: number): Fragment | undefined {
  const type = bytes[offset + 6] as number;
  const end = offset + logHeader + bytes.readUInt16LE(offset + 4);
  if (type < 1 || type > 4 || end > blockEnd) return undefined;
  if (bytes.readUInt32LE(offset) !== maskedCrc(bytes, offset + 6, end)) return undefined;
  return { offset, type, payload: bytes.subarray(offset + logHeader, end), whole: true, end };
}

/** What lies between here and the next whole fragment. */
function damagedFragment(bytes: Buffer, offset: number, blockEnd: number): Fragment {
  let end = offset + 1;
  while (end + logHeader <= blockEnd && fragmentAt(bytes, end, blockEnd) === undefined) end++;
  if (end + logHeader > blockEnd) end = blockEnd;
  const type = bytes[offset + 6] as number;
  const payload = bytes.subarray(Math.min(offset + logHeader, end), end);
  return { offset, type: type <= 4 ? type : 0, payload, whole: false, end };
}

function readBatch(batch: Buffer, operations: Operation[]): void {
  if (batch.length < 12) return;
  const sequence = Number(batch.readBigUInt64LE(0));
  const reader = new Reader(batch, 12);
  for (let count = 0; reader.offset < batch.length; count++) {
    const type = batch[reader.offset++];
    const key = reader.chunk();
    const value = type === 1 ? reader.chunk() : undefined;
    if (key === undefined || type === undefined || type > 1 || (type === 1 && value === undefined)) return;
    operations.push({ key, value, sequence: sequence + count });
  }
}

/** Reads a table. Its blocks are found by its index; without that, by looking for entries everywhere. */
export function scanTable(bytes: Buffer): Scan {
  const findings: Finding[] = [];
  const operations: Operation[] = [];
  const index = indexOf(bytes);
  if (index === undefined) {
    findings.push({
      offset: Math.max(0, bytes.length - footerLength),
      what: "the index of a table is damaged",
    });
    searchEntries(bytes, operations);
    return { operations, findings };
  }
  for (const { offset, size } of index) {
    const block = bytes.subarray(offset, offset + size);
    if (isWholeBlock(bytes, offset, size)) readBlock(block, (key, value) => addEntry(key, value, operations));
    else {
      findings.push({ offset, what: "a table block fails its checksum" });
      searchEntries(block, operations);
    }
  }
  return { operations, findings };
}

interface BlockHandle {
  readonly offset: number;
  readonly size: number;
}

function indexOf(bytes: Buffer): BlockHandle[] | undefined {
  const footer = bytes.subarray(-footerLength);
  if (footer.length < footerLength || !footer.subarray(-tableMagic.length).equals(tableMagic))
    return undefined;
  const reader = new Reader(footer, 0);
  const numbers = [reader.varint(), reader.varint(), reader.varint(), reader.varint()];
  const [, , offset = -1, size = -1] = numbers;
  if (!isWholeBlock(bytes, offset, size)) return undefined;
  const handles: BlockHandle[] = [];
  readBlock(bytes.subarray(offset, offset + size), (_, value) => {
    const handle = new Reader(value, 0);
    handles.push({ offset: handle.varint() ?? 0, size: handle.varint() ?? 0 });
  });
  return handles;
}

function isWholeBlock(bytes: Buffer, offset: number, size: number): boolean {
  const end = offset + size;
  if (offset < 0 || size < 0 || end + blockTrailer > bytes.length) return false;
  return bytes[end] === 0 && bytes.readUInt32LE(end + 1) === maskedCrc(bytes, offset, end + 1);
}

function readBlock(block: Buffer, visit: (key: Buffer, value: Buffer) => void): void {
  if (block.length < 4) return;
  const end = block.length - 4 * (block.readUInt32LE(block.length - 4) + 1);
  const reader = new Reader(block, 0);
  let key: Buffer = Buffer.alloc(0);
  while (reader.offset < end) {
    const shared = reader.varint() ?? 0;
    const keyLength = reader.varint() ?? 0;
    const valueLength = reader.varint() ?? 0;
    const suffix = reader.bytes(keyLength);
    const value = reader.bytes(valueLength);
    if (suffix === undefined || value === undefined) return;
    key = Buffer.concat([key.subarray(0, shared), suffix]);
    visit(key, value);
  }
}

/** A table's keys end in eight bytes: the sequence, and in the lowest one the kind of operation. */
function addEntry(key: Buffer, value: Buffer, operations: Operation[]): void {
  if (key.length < 8) return;
  const tag = key.readBigUInt64LE(key.length - 8);
  const put = (tag & 0xffn) === 1n;
  operations.push({ key: key.subarray(0, -8), value: put ? value : undefined, sequence: Number(tag >> 8n) });
}

/** Length of a record's key in a table: the key (see record.ts) and LevelDB's eight bytes. */
const entryKeyLength = 17;

/**
 * Finds puts of records in damaged bytes. Each entry holds its whole key, because the tables are written with a
 * restart interval of 1; whether a find is one is for its own checksum to say.
 */
function searchEntries(bytes: Buffer, operations: Operation[]): void {
  const start = Buffer.from([0, entryKeyLength]);
  for (let at = bytes.indexOf(start); at >= 0; at = bytes.indexOf(start, at + 1)) {
    const reader = new Reader(bytes, at + 2);
    const valueLength = reader.varint();
    const key = reader.bytes(entryKeyLength);
    const value = valueLength === undefined ? undefined : reader.bytes(valueLength);
    if (key !== undefined && value !== undefined && key[9] === 1) addEntry(key, value, operations);
  }
}

class Reader {
  readonly #source: Buffer;
  offset: number;

  constructor(source: Buffer, offset: number) {
    this.#source = source;
    this.offset = offset;
  }

  /** Undefined if there is none. Longer than any length here could be: also undefined. */
  varint(): number | undefined {
    let result = 0;
    for (let shift = 1; shift < 2 ** 49; shift *= 128) {
      const byte = this.#source[this.offset++];
      if (byte === undefined) return undefined;
      result += (byte & 0x7f) * shift;
      if (byte < 0x80) return result;
    }
    return undefined;
  }

  bytes(length: number): Buffer | undefined {
    const end = this.offset + length;
    if (end > this.#source.length) return undefined;
    const result = this.#source.subarray(this.offset, end);
    this.offset = end;
    return result;
  }

  /** Bytes with their length in front. */
  chunk(): Buffer | undefined {
    const length = this.varint();
    return length === undefined ? undefined : this.bytes(length);
  }
}
