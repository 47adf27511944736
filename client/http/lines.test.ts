import { expect, test } from "vitest";
import { linesOf } from "./lines.ts";

test("lines are put together from pieces, and what is not ended is none", async () => {
  async function* pieces() {
    for (const text of ["on", "e\ntwo\n\nth", "re", "e\nfour"]) yield Buffer.from(text);
  }
  const lines: string[] = [];
  for await (const line of linesOf(pieces())) lines.push(line.toString());
  expect(lines).toEqual(["one", "two", "", "three"]);
});
