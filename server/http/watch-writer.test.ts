import { expect, test } from "vitest";
import type { Exchange } from "./request-context.ts";
import { ChunkCache, WatchWriter } from "./watch-writer.ts";

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

function watchOf() {
  const written: string[] = [];
  const turn: (() => void)[] = [];
  const socket = { writableNeedDrain: false, write: (bytes: Uint8Array) => written.push(String(bytes)) };
  const endOfTurn = { add: () => undefined, addEvents: (write: () => void) => turn.push(write) };
  const exchange = { request: { httpVersion: "1.1" }, response: { socket }, endOfTurn };
  const writer = new WatchWriter(exchange as unknown as Exchange, new ChunkCache());
  const endTurn = () => {
    for (const write of turn.splice(0)) write();
  };
  return { writer, written, endTurn };
}

test("frames of one turn are one write", () => {
  const { writer, written, endTurn } = watchOf();
  writer.write([Buffer.from("one")]);
  writer.write([Buffer.from("two")]);
  expect(written).toEqual([]);
  endTurn();
  writer.write([Buffer.from("three")]);
  writer.flush();
  endTurn();
  expect(written).toEqual(["6\r\nonetwo\r\n", "5\r\nthree\r\n"]);
});

test("what is too much to be kept back is written at once", () => {
  const { writer, written } = watchOf();
  writer.write([Buffer.alloc(256 * 1024, "x")]);
  expect(written).toHaveLength(0);
  writer.write([Buffer.from("y")]);
  expect(written).toHaveLength(1);
});
