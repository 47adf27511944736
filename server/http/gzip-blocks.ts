import { promisify } from "node:util";
import { constants, crc32, deflateRaw } from "node:zlib";
import type { Entry } from "../storage/contract.ts";
import { combineCrc32 } from "./crc32-combine.ts";

const deflate = promisify(deflateRaw);

/** A list that is to be compressed: its items come in blocks, between a beginning and an end of its own. */
export interface BlockList {
  /** What tells apart the forms in which the same entry can be an item. */
  form: string;
  start: Uint8Array;
  entries: readonly Entry[];
  /** The item's text, in parts. */
  item(entry: Entry): readonly Uint8Array[];
  separator: Uint8Array;
  end: Uint8Array;
}

/** Compressed text that can stand anywhere in a stream of deflate, because it refers to nothing before it. */
interface Packed {
  bytes: Uint8Array;
  crc: number;
  length: number;
}

interface Block {
  form: string;
  revisions: readonly number[];
  packed: Promise<Packed>;
}

/** Source: level 1, as upstream's responsewriters/writers.go. */
const level = 1;
const meanBlockItems = 16;
const maxBlockItems = 64;

/**
 * Compresses lists, and compresses only what has changed since the last time: entries are cut into blocks at places
 * that depend on their keys alone, so that a write renews one block and leaves the others. A block goes with its first
 * entry; it takes a tenth of what its entries take.
 */
export class GzipBlocks {
  readonly #blocks = new WeakMap<Entry, Block>();

  /** A gzip file in pieces. */
  async *pack(list: BlockList): AsyncGenerator<Uint8Array> {
    yield gzipHeader;
    const sum = new RunningSum();
    const separator = await packed([list.separator]);
    yield sum.add(await packed([list.start]));
    let from = 0;
    while (from < list.entries.length) {
      const to = blockEnd(list.entries, from);
      const items = await this.#block(list, list.entries.slice(from, to));
      yield from === 0 ? sum.add(items) : Buffer.concat([sum.add(separator), sum.add(items)]);
      from = to;
    }
    yield sum.add(await packed([list.end]));
    yield sum.trailer();
  }

  #block({ form, item, separator }: BlockList, entries: readonly Entry[]): Promise<Packed> {
    const first = entries[0]!;
    const known = this.#blocks.get(first);
    // A revision is given once: the same revision is the same entry.
    const same =
      known?.form === form &&
      known.revisions.length === entries.length &&
      known.revisions.every((revision, i) => revision === entries[i]?.revision);
    if (same) return known.packed;
    const parts = entries.flatMap((entry, i) => (i > 0 ? [separator, ...item(entry)] : item(entry)));
    const block = { form, revisions: entries.map(({ revision }) => revision), packed: packed(parts) };
    this.#blocks.set(first, block);
    return block.packed;
  }
}

function blockEnd(entries: readonly Entry[], from: number): number {
  const limit = Math.min(entries.length, from + maxBlockItems);
  for (let at = from + 1; at < limit; at++) if (beginsBlock(entries[at]!.key)) return at;
  return limit;
}

function beginsBlock(key: string): boolean {
  let hash = 0;
  for (let at = 0; at < key.length; at++) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
  // The low bits of such a hash are those of the last characters only.
  return (hash ^ (hash >>> 15)) % meanBlockItems === 0;
}

async function packed(parts: readonly Uint8Array[]): Promise<Packed> {
  const text = Buffer.concat(parts);
  const bytes = await deflate(text, { level, finishFlush: constants.Z_SYNC_FLUSH });
  return { bytes, crc: crc32(text), length: text.length };
}

/** RFC 1952: deflate, no name, no time, unknown system. */
const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** A last block without content. */
const deflateEnd = Buffer.from([0x03, 0x00]);

/** The checksum and length of everything so far. */
class RunningSum {
  #crc = 0;
  #length = 0;

  add({ bytes, crc, length }: Packed): Uint8Array {
    this.#crc = combineCrc32(this.#crc, crc, length);
    this.#length += length;
    return bytes;
  }

  trailer(): Uint8Array {
    const sums = Buffer.alloc(8);
    sums.writeUInt32LE(this.#crc, 0);
    sums.writeUInt32LE(this.#length % 2 ** 32, 4);
    return Buffer.concat([deflateEnd, sums]);
  }
}
