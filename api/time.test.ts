import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  canonicalMicroTime,
  canonicalTime,
  formatDuration,
  formatMicroTime,
  formatTime,
  parseDuration,
  parseMicroTime,
  parseTime,
} from "./time.ts";

describe("times", () => {
  test.each([
    ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"],
    ["2026-01-02T03:04:05.999Z", "2026-01-02T03:04:05Z"],
    ["2026-01-02T03:04:05,5Z", "2026-01-02T03:04:05Z"],
    ["2026-01-02T3:04:05Z", "2026-01-02T03:04:05Z"],
    ["2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z"],
    ["2026-01-02T00:04:05-24:60", "2026-01-03T01:04:05Z"],
    ["0099-01-02T03:04:05Z", "0099-01-02T03:04:05Z"],
    ["9999-12-31T23:59:59-01:00", "10000-01-01T00:59:59Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"],
    ["0001-01-01T00:00:00Z", null],
  ])("%s is kept as %s", (text, kept) => {
    expect(canonicalTime(text)).toBe(kept);
  });

  // Compared with Go 1.26.
  test.each([
    ["", 'parsing time "" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006"'],
    [
      "yesterday",
      'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    ],
    ["2026-01-02", 'parsing time "2026-01-02" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"'],
    [
      "2026-01-02T03:04:05",
      'parsing time "2026-01-02T03:04:05" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"',
    ],
    ["2026-13-02T03:04:05Z", 'parsing time "2026-13-02T03:04:05Z": month out of range'],
    ["2026-02-30T03:04:05Z", 'parsing time "2026-02-30T03:04:05Z": day out of range'],
    ["2026-02-03T24:04:05Z", 'parsing time "2026-02-03T24:04:05Z": hour out of range'],
    ["2026-02-03T04:04:05Zé", 'parsing time "2026-02-03T04:04:05Z\\xc3\\xa9": extra text: "\\xc3\\xa9"'],
  ])("%j is refused in Go's words", (text, message) => {
    expect(() => parseTime(text)).toThrow(message);
  });

  test("any second survives", () => {
    fc.assert(
      fc.property(fc.integer({ min: -62135596799, max: 253402300799 }), (seconds) => {
        const text = formatTime({ seconds, nanoseconds: 0 }) ?? "";
        expect(parseTime(text).seconds).toBe(seconds);
        expect(canonicalTime(text)).toBe(text);
      }),
    );
  });
});

describe("times with microseconds", () => {
  test("keep six digits and need them", () => {
    expect(canonicalMicroTime("2026-01-02T03:04:05.123456+00:00")).toBe("2026-01-02T03:04:05.123456Z");
    expect(() => parseMicroTime("2026-01-02T03:04:05Z")).toThrow(
      'parsing time "2026-01-02T03:04:05Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
    );
    expect(formatMicroTime({ seconds: 0, nanoseconds: 1999 })).toBe("1970-01-01T00:00:00.000001Z");
  });
});

describe("durations", () => {
  test.each([
    ["0", "0s"],
    ["1h2m3.5s", "1h2m3.5s"],
    ["90s", "1m30s"],
    ["-1.5h", "-1h30m0s"],
    ["1500us", "1.5ms"],
    ["100ns", "100ns"],
    [".5s", "500ms"],
    ["+1m", "1m0s"],
  ])("%s is %s", (text, canonical) => {
    expect(formatDuration(parseDuration(text))).toBe(canonical);
  });

  test.each([
    ["", 'time: invalid duration ""'],
    ["1", 'time: missing unit in duration "1"'],
    ["1d", 'time: unknown unit "d" in duration "1d"'],
    [".s", 'time: invalid duration ".s"'],
    ["9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'],
  ])("%j is refused in Go's words", (text, message) => {
    expect(() => parseDuration(text)).toThrow(message);
  });

  test("any duration survives", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (nanoseconds) => {
        expect(parseDuration(formatDuration(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });
});
