import { expect, test } from "vitest";
import { timeZoneProblem } from "./time-zones.ts";

test.each([
  "",
  "UTC",
  "Local",
  "Europe/Berlin",
  "America/Argentina/Buenos_Aires",
  "W-SU",
  "Etc/GMT+5",
  "GMT-0",
])("%j is known", (name) => {
  expect(timeZoneProblem(name)).toBeUndefined();
});

test.each([
  ["europe/berlin", "unknown time zone europe/berlin"],
  ["Europe", "unknown time zone Europe"],
  ["-/UTC", "unknown time zone -/UTC"],
  ["../UTC", "time: invalid location name"],
  ["/UTC", "time: invalid location name"],
])("%j is refused in Go's words", (name, problem) => {
  expect(timeZoneProblem(name)).toBe(problem);
});
