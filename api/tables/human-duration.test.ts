import { expect, test } from "vitest";
import { age, humanDuration, shortHumanDuration } from "./human-duration.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

test.each([
  [-2 * second, "<invalid>"],
  [-second, "0s"],
  [0, "0s"],
  [119 * second, "119s"],
  [120 * second, "2m"],
  [9 * minute + 59 * second, "9m59s"],
  [10 * minute + 59 * second, "10m"],
  [179 * minute, "179m"],
  [3 * hour, "3h"],
  [7 * hour + 59 * minute, "7h59m"],
  [47 * hour, "47h"],
  [2 * day, "2d"],
  [7 * day + 23 * hour, "7d23h"],
  [8 * day + 23 * hour, "8d"],
  [729 * day, "729d"],
  [730 * day, "2y"],
  [731 * day, "2y1d"],
  [365 * 8 * day, "8y"],
])("%d ms are shown as %s", (milliseconds, text) => {
  expect(humanDuration(milliseconds)).toBe(text);
});

test("the short form has one figure", () => {
  expect(shortHumanDuration(90 * second)).toBe("1m");
  expect(shortHumanDuration(25 * hour)).toBe("1d");
  expect(shortHumanDuration(400 * day)).toBe("1y");
});

test("an age without a start is unknown", () => {
  expect(age(undefined, 0)).toBe("<unknown>");
  expect(age("1970-01-01T00:00:00Z", 5 * second)).toBe("5s");
});
