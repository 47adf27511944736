import { expect, test } from "vitest";
import { ManualClock } from "../../api/manual-clock.ts";
import { Expectations } from "./expectations.ts";
import { slowStart } from "./slow-start.ts";

test("creations are waited for, and deletions each once", () => {
  const expectations = new Expectations(new ManualClock());
  expect(expectations.isSatisfied("k")).toBe(true);
  expectations.expectCreations("k", 2);
  expectations.creationObserved("k");
  expect(expectations.isSatisfied("k")).toBe(false);
  expectations.creationObserved("k");
  expect(expectations.isSatisfied("k")).toBe(true);

  expectations.expectDeletions("k", ["a", "b"]);
  expectations.deletionObserved("k", "a");
  expectations.deletionObserved("k", "a");
  expectations.deletionObserved("k", "c");
  expect(expectations.isSatisfied("k")).toBe(false);
  expectations.deletionObserved("k", "b");
  expect(expectations.isSatisfied("k")).toBe(true);
});

test("nothing is waited for longer than five minutes, or when it is forgotten", () => {
  const clock = new ManualClock();
  const expectations = new Expectations(clock);
  expectations.expectCreations("k", 1);
  clock.advance(300_000);
  expect(expectations.isSatisfied("k")).toBe(false);
  clock.advance(1);
  expect(expectations.isSatisfied("k")).toBe(true);
  expectations.expectCreations("k", 1);
  expectations.forget("k");
  expect(expectations.isSatisfied("k")).toBe(true);
});

test("a start is slow: 1, 2, 4 at a time, and no more after a failure", async () => {
  const starts: number[] = [];
  let running = 0;
  const run = async (fails: (started: number) => boolean) => {
    const started = starts.length;
    running++;
    starts.push(running);
    await Promise.resolve();
    running--;
    if (fails(started)) throw new Error(`no ${started}`);
  };
  expect(await slowStart(9, () => run(() => false))).toEqual({ succeeded: 9 });
  expect(starts).toEqual([1, 1, 2, 1, 2, 3, 4, 1, 2]);
  starts.length = 0;
  const failed = await slowStart(9, () => run((started) => started === 4 || started === 5));
  expect(failed).toEqual({ succeeded: 5, error: new Error("no 4") });
  expect(starts).toHaveLength(7);
});
