import { spawnSync } from "node:child_process";
import { cp, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { ManualClock } from "../../../api/manual-clock.ts";
import { storageContract } from "../contract.suite.ts";
import type { Entry, Storage, WatchEvent } from "../contract.ts";
import { openMemoryStorage } from "../memory-storage.ts";
import { keysOf, refusal, take, text, value } from "../suite-helpers.ts";
import { openLevelStorage } from "./level-storage.ts";
import { storagePaths } from "./paths.ts";
import { repairLevelStorage } from "./repair.ts";
import { scanDatabase } from "./scan.ts";

const root = await mkdtemp(join(tmpdir(), "kubefacade-storage-"));
afterAll(() => rm(root, { recursive: true, force: true }));
const newPath = () => mkdtemp(join(root, "s-"));

storageContract("level", async (options) => openLevelStorage({ ...options, path: await newPath() }));

const clock = new ManualClock();
const openAt = (path: string, historyBytes?: number) => openLevelStorage({ path, clock, historyBytes });

/** Opens a storage, uses it, and closes it. */
async function using(path: string, use: (storage: Storage) => Promise<unknown>): Promise<void> {
  const storage = await openAt(path);
  await use(storage);
  await storage.close();
}

async function fill(storage: Storage, count: number, size = 100): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      storage.create(`/fill/${index}`, value(`${index} `.padEnd(size, "x"))),
    ),
  );
}

async function fileIn(path: string, ending: string): Promise<string> {
  const directory = join(path, "storage", "db");
  const names = (await readdir(directory)).filter((name) => name.endsWith(ending)).sort();
  return join(directory, names.at(-1) ?? "none");
}

async function flip(file: string, position: number): Promise<void> {
  const bytes = await readFile(file);
  bytes[position] = (bytes[position] as number) ^ 0x10;
  await writeFile(file, bytes);
}

async function change(storage: Storage, action: string, key: string, size: number): Promise<void> {
  const current = await storage.get(key);
  const next = { bytes: Buffer.alloc(size, key), revisionAt: size };
  if (action === "compact") await storage.compact(Math.max(1, storage.revision - (size % 7)));
  else if (current === undefined) await storage.create(key, next);
  else if (action === "delete") await storage.delete(key, current.revision);
  else await storage.update(key, current.revision, next);
}

const plain = (entry: Entry | undefined) =>
  entry && { key: entry.key, revision: entry.revision, text: text(entry) };
const plainEvent = ({ type, revision, entry, previous }: WatchEvent) => ({
  type,
  revision,
  entry: plain(entry),
  previous: plain(previous),
});

