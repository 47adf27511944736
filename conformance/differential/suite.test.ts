import { expect, test } from "vitest";
import { batches, type Entry } from "./suite.ts";

test("only cases that are apart run together, in their order", () => {
  const entry = (file: string, isApart: boolean): Entry<string> => ({ file, case: file, flags: [], isApart });
  const entries = [entry("a", true), entry("b", true), entry("c", true), entry("d", false), entry("e", true)];
  const names = batches(entries, 2).map((batch) => batch.map(({ file }) => file).join(""));
  expect(names).toEqual(["ab", "c", "d", "e"]);
});
