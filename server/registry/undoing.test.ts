import { expect, test } from "vitest";
import { undoing } from "./undoing.ts";

const fail = new Error("refused");

test.each([
  { dryRun: false, write: async () => "done", undone: 0 },
  { dryRun: true, write: async () => "tried", undone: 1 },
  { dryRun: false, write: () => Promise.reject(fail), undone: 1 },
])("what was reserved is given back unless it is used: $undone", async ({ dryRun, write, undone }) => {
  let count = 0;
  const undo = async () => {
    count++;
  };
  await undoing(dryRun, undo, write).catch((error) => expect(error).toBe(fail));
  expect(count).toBe(undone);
});