describe("a storage that is opened again", () => {
  test("has every key with its bytes and revision, and goes on counting", async () => {
    const path = await newPath();
    await using(path, async (storage) => {
      await storage.create("/a/🔑", { bytes: Buffer.from("r=;"), revisionAt: 2 });
      await storage.create("/gone", value("1"));
      await storage.update("/a/🔑", 2, { bytes: Buffer.from("new r=;"), revisionAt: 6 });
      await storage.delete("/gone", 3);
      await storage.create("/big", value("x".repeat(3 << 20)));
    });
    await using(path, async (storage) => {
      const { entries, revision } = await storage.list("/");
      expect(revision).toBe(6);
      expect(entries.map((entry) => [entry.key, entry.revision])).toEqual([
        ["/a/🔑", 4],
        ["/big", 6],
      ]);
      expect(text(entries[0])).toBe("new r=4;");
      expect(entries[1]?.bytes.length).toBe(3 << 20);
      expect(text(await storage.delete("/a/🔑", 4))).toBe("new r=7;");
    });
  });

  test("still has its history: watches resume and lists of the past are as they were", async () => {
    const path = await newPath();
    const write = async (storage: Storage) => {
      await storage.create("/a", { bytes: Buffer.from("a"), revisionAt: 1 });
      await storage.create("/b", value("b"));
      await storage.update("/a", 2, value("a2"));
      await storage.delete("/b", 3);
      await storage.delete("/a", 4);
    };
    let before: unknown;
    await using(path, async (storage) => {
      await write(storage);
      before = [await take(storage, "/", 1, 5), await storage.list("/", { revision: 4 })];
    });
    await using(path, async (storage) => {
      expect([await take(storage, "/", 1, 5), await storage.list("/", { revision: 4 })]).toEqual(before);
    });
  });

  test("stays compacted where it was", async () => {
    const path = await newPath();
    await using(path, async (storage) => {
      await fill(storage, 10);
      await storage.compact(8);
    });
    await using(path, async (storage) => {
      expect(storage.compactedRevision).toBe(8);
      expect((await refusal(storage.list("/", { revision: 7 }))).code).toBe("RevisionCompacted");
      expect((await storage.list("/", { revision: 8 })).entries).toHaveLength(7);
    });
  });

  test("never counts from lower than before, also when nothing is left in it", async () => {
    const path = await newPath();
    await using(path, async (storage) => {
      await storage.create("/a", value(""));
      await storage.delete("/a", 2);
      await storage.compact(3);
    });
    await using(path, async (storage) => {
      expect(storage.revision).toBe(3);
      expect((await storage.create("/a", value(""))).revision).toBe(4);
    });
  });

  test("deletes keys whose time has come meanwhile, and the others when it comes", async () => {
    const path = await newPath();
    await using(path, async (storage) => {
      await storage.create("/soon", value(""), { ttlSeconds: 10 });
      await storage.create("/later", value(""), { ttlSeconds: 100 });
      await storage.create("/kept", value(""), { ttlSeconds: 10 });
      await storage.update("/kept", 4, value(""));
    });
    clock.advance(20_000);
    await using(path, async (storage) => {
      clock.advance(0);
      expect((await take(storage, "/", 5, 1)).map(({ entry }) => entry.key)).toEqual(["/soon"]);
      clock.advance(80_000);
      expect((await take(storage, "/", 6, 1)).map(({ entry }) => entry.key)).toEqual(["/later"]);
      expect(keysOf((await storage.list("/")).entries)).toEqual(["/kept"]);
    });
  });

  test("tells the same as one in memory that was never closed, whatever was done before", async () => {
    const historyBytes = 6000;
    const step = fc.record({
      do: fc.constantFrom("write", "write", "write", "write", "delete", "compact", "reopen"),
      key: fc.nat({ max: 5 }).map((number) => `/${number}`),
      size: fc.nat({ max: 600 }),
    });
    const run = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const path = await newPath();
      const memory = openMemoryStorage({ clock, historyBytes });
      let level = await openAt(path, historyBytes);
      for (const { do: action, key, size } of [...steps, { do: "reopen", key: "", size: 0 }]) {
        if (action === "reopen") {
          await level.close();
          level = await openAt(path, historyBytes);
        } else {
          for (const storage of [memory, level]) await change(storage, action, key, size);
        }
      }
      expect(level.compactedRevision).toBe(memory.compactedRevision);
      const after = memory.compactedRevision;
      const count = memory.revision - after;
      const [expected, actual] = await Promise.all(
        [memory, level].map((storage) => take(storage, "", after, count)),
      );
      expect(actual?.map(plainEvent)).toEqual(expected?.map(plainEvent));
      for (let revision = after; revision <= memory.revision; revision++) {
        const [inMemory, onDisk] = await Promise.all(
          [memory, level].map((storage) => storage.list("", { revision })),
        );
        expect(onDisk?.entries.map(plain)).toEqual(inMemory?.entries.map(plain));
      }
      await level.close();
    });
    await fc.assert(run, { numRuns: 25 });
  });

  test("takes old versions off the disk once they have left the history", async () => {
    const path = await newPath();
    const storage = await openAt(path, 100_000);
    let { revision } = await storage.create("/a", value(""));
    for (let count = 0; count < 40; count++) {
      const size = 100_000 + count;
      const updates = Array.from({ length: 50 }, async (_, index) => {
        const key = `/b/${index}`;
        const current = await storage.get(key);
        await (current ? storage.update(key, current.revision, value("x")) : storage.create(key, value("x")));
      });
      await Promise.all(updates);
      revision = (await storage.update("/a", revision, value("x".repeat(size)))).revision;
    }
    await storage.close();
    const { records } = (await scanDatabase(storagePaths(path).database)) ?? {};
    const present = [...(records?.values() ?? [])].filter((record) => record !== undefined);
    expect(present.length).toBeLessThan(1500);
    const again = await openAt(path, 100_000);
    expect(again.revision).toBe(revision);
    expect(await again.count("/")).toBe(51);
    await again.close();
  });
});

