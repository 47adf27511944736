import { crc32, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Entry } from "../storage/contract.ts";
import { combineCrc32 } from "./crc32-combine.ts";
import { GzipBlocks } from "./gzip-blocks.ts";

const entry = (name: string, revision: number): Entry => ({
  key: `/registry/pods/default/${name}`,
  bytes: Buffer.from(JSON.stringify({ name, revision, text: `${name} `.repeat(50) })),
  revision,
});

async function unpacked(blocks: GzipBlocks, entries: readonly Entry[], form = "v1"): Promise<string> {
  const made: Entry[] = [];
  const list = {
    form,
    start: Buffer.from('{"items":['),
    entries,
    item(one: Entry) {
      made.push(one);
      return [Buffer.from(`{"form":"${form}","of":`), one.bytes, Buffer.from("}")];
    },
    separator: Buffer.from(","),
    end: Buffer.from("]}"),
  };
  const pieces: Uint8Array[] = [];
  for await (const piece of blocks.pack(list)) pieces.push(piece);
  lastMade = made;
  return gunzipSync(Buffer.concat(pieces)).toString();
}

let lastMade: readonly Entry[] = [];

const plain = (entries: readonly Entry[], form = "v1") =>
  `{"items":[${entries.map(({ bytes }) => `{"form":"${form}","of":${bytes}}`).join(",")}]}`;

test("a list unpacks to its text, whatever its length", async () => {
  const blocks = new GzipBlocks();
  for (const count of [0, 1, 2, 15, 16, 17, 300]) {
    const entries = Array.from({ length: count }, (_, i) => entry(`pod-${i}`, i + 1));
    expect(await unpacked(blocks, entries)).toBe(plain(entries));
  }
});

test("after changes, only blocks with a change are made again, and the list shows them", async () => {
  const blocks = new GzipBlocks();
  const entries = Array.from({ length: 300 }, (_, i) => entry(`pod-${i}`, i + 1));
  await unpacked(blocks, entries);
  expect(lastMade).toHaveLength(300);
  await unpacked(blocks, entries);
  expect(lastMade).toHaveLength(0);
  const changed = entries
    .with(100, entry("pod-100", 1000))
    .toSpliced(200, 1)
    .toSpliced(50, 0, entry("new", 1001));
  expect(await unpacked(blocks, changed)).toBe(plain(changed));
  expect(lastMade.length).toBeLessThan(250);
});

test("the same entries in another form are another text", async () => {
  const blocks = new GzipBlocks();
  const entries = Array.from({ length: 40 }, (_, i) => entry(`pod-${i}`, i + 1));
  await unpacked(blocks, entries, "v1");
  expect(await unpacked(blocks, entries, "v2")).toBe(plain(entries, "v2"));
});

test("checksums combine to the checksum of the whole", () => {
  for (const [first, second] of [
    ["", ""],
    ["a", ""],
    ["", "b"],
    ["hello ", "world"],
    ["x".repeat(1000), "y".repeat(70_001)],
  ] as const) {
    const combined = combineCrc32(crc32(first), crc32(second), second.length);
    expect(combined).toBe(crc32(first + second));
  }
});
