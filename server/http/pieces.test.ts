import { expect, test } from "vitest";
import { PieceBuffers, PieceJoiner, pieceSize } from "./pieces.ts";

test("parts of any length are joined in order", () => {
  const joiner = new PieceJoiner(new PieceBuffers());
  const parts = [Buffer.from("a"), Buffer.alloc(3 * pieceSize, "b"), Buffer.from("c")];
  for (const part of parts) joiner.add(part);
  expect(Buffer.compare(joiner.take(), Buffer.concat(parts))).toBe(0);
  joiner.add(Buffer.from("next"));
  expect(Buffer.from(joiner.take()).toString()).toBe("next");
});

test("a piece is full at its size", () => {
  const joiner = new PieceJoiner(new PieceBuffers());
  joiner.add(Buffer.alloc(pieceSize - 1));
  expect(joiner.isFull).toBe(false);
  joiner.add(Buffer.alloc(1));
  expect(joiner.isFull).toBe(true);
  joiner.take();
  expect(joiner.isFull).toBe(false);
});

test("a piece keeps its bytes until its buffer is given back", () => {
  const buffers = new PieceBuffers();
  const joiner = new PieceJoiner(buffers);
  const pieceOf = (text: string) => {
    joiner.add(Buffer.from(text));
    return joiner.take();
  };
  const [one, two] = [pieceOf("one"), pieceOf("two")];
  expect([one, two].map((piece) => Buffer.from(piece).toString())).toEqual(["one", "two"]);
  buffers.give(one);
  const three = pieceOf("three");
  expect(three.buffer).toBe(one.buffer);
  expect(Buffer.from(two).toString()).toBe("two");
});