describe("the lock", () => {
  test("a storage that is open is Locked to others, which leave it alone", async () => {
    const path = await newPath();
    const storage = await openAt(path);
    await fill(storage, 10);
    expect((await refusal(openAt(path))).code).toBe("Locked");
    expect((await refusal(repairLevelStorage({ path }))).code).toBe("Locked");
    await storage.create("/after", value(""));
    await storage.close();
    await using(path, async (again) => expect(await again.count("/")).toBe(11));
  });
});

describe("damage", () => {
  /** A storage of a table and a log, to be damaged in copies. */
  async function grown(): Promise<string> {
    const path = await newPath();
    await using(path, (storage) => fill(storage, 200));
    await using(path, async (storage) => {
      await storage.compact(150);
      await storage.update("/fill/199", 201, value("last"));
    });
    return path;
  }

  async function damagedMessage(path: string): Promise<string> {
    const error = await refusal(openAt(path));
    expect(error.code).toBe("Damaged");
    expect(error.message).not.toContain("\n");
    expect(error.message).toContain(`run "kubefacade storage repair --data-dir ${path}"`);
    return error.message;
  }

  test("in the last commit is found, though LevelDB would drop it without a word, and names what is lost", async () => {
    const path = await grown();
    const log = await fileIn(path, ".log");
    const position = (await readFile(log)).indexOf("last");
    await flip(log, position);
    expect(await damagedMessage(path)).toMatch(
      /db\/\d+\.log: a batch fails its checksum \(byte \d+\); lost: revision 202/,
    );
  });

  test("by cutting off the last commit is found", async () => {
    const path = await grown();
    const log = await fileIn(path, ".log");
    await truncate(log, (await readFile(log)).indexOf("last"));
    expect(await damagedMessage(path)).toMatch(/lost: revision 202/);
  });

  test("in a table is found, named, and costs one record", async () => {
    const path = await grown();
    const table = await fileIn(path, ".ldb");
    await flip(table, (await readFile(table)).indexOf("160 xxx"));
    const message = await damagedMessage(path);
    expect(message).toMatch(
      /db\/\d+\.ldb: a table block fails its checksum \(byte \d+\); lost: revision 162/,
    );
    const report = await repairLevelStorage({ path });
    expect(report).toMatchObject({
      kept: 199,
      lost: { revisions: [{ revision: 162 }], older: 0 },
      revision: 203,
    });
    await using(path, async (storage) => {
      expect(storage.revision).toBe(203);
      expect(await storage.get("/fill/160")).toBeUndefined();
      expect(text(await storage.get("/fill/199"))).toBe("last");
      expect((await refusal(storage.list("/", { revision: 202 }))).code).toBe("RevisionCompacted");
    });
    expect(report.damagedDirectory).toBe(join(path, "storage.damaged-1"));
    expect(await readdir(join(report.damagedDirectory, "db"))).toContain("CURRENT");
  });

  test("by removing any file that matters is found, and a repair saves what the others hold", async () => {
    const whole = await grown();
    const ends = ["CURRENT", ".ldb", ".log", "MANIFEST-000004"];
    for (const name of ends) {
      const path = await newPath();
      await cp(whole, path, { recursive: true });
      await rm(await fileIn(path, name));
      await damagedMessage(path);
      const { kept, lost } = await repairLevelStorage({ path });
      if (name === ".ldb") expect(kept).toBeLessThan(200);
      else expect(kept).toBe(200);
      expect(lost.revisions.length > 0).toBe(name === ".ldb" || name === ".log");
      await using(path, async (storage) => expect(await storage.count("/")).toBe(kept));
    }
  });

  test("to the head file is found: without it nobody could tell that the last commits are there", async () => {
    for (const harm of [
      (path: string) => rm(join(path, "storage", "head")),
      (path: string) => truncate(join(path, "storage", "head"), 0),
      (path: string) => writeFile(join(path, "storage", "head"), Buffer.alloc(8192)),
    ]) {
      const path = await grown();
      await harm(path);
      expect(await damagedMessage(path)).toMatch(/head is missing or not readable; nothing is lost/);
      expect((await repairLevelStorage({ path })).kept).toBe(200);
    }
  });

  test("to one slot of the head file is no damage: the other one still proves the rest", async () => {
    for (const slot of [0, 4096]) {
      const path = await grown();
      await flip(join(path, "storage", "head"), slot + 20);
      await using(path, async (storage) => expect(storage.revision).toBe(202));
    }
  });

  test("an older copy of the database under a newer head file is found", async () => {
    const path = await newPath();
    await using(path, (storage) => fill(storage, 10));
    await cp(join(path, "storage", "db"), join(path, "older"), { recursive: true });
    await using(path, (storage) => storage.create("/more", value("")));
    await rm(join(path, "storage", "db"), { recursive: true });
    await cp(join(path, "older"), join(path, "storage", "db"), { recursive: true });
    expect(await damagedMessage(path)).toMatch(/revision 12 is missing; lost: revision 12/);
  });

  test("a refusal leaves all files as they were", async () => {
    const path = await grown();
    const table = await fileIn(path, ".ldb");
    await flip(table, 100);
    const files = async () => {
      const names = await readdir(join(path, "storage", "db"));
      const kept = names.filter((name) => !name.startsWith("LO")).sort();
      return Promise.all(kept.map((name) => readFile(join(path, "storage", "db", name), "latin1")));
    };
    const before = await files();
    await damagedMessage(path);
    await damagedMessage(path);
    expect(await files()).toEqual(before);
  });

  test("a repair that was killed just before its end is finished by the next opening", async () => {
    const path = await grown();
    await cp(join(path, "storage"), join(path, "storage.repaired"), { recursive: true });
    await rm(join(path, "storage"), { recursive: true });
    await using(path, async (storage) => expect(await storage.count("/")).toBe(200));
  });

  test("a repair of what is not there is refused", async () => {
    expect((await refusal(repairLevelStorage({ path: await newPath() }))).code).toBe("Failed");
  });

  test("a storage that was killed before its first commit opens empty", async () => {
    const path = await newPath();
    await using(path, async () => undefined);
    await rm(join(path, "storage", "head"));
    await truncate(await fileIn(path, ".log"), 0);
    await using(path, async (storage) => {
      expect(storage.revision).toBe(1);
      await storage.create("/a", value(""));
    });
    await using(path, async (storage) => expect(await storage.count("/")).toBe(1));
  });
});

