import { describe, expect, test } from "vitest";
import { cronProblem } from "./cron-schedule.ts";

describe("cronProblem", () => {
  test.each([
    "* * * * *",
    "? * * * ?",
    "*/5 0-12/2 1,15 jan-MAR mon",
    "59/10 23 31 12 6",
    ",,5 * * * *",
    "@hourly",
    "@midnight",
    "@every 1h30m",
    "TZ=Europe/Berlin 0 0 * * *",
    "CRON_TZ=UTC @daily",
    "TZ= * * * * *",
  ])("takes %j", (schedule) => {
    expect(cronProblem(schedule)).toBeUndefined();
  });

  test.each([
    ["", "empty spec string"],
    ["* * * *", "expected exactly 5 fields, found 4: [* * * *]"],
    ["   ", "expected exactly 5 fields, found 0: []"],
    ["60 * * * *", "end of range (60) above maximum (59): 60"],
    ["* * 0 * *", "beginning of range (0) below minimum (1): 0"],
    ["* * * * 7", "end of range (7) above maximum (6): 7"],
    ["9-2 * * * *", "beginning of range (9) beyond end of range (2): 9-2"],
    ["*/0 * * * *", "step of range should be a positive number: */0"],
    ["1-2-3 * * * *", "too many hyphens: 1-2-3"],
    ["1/2/3 * * * *", "too many slashes: 1/2/3"],
    ["x * * * *", 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    [
      "99999999999999999999 * * * *",
      'failed to parse int from 99999999999999999999: strconv.Atoi: parsing "99999999999999999999": value out of range',
    ],
    ["@never", "unrecognized descriptor: @never"],
    ["@every 5", 'failed to parse duration @every 5: time: missing unit in duration "5"'],
    ["TZ=Mars/Base * * * * *", "provided bad location Mars/Base: unknown time zone Mars/Base"],
    ["TZ=UTC", "invalid schedule format: runtime error: slice bounds out of range [:-1]"],
  ])("says what is wrong with %j", (schedule, problem) => {
    expect(cronProblem(schedule)).toBe(problem);
  });
});
