import { describe, expect, test } from "vitest";
import { cronProblem, parseCronSchedule } from "./cron-schedule.ts";

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

/** What github.com/robfig/cron answers: the zone, the time before, and the next times. */
describe("the next times", () => {
  test.each<[string, string, string, string[]]>([
    [
      "*/15 * * * *",
      "UTC",
      "2026-03-01T10:07:31Z",
      ["2026-03-01T10:15:00Z", "2026-03-01T10:30:00Z", "2026-03-01T10:45:00Z", "2026-03-01T11:00:00Z"],
    ],
    [
      "0 9 * * mon-fri",
      "UTC",
      "2026-03-06T09:00:00Z",
      ["2026-03-09T09:00:00Z", "2026-03-10T09:00:00Z", "2026-03-11T09:00:00Z", "2026-03-12T09:00:00Z"],
    ],
    [
      "30 2 * * *",
      "Europe/Berlin",
      "2026-03-28T12:00:00Z",
      ["2026-03-30T00:30:00Z", "2026-03-31T00:30:00Z", "2026-04-01T00:30:00Z", "2026-04-02T00:30:00Z"],
    ],
    [
      "30 2 * * *",
      "Europe/Berlin",
      "2026-10-24T12:00:00Z",
      ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-26T01:30:00Z", "2026-10-27T01:30:00Z"],
    ],
    [
      "0 0 * * *",
      "America/Sao_Paulo",
      "2018-11-03T12:00:00Z",
      ["2018-11-05T02:00:00Z", "2018-11-06T02:00:00Z", "2018-11-07T02:00:00Z", "2018-11-08T02:00:00Z"],
    ],
    [
      "0 * * * *",
      "America/New_York",
      "2026-11-01T04:30:00Z",
      ["2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z", "2026-11-01T07:00:00Z", "2026-11-01T08:00:00Z"],
    ],
    [
      "0 0 29 2 *",
      "UTC",
      "2026-01-01T00:00:00Z",
      ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z", "2036-02-29T00:00:00Z", "2040-02-29T00:00:00Z"],
    ],
    [
      "0 0 13 * fri",
      "UTC",
      "2026-02-01T00:00:00Z",
      ["2026-02-06T00:00:00Z", "2026-02-13T00:00:00Z", "2026-02-20T00:00:00Z", "2026-02-27T00:00:00Z"],
    ],
    ["0 0 31 2 *", "UTC", "2026-01-01T00:00:00Z", [""]],
    [
      "@every 90s",
      "UTC",
      "2026-01-01T00:00:00.500Z",
      ["2026-01-01T00:01:30Z", "2026-01-01T00:03:00Z", "2026-01-01T00:04:30Z", "2026-01-01T00:06:00Z"],
    ],
    [
      "@weekly",
      "Asia/Kolkata",
      "2026-01-01T00:00:00Z",
      ["2026-01-03T18:30:00Z", "2026-01-10T18:30:00Z", "2026-01-17T18:30:00Z", "2026-01-24T18:30:00Z"],
    ],
    [
      "5/20 3-5 1,15 * ?",
      "Australia/Lord_Howe",
      "2026-04-01T00:00:00Z",
      ["2026-04-14T16:35:00Z", "2026-04-14T16:55:00Z", "2026-04-14T17:15:00Z", "2026-04-14T17:35:00Z"],
    ],
    [
      "0 12 1 1 *",
      "Pacific/Apia",
      "2011-06-01T00:00:00Z",
      ["2011-12-31T22:00:00Z", "2012-12-31T22:00:00Z", "2013-12-31T22:00:00Z", "2014-12-31T22:00:00Z"],
    ],
    [
      "15 0 * * *",
      "Pacific/Apia",
      "2011-12-29T00:00:00Z",
      ["2011-12-29T10:15:00Z", "2011-12-30T10:15:00Z", "2011-12-31T10:15:00Z", "2012-01-01T10:15:00Z"],
    ],
  ])("%s in %s after %s", (text, zone, before, expected) => {
    const schedule = parseCronSchedule(text, zone);
    const found: string[] = [];
    let time: number | undefined = Date.parse(before);
    for (const _ of expected) {
      time = schedule.next(time!);
      found.push(time === undefined ? "" : new Date(time).toISOString().replace(".000", ""));
    }
    expect(found).toEqual(expected);
    expect(parseCronSchedule(`TZ=${zone} ${text}`).next(Date.parse(before))).toBe(
      schedule.next(Date.parse(before)),
    );
  });
});
