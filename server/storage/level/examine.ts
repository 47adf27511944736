import { readHead } from "./head-file.ts";
import { emptyMeta } from "./load.ts";
import { readIfThere, type StoragePaths } from "./paths.ts";
import { addToMeta, type Meta, type StoredRecord, sameRecords } from "./record.ts";
import { scanEverything } from "./scan.ts";

/** What is left of a storage, whatever state it is in. */
export interface Examination {
  /** Places with damage: file, byte and kind. */
  readonly findings: readonly string[];
  /** All records that verify and that the last commit may have had, by revision, oldest first. */
  readonly records: ReadonlyMap<number, StoredRecord>;
  /** The newest account of what there should be; undefined if no copy of it is left. */
  readonly meta: Meta | undefined;
  readonly lost: Lost;
}

export interface Lost {
  /** Revisions within the history that are gone, with their keys where another record tells them. */
  readonly revisions: readonly { readonly revision: number; readonly key?: string }[];
  /** How many older records are gone at most; where any are, keys that were deleted before may be back. */
  readonly older: number;
}

/** Reads all of a storage's files. LevelDB must not have it open. */
export async function examine(paths: StoragePaths): Promise<Examination> {
  const scan = await scanEverything(paths.database);
  const findings = [...scan.findings];
  const headBytes = await readIfThere(paths.head);
  const head = headBytes === undefined ? undefined : readHead(headBytes);
  if (head === undefined) findings.push("head is missing or not readable");
  const meta = newer(head, scan.meta);
  const records = [...scan.records.values()]
    // A later one belongs to a commit that was cut off and never acknowledged.
    .filter(
      (record) => record !== undefined && record.revision <= (meta?.revision ?? Number.MAX_SAFE_INTEGER),
    )
    .sort((a, b) => (a?.revision ?? 0) - (b?.revision ?? 0)) as StoredRecord[];
  return {
    findings,
    records: new Map(records.map((record) => [record.revision, record])),
    meta,
    lost: lossOf(records, meta, scan.meta),
  };
}

function newer(a: Meta | undefined, b: Meta | undefined): Meta | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.sequence > a.sequence ? b : a;
}

/** What is missing by the account of the last commit; stored is the newest account inside the database. */
function lossOf(records: readonly StoredRecord[], meta: Meta | undefined, stored: Meta | undefined): Lost {
  if (meta === undefined) return { revisions: [], older: 0 };
  const found = emptyMeta();
  const there = new Set<number>();
  const keys = new Map<number, string>();
  for (const { revision, checksum, replaces, key } of records) {
    addToMeta(found, revision, checksum, 1);
    there.add(revision);
    keys.set(replaces, key);
  }
  if (sameRecords(found, meta)) return { revisions: [], older: 0 };
  const known = Math.min(meta.compacted, stored?.revision ?? meta.compacted);
  const revisions: { revision: number; key?: string }[] = [];
  for (let revision = known + 1; revision <= meta.revision; revision++) {
    if (there.has(revision)) continue;
    const key = keys.get(revision);
    revisions.push(key === undefined ? { revision } : { revision, key });
  }
  // Removals may be lost as well, so some of what was found may have been removed: it does not make up for others.
  const missing = meta.records - found.records - revisions.length + replacedBefore(records, meta.compacted);
  return { revisions, older: Math.max(0, missing) };
}

/** How many records are there that had no use any more at a revision. */
function replacedBefore(records: readonly StoredRecord[], compacted: number): number {
  const newest = new Set<string>();
  let count = 0;
  for (const { key, type, revision } of records) {
    if (revision > compacted) break;
    if (newest.has(key)) count++;
    if (type === "delete") {
      count++;
      newest.delete(key);
    } else newest.add(key);
  }
  return count;
}

/** Where the damage is and what it costs, on one line; reason: what was noticed first, if nothing else tells. */
export function describeDamage({ findings, lost }: Examination, reason: string): string {
  const places = findings.length > 0 ? findings.slice(0, 3) : [reason];
  if (findings.length > 3) places.push(`${findings.length - 3} more places`);
  return [...places, describeLost(lost)].join("; ");
}

export function describeLost({ revisions, older }: Lost): string {
  const parts: string[] = revisions
    .slice(0, 3)
    .map(({ revision, key }) => `revision ${revision}${key === undefined ? "" : ` of ${key}`}`);
  if (revisions.length > 3) parts.push(`${revisions.length - 3} more revisions`);
  if (older > 0) parts.push(`at most ${older} older ${older === 1 ? "record" : "records"}`);
  return parts.length === 0 ? "nothing is lost" : `lost: ${parts.join(", ")}`;
}
