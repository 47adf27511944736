import { copyFile, cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Change, newVersion } from "../version.ts";
import { type Database, openDatabase } from "./database.ts";
import { emptyMeta } from "./load.ts";
import { encodeMeta, encodeRecord, metaKey, recordKey, revisionOf } from "./record.ts";
import { type Scan, scanDatabase, scanEverything } from "./scan.ts";

let root: string;
let directory: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "kubefacade-scan-"));
  directory = join(root, "db");
});
afterEach(() => rm(root, { recursive: true, force: true }));

function put(revision: number, size: number): { type: "put"; key: Uint8Array; value: Uint8Array } {
  const bytes = Buffer.alloc(size, `value ${revision} `);
  const change = new Change(
    "create",
    newVersion(`/key/${revision}`, { bytes, revisionAt: -1 }, revision, 0),
    undefined,
  );
  const key = recordKey(revision);
  return { type: "put", key, value: encodeRecord(key, change).value };
}

/** Several megabytes with removals among them, so that there are tables, a log and merges of both. */
async function fill(database: Database, batches: number): Promise<void> {
  for (let batch = 0; batch < batches; batch++) {
    const first = 2 + batch * 20;
    const puts = Array.from({ length: 20 }, (_, index) =>
      put(first + index, (batch * 7919 + index * 977) % 4000),
    );
    const old = [3, 7, 11].map((back) => first - back * 20 + 5).filter((revision) => revision > 0);
    const removals = old.map((revision) => ({ type: "del" as const, key: recordKey(revision) }));
    const meta = encodeMeta({ ...emptyMeta(), sequence: batch, revision: first + 19 });
    await database.batch([...puts, ...removals, { type: "put", key: metaKey, value: meta }]);
  }
}

async function scanOf(path: string): Promise<Scan> {
  const scan = await scanDatabase(path);
  if (scan === undefined) throw new Error("there is no database");
  return scan;
}

/** What LevelDB itself reads. */
async function contentsOf(path: string): Promise<Map<number, string>> {
  const database = await openDatabase(path, { createIfMissing: false });
  const contents = new Map<number, string>();
  for await (const [key, value] of database.iterator()) {
    const revision = revisionOf(Buffer.from(key));
    if (revision !== undefined) contents.set(revision, Buffer.from(value).toString("hex"));
  }
  await database.close();
  return contents;
}

function contentsIn(scan: Scan): Map<number, string> {
  const there = [...scan.records].flatMap(([revision, record]): [number, string][] =>
    record === undefined ? [] : [[revision, record.stored.toString("hex")]],
  );
  return new Map(there.sort(([a], [b]) => a - b));
}

test("the files hold for us exactly what they hold for LevelDB, with logs, tables and merged tables", async () => {
  for (let round = 1; round <= 4; round++) {
    const database = await openDatabase(directory, { createIfMissing: true });
    await fill(database, 60 * round);
    if (round === 3) await database.compactRange(recordKey(0), metaKey);
    await database.close();
    const scan = await scanOf(directory);
    expect(scan.findings).toEqual([]);
    expect(scan.meta?.sequence).toBe(60 * round - 1);
    // This opens it, so that the next scan finds the log in a table.
    expect(contentsIn(scan)).toEqual(await contentsOf(directory));
    expect(contentsIn(await scanOf(directory))).toEqual(contentsIn(scan));
  }
});

test("a directory without a database is told from a damaged one", async () => {
  expect(await scanDatabase(directory)).toBeUndefined();
  const database = await openDatabase(directory, { createIfMissing: true });
  await fill(database, 1);
  await database.close();
  await rm(join(directory, "CURRENT"));
  expect((await scanOf(directory)).findings).toEqual(["db/CURRENT is missing"]);
});

async function logIn(path: string): Promise<string> {
  const name = (await readdir(path)).find((name) => name.endsWith(".log"));
  if (name === undefined) throw new Error("there is no log");
  return join(path, name);
}

test("a log that ends in the middle of a batch is no damage, and holds all before it, as for LevelDB", async () => {
  const database = await openDatabase(directory, { createIfMissing: true });
  await fill(database, 20);
  await database.close();
  const log = await logIn(directory);
  const { length } = await readFile(log);
  const copy = join(root, "copy");
  for (let cut = 1; cut < length; cut = Math.ceil(cut * 2.3)) {
    await cp(directory, copy, { recursive: true });
    await truncate(await logIn(copy), length - cut);
    // An opening that was killed at the right moment leaves an empty log behind it.
    if (cut % 2 === 0) await writeFile(join(copy, "000099.log"), "");
    const scan = await scanOf(copy);
    expect(scan.findings).toEqual([]);
    expect(scan.unfinished).toMatch(/log: a batch is cut off/);
    expect(contentsIn(scan)).toEqual(await contentsOf(copy));
    await rm(copy, { recursive: true });
  }
});

test("a changed byte in the middle of a log is named, and the records of its batch that are whole are saved", async () => {
  const database = await openDatabase(directory, { createIfMissing: true });
  await fill(database, 20);
  await database.close();
  const log = await logIn(directory);
  const bytes = await readFile(log);
  const position = bytes.indexOf(`value 105 value 105`);
  bytes.write("X", position);
  await writeFile(log, bytes);
  const { findings } = await scanOf(directory);
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatch(/^db\/\d+\.log: a batch fails its checksum \(byte \d+\)$/);
  const { records } = await scanEverything(directory);
  const missing = Array.from({ length: 400 }, (_, index) => index + 2).filter(
    (revision) => !records.has(revision),
  );
  expect(missing).toEqual([105]);
});

test("a changed byte in a table is named, and all other records are saved", async () => {
  const database = await openDatabase(directory, { createIfMissing: true });
  await database.batch(Array.from({ length: 300 }, (_, index) => put(index + 2, 200)));
  await database.close();
  await (await openDatabase(directory, { createIfMissing: false })).close();
  const name = (await readdir(directory)).find((name) => name.endsWith(".ldb")) ?? "";
  const whole = await readFile(join(directory, name));
  const bytes = Buffer.from(whole);
  bytes.write("X", bytes.indexOf("value 105 value 105"));
  await writeFile(join(directory, name), bytes);
  const scan = await scanOf(directory);
  expect(scan.findings).toHaveLength(1);
  expect(scan.findings[0]).toMatch(/^db\/\d+\.ldb: a table block fails its checksum \(byte \d+\)$/);
  const saved = await scanEverything(directory);
  expect([...saved.records.keys()].length).toBe(299);
  expect(saved.records.has(105)).toBe(false);
});

test("a table without its index still gives all its records", async () => {
  const database = await openDatabase(directory, { createIfMissing: true });
  await database.batch(Array.from({ length: 300 }, (_, index) => put(index + 2, 200)));
  await database.close();
  await (await openDatabase(directory, { createIfMissing: false })).close();
  const name = (await readdir(directory)).find((name) => name.endsWith(".ldb")) ?? "";
  await copyFile(join(directory, name), join(root, "whole"));
  const { length } = await readFile(join(root, "whole"));
  await truncate(join(directory, name), length - 10);
  const { findings } = await scanOf(directory);
  expect(findings[0]).toBe(`db/${name} has ${length - 10} bytes instead of ${length}`);
  expect((await scanEverything(directory)).records.size).toBe(300);
});
