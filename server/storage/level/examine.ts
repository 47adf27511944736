import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { readHead } from "./head-file.ts";
import { type Finding, logRecords, type Operation, scanLog, scanTable } from "./leveldb-files.ts";
import { emptyMeta } from "./load.ts";
import { entriesOf, readIfThere, type StoragePaths } from "./paths.ts";
import {
  addToMeta,
  decodeMeta,
  decodeRecord,
  type Meta,
  metaKey,
  type StoredRecord,
  sameRecords,
} from "./record.ts";

/** What can be read of a storage without LevelDB, whatever state it is in. */
export interface Examination {
  /** Places with damage: file, byte and kind. */
  readonly findings: readonly string[];
  /** All records that verify and that the last commit still had, by revision. */
  readonly records: ReadonlyMap<number, StoredRecord>;
  /** The newest account of what there should be; undefined if no copy of it is left. */
  readonly meta: Meta | undefined;
  readonly lost: Lost;
}

export interface Lost {
  /** Committed revisions within the history that are gone, with their keys where another record tells them. */
  readonly revisions: readonly { revision: number; key?: string }[];
  /** Records older than the history that are gone, as far as the count tells. */
  readonly older: number;
}

/** Reads all of a storage's files. LevelDB must not have it open. */
export async function examine(paths: StoragePaths): Promise<Examination> {
  const findings: string[] = [];
  const newest = new Map<string, Operation>();
  const names = await entriesOf(paths.database);
  for (const name of names.sort()) {
    const path = join(paths.database, name);
    const report = ({ offset, what }: Finding) => {
      findings.push(`${relative(paths.root, path)}: ${what} (byte ${offset})`);
    };
    const scan = await scanFile(path, name);
    scan.findings.forEach(report);
    for (const operation of scan.operations) keepNewest(newest, operation);
  }
  await checkCurrent(paths, names, findings);
  const head = await headOf(paths, findings);
  const stored = newest.get(metaKey.toString("hex"))?.value;
  const meta = newer(head, stored === undefined ? undefined : decodeMeta(stored));
  const records = recordsOf(newest, meta);
  return { findings, records, meta, lost: lossOf(records, meta) };
}

async function scanFile(
  path: string,
  name: string,
): Promise<{ operations: Operation[]; findings: Finding[] }> {
  if (/\.(ldb|sst)$/.test(name)) return scanTable(await readFile(path));
  if (name.endsWith(".log")) return scanLog(await readFile(path));
  if (!name.startsWith("MANIFEST-")) return { operations: [], findings: [] };
  const findings: Finding[] = [];
  // Only for its findings: what a manifest tells is not needed.
  for (const _ of logRecords(await readFile(path), findings));
  return { operations: [], findings };
}

/** The later of two operations on a key counts; a put whose record fails its checksum does not. */
function keepNewest(newest: Map<string, Operation>, operation: Operation): void {
  const { key, value, sequence } = operation;
  const id = key.toString("hex");
  const known = newest.get(id);
  if (known !== undefined && known.sequence >= sequence) return;
  const readable =
    value === undefined || (key.equals(metaKey) ? decodeMeta(value) : decodeRecord(key, value));
  if (readable !== undefined) newest.set(id, operation);
}

async function checkCurrent(
  paths: StoragePaths,
  names: readonly string[],
  findings: string[],
): Promise<void> {
  const current = (await readIfThere(join(paths.database, "CURRENT")))?.toString();
  const manifest = current?.endsWith("\n") ? current.slice(0, -1) : undefined;
  if (manifest === undefined || !names.includes(manifest))
    findings.push("db/CURRENT: does not name a manifest");
}

async function headOf(paths: StoragePaths, findings: string[]): Promise<Meta | undefined> {
  const bytes = await readIfThere(paths.head);
  const head = bytes === undefined ? undefined : readHead(bytes);
  if (head === undefined) findings.push("head: missing or not readable");
  return head;
}

function newer(a: Meta | undefined, b: Meta | undefined): Meta | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return b.sequence > a.sequence ? b : a;
}

function recordsOf(
  newest: ReadonlyMap<string, Operation>,
  meta: Meta | undefined,
): Map<number, StoredRecord> {
  const records: StoredRecord[] = [];
  for (const { key, value } of newest.values()) {
    const record = value === undefined ? undefined : decodeRecord(key, value);
    // A later one belongs to a commit that was cut off and never acknowledged.
    if (record !== undefined && record.revision <= (meta?.revision ?? Infinity)) records.push(record);
  }
  records.sort((a, b) => a.revision - b.revision);
  return new Map(records.map((record) => [record.revision, record]));
}

function lossOf(records: ReadonlyMap<number, StoredRecord>, meta: Meta | undefined): Lost {
  if (meta === undefined) return { revisions: [], older: 0 };
  const found = emptyMeta();
  for (const { revision, checksum } of records.values()) addToMeta(found, revision, checksum, 1);
  if (sameRecords(found, meta)) return { revisions: [], older: 0 };
  const keys = new Map<number, string>();
  for (const { replaces, key } of records.values()) keys.set(replaces, key);
  const revisions: { revision: number; key?: string }[] = [];
  for (let revision = meta.compacted + 1; revision <= meta.revision; revision++) {
    if (!records.has(revision)) revisions.push({ revision, key: keys.get(revision) });
  }
  return { revisions, older: Math.max(0, meta.records - found.records - revisions.length) };
}

export function isDamaged({ findings, lost }: Examination): boolean {
  return findings.length > 0 || lost.revisions.length > 0 || lost.older > 0;
}

/** Where the damage is and what it costs, on one line. The reason is what was noticed first, if nothing else tells. */
export function describeDamage({ findings, lost }: Examination, reason: string | undefined): string {
  const places = findings.length > 0 ? findings.slice(0, 3) : [reason ?? "its parts contradict each other"];
  if (findings.length > 3) places.push(`${findings.length - 3} more places`);
  return [...places, describeLost(lost)].join("; ");
}

export function describeLost({ revisions, older }: Lost): string {
  const parts: string[] = revisions
    .slice(0, 3)
    .map(({ revision, key }) => `revision ${revision}${key === undefined ? "" : ` of ${key}`}`);
  if (revisions.length > 3) parts.push(`${revisions.length - 3} more revisions`);
  if (older > 0) parts.push(`${older} older ${older === 1 ? "record" : "records"}`);
  return parts.length === 0 ? "nothing is lost" : `lost: ${parts.join(", ")}`;
}
