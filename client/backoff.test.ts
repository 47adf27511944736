import { expect, test } from "vitest";
import { ManualClock } from "../api/manual-clock.ts";
import { Backoff } from "./backoff.ts";

test("delays double up to the longest, up to twice that by chance, and begin anew after a quiet time", () => {
  const clock = new ManualClock();
  const chances = [0, 0, 0.5, 0, 0];
  const random = { next: () => chances.shift()!, uuid: () => "" };
  const delays = new Backoff({ clock, random, first: 100, longest: 300, reset: 1000 });
  expect([delays.next(), delays.next(), delays.next(), delays.next()]).toEqual([100, 200, 450, 300]);
  clock.advance(1001);
  expect(delays.next()).toBe(100);
});
