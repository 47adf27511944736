import { expect, test } from "vitest";
import { ManualClock } from "../api/manual-clock.ts";
import { again, WorkQueue } from "./work-queue.ts";

const idle = () => new Promise(setImmediate);

function queueOf(work: (key: string) => Promise<unknown>, workers = 1, more: { firstRetry?: number } = {}) {
  const clock = new ManualClock();
  const ending = new AbortController();
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const queue = new WorkQueue({ clock, signal: ending.signal, onError, workers, work, ...more });
  return { clock, ending, errors, queue };
}

test("a key that is added often is worked on once", async () => {
  const seen: string[] = [];
  const { queue } = queueOf(async (key) => void seen.push(key));
  for (const key of ["a", "b", "a"]) queue.add(key);
  await idle();
  expect(seen).toEqual(["a", "b"]);
});

test("a key added while it is worked on comes again afterwards, with many workers too", async () => {
  const seen: string[] = [];
  const ends: (() => void)[] = [];
  const { queue } = queueOf(async (key) => {
    seen.push(key);
    await new Promise<void>((resolve) => ends.push(resolve));
  }, 2);
  queue.add("a");
  await idle();
  for (const key of ["a", "b", "c"]) queue.add(key);
  await idle();
  expect(seen).toEqual(["a", "b"]);
  for (const end of ends.splice(0)) end();
  await idle();
  expect(seen.slice(2).sort()).toEqual(["a", "c"]);
});

test("the first delay may be another", async () => {
  let attempts = 0;
  const failing = async () => {
    attempts++;
    throw new Error("not yet");
  };
  const { queue, clock } = queueOf(failing, 1, { firstRetry: 1000 });
  queue.add("a");
  for (const [time, expected] of [
    [999, 1],
    [1, 2],
    [1999, 2],
    [1, 3],
  ] as const) {
    await idle();
    clock.advance(time);
    await idle();
    expect(attempts).toBe(expected);
  }
});

test("what fails comes again, later each time", async () => {
  let attempts = 0;
  const { queue, clock, errors } = queueOf(async () => {
    if (++attempts < 3) throw new Error(`attempt ${attempts}`);
  });
  queue.add("a");
  await idle();
  clock.advance(5);
  await idle();
  expect(attempts).toBe(2);
  clock.advance(9);
  await idle();
  expect(attempts).toBe(2);
  clock.advance(1);
  await idle();
  expect([attempts, errors.length, clock.timers]).toEqual([3, 2, 0]);
});

test("after the end nothing is done and no timer is left", async () => {
  const seen: string[] = [];
  const { queue, clock, ending } = queueOf(async (key) => {
    seen.push(key);
    throw new Error("failed");
  });
  queue.add("a");
  await idle();
  ending.abort();
  queue.add("b");
  await idle();
  expect([seen, clock.timers]).toEqual([["a"], 0]);
});

test("a key that is added for later comes once, at the earliest of its times", async () => {
  const seen: number[] = [];
  const { queue, clock } = queueOf(async () => void seen.push(clock.monotonic()));
  queue.addAfter("a", 1000);
  queue.addAfter("a", 300);
  queue.addAfter("a", 500);
  clock.advance(300);
  await idle();
  clock.advance(2000);
  await idle();
  expect(seen).toHaveLength(1);
});

test("nothing is worked on before what is needed is there", async () => {
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const seen: string[] = [];
  const { signal } = new AbortController();
  const work = async (key: string) => void seen.push(key);
  const queue = new WorkQueue({ clock: new ManualClock(), signal, onError: () => undefined, ready, work });
  queue.add("a");
  await idle();
  expect(seen).toEqual([]);
  resolve();
  await idle();
  expect(seen).toEqual(["a"]);
});

test("a key that is to come again does so later each time, and nobody hears of it", async () => {
  let attempts = 0;
  const { queue, clock, errors } = queueOf(async () => (++attempts < 3 ? again : undefined));
  queue.add("a");
  for (const delay of [5, 10]) {
    await idle();
    clock.advance(delay);
  }
  await idle();
  expect([attempts, errors, clock.timers]).toEqual([3, [], 0]);
});

test("others get their turn while much is worked on, however many work", async () => {
  const turns: number[] = [];
  const { queue, clock } = queueOf(async () => {
    clock.advance(1);
    turns.push(turn);
  }, 3);
  let turn = 0;
  for (let key = 0; key < 20; key++) queue.add(String(key));
  while (turns.length < 20) {
    await idle();
    turn++;
  }
  expect(Math.max(...[...Map.groupBy(turns, String).values()].map(({ length }) => length))).toBeLessThan(9);
});
