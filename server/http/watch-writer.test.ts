import { expect, test } from "vitest";
import { ChunkCache } from "./watch-writer.ts";

test("frames of one batch become one chunk, which watchers share", () => {
  const chunks = new ChunkCache();
  const frames = [Buffer.from('{"type":"ADDED"}\n'), Buffer.from('{"type":"DELETED"}\n')];
  const chunk = chunks.of(frames);
  expect(Buffer.from(chunk).toString()).toBe('24\r\n{"type":"ADDED"}\n{"type":"DELETED"}\n\r\n');
  expect(chunks.of([...frames])).toBe(chunk);
});

test("frames that differ in the middle are another chunk", () => {
  const chunks = new ChunkCache();
  const [first, last] = [Buffer.from("first"), Buffer.from("last")];
  const one = chunks.of([first, Buffer.from("one"), last]);
  const two = chunks.of([first, Buffer.from("two"), last]);
  expect(Buffer.from(one).toString()).toBe("c\r\nfirstonelast\r\n");
  expect(Buffer.from(two).toString()).toBe("c\r\nfirsttwolast\r\n");
});