describe("a disk that takes no more", () => {
  const script = fileURLToPath(new URL("full-disk.child.ts", import.meta.url));

  test.skipIf(process.platform === "win32")(
    "ends the writes, tells so, and keeps all that was acknowledged",
    { timeout: 60_000 },
    async () => {
      const path = await newPath();
      // The shell's file-size limit, in blocks of 512 bytes, stands in for a full disk: writes fail with an error.
      const command = `ulimit -f 2000; exec "$0" "$1" "$2"`;
      const child = spawnSync("sh", ["-c", command, process.execPath, script, path], { encoding: "utf8" });
      expect(child.stderr).toBe("");
      const told = JSON.parse(child.stdout) as { acknowledged: string[]; codes: string[]; failed: boolean };
      expect(told.failed).toBe(true);
      expect(told.acknowledged.length).toBeGreaterThan(5);
      expect(new Set(told.codes)).toEqual(new Set(["Failed"]));
      await using(path, async (storage) => {
        const keys = new Set(keysOf((await storage.list("/")).entries));
        expect(told.acknowledged.filter((key) => !keys.has(key))).toEqual([]);
      });
    },
  );

  test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "or lets nobody in is told as a failure, not as damage",
    async () => {
      const path = await newPath();
      await using(path, (storage) => fill(storage, 1));
      const directory = await open(join(path, "storage", "db"));
      await directory.chmod(0o000);
      expect((await refusal(openAt(path))).code).toBe("Failed");
      await directory.chmod(0o700);
      await directory.close();
    },
  );
});
