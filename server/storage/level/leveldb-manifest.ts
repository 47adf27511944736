import { ByteReader } from "./byte-reader.ts";
import { readLog } from "./leveldb-log.ts";

/**
 * Which files make up a LevelDB database, by its manifest.
 * Source: github.com/google/leveldb, db/version_edit.cc and DBImpl::Recover in db/db_impl.cc.
 */
export interface Manifest {
  /** Number and length of each table. */
  readonly tables: ReadonlyMap<number, number>;
  /** Logs with a smaller number have gone into tables. */
  readonly firstLog: number;
}

const tags = {
  comparator: 1,
  logNumber: 2,
  nextFile: 3,
  lastSequence: 4,
  compactPointer: 5,
  deletedFile: 6,
  newFile: 7,
  previousLog: 9,
};

/** Undefined if it is damaged. A last record that was cut off counts as never written, as it does for LevelDB. */
export function readManifest(bytes: Buffer): Manifest | undefined {
  const tables = new Map<number, number>();
  const numbers = new Map<number, number>();
  for (const { bytes: edit, state } of readLog(bytes)) {
    if (state === "cut") break;
    if (state === "damaged" || !applyEdit(new ByteReader(edit), edit.length, tables, numbers))
      return undefined;
  }
  return manifestOf(tables, numbers);
}

function manifestOf(
  tables: ReadonlyMap<number, number>,
  numbers: ReadonlyMap<number, number>,
): Manifest | undefined {
  const firstLog = numbers.get(tags.logNumber);
  if (firstLog === undefined || !numbers.has(tags.nextFile) || !numbers.has(tags.lastSequence))
    return undefined;
  return { tables, firstLog };
}

function applyEdit(
  reader: ByteReader,
  length: number,
  tables: Map<number, number>,
  numbers: Map<number, number>,
): boolean {
  while (reader.offset < length) {
    const tag = reader.varint();
    if (tag === tags.comparator) reader.chunk();
    else if (tag === tags.compactPointer) {
      reader.varint();
      reader.chunk();
    } else if (tag === tags.deletedFile) {
      reader.varint();
      tables.delete(reader.varint() ?? -1);
    } else if (tag === tags.newFile) {
      reader.varint();
      tables.set(reader.varint() ?? -1, reader.varint() ?? -1);
      reader.chunk();
      reader.chunk();
    } else if (tag !== undefined && Object.values(tags).includes(tag)) numbers.set(tag, reader.varint() ?? 0);
    else return false;
  }
  return true;
}
