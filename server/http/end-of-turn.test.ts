import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { EndOfTurn } from "./end-of-turn.ts";

test("writes of one turn are done together, in their order, when it ends", async () => {
  const done: string[] = [];
  const end = new EndOfTurn(() => undefined);
  end.add(() => done.push("first"));
  await Promise.resolve();
  end.add(() => done.push("second"));
  expect(done).toEqual([]);
  await turn();
  expect(done).toEqual(["first", "second"]);
  end.add(() => done.push("third"));
  await turn();
  expect(done).toEqual(["first", "second", "third"]);
});

test("a write that fails keeps no other from being done", async () => {
  const done: string[] = [];
  const failures: unknown[] = [];
  const end = new EndOfTurn((error) => failures.push(error));
  const failure = new Error("broken");
  end.add(() => {
    throw failure;
  });
  end.add(() => done.push("second"));
  await turn();
  expect(done).toEqual(["second"]);
  expect(failures).toEqual([failure]);
});
