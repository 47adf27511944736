/** Schedules of CronJobs. Source: ParseStandard of github.com/robfig/cron v3.0.1. */
import { goQuote } from "./go-format.ts";
import { parseDuration, TimeError } from "./time.ts";
import { timeZoneProblem } from "./time-zones.ts";

interface Bounds {
  min: number;
  max: number;
  names?: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fieldBounds: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: months },
  { min: 0, max: 6, names: days },
];

const descriptors = new Set([
  "@yearly",
  "@annually",
  "@monthly",
  "@weekly",
  "@daily",
  "@midnight",
  "@hourly",
]);

class CronError extends Error {
  override readonly name = "CronError";
}

/** What is wrong with a schedule, in upstream's words. */
export function cronProblem(schedule: string): string | undefined {
  try {
    checkSchedule(schedule);
    return undefined;
  } catch (error) {
    if (error instanceof CronError) return error.message;
    throw error;
  }
}

function checkSchedule(schedule: string): void {
  if (schedule === "") throw new CronError("empty spec string");
  const spec = withoutTimeZone(schedule);
  if (spec.startsWith("@")) {
    checkDescriptor(spec);
    return;
  }
  const fields = spec.split(/[\s\u0085]+/).filter((field) => field !== "");
  if (fields.length !== fieldBounds.length) {
    const found = `[${fields.join(" ")}]`;
    throw new CronError(`expected exactly 5 fields, found ${fields.length}: ${found}`);
  }
  fieldBounds.forEach((bounds, index) => {
    for (const range of fields[index]!.split(",")) if (range !== "") checkRange(range, bounds);
  });
}

function withoutTimeZone(schedule: string): string {
  if (!schedule.startsWith("TZ=") && !schedule.startsWith("CRON_TZ=")) return schedule;
  const space = schedule.indexOf(" ");
  if (space < 0) {
    // Upstream panics here, and tells so.
    throw new CronError("invalid schedule format: runtime error: slice bounds out of range [:-1]");
  }
  const zone = schedule.slice(schedule.indexOf("=") + 1, space);
  const problem = timeZoneProblem(zone);
  if (problem !== undefined) throw new CronError(`provided bad location ${zone}: ${problem}`);
  return schedule.slice(space).trim();
}

function checkDescriptor(descriptor: string): void {
  if (descriptors.has(descriptor)) return;
  const every = "@every ";
  if (!descriptor.startsWith(every)) throw new CronError(`unrecognized descriptor: ${descriptor}`);
  try {
    parseDuration(descriptor.slice(every.length));
  } catch (error) {
    if (!(error instanceof TimeError)) throw error;
    throw new CronError(`failed to parse duration ${descriptor}: ${error.message}`);
  }
}

/** number, or number-number, with /step or without. */
function checkRange(range: string, { min, max, names }: Bounds): void {
  const [limits = "", stepText, ...moreSteps] = range.split("/");
  const [low = "", high, ...moreLimits] = limits.split("-");
  let start = BigInt(min);
  let end = BigInt(max);
  if (low !== "*" && low !== "?") {
    start = numberOrName(low, min, names);
    if (moreLimits.length > 0) throw new CronError(`too many hyphens: ${range}`);
    end = high === undefined ? start : numberOrName(high, min, names);
  }
  if (moreSteps.length > 0) throw new CronError(`too many slashes: ${range}`);
  const step = stepText === undefined ? 1n : parseNumber(stepText);
  // "5/10" is "5-59/10".
  if (stepText !== undefined && high === undefined) end = BigInt(max);
  if (start < min) throw new CronError(`beginning of range (${start}) below minimum (${min}): ${range}`);
  if (end > max) throw new CronError(`end of range (${end}) above maximum (${max}): ${range}`);
  if (start > end) {
    throw new CronError(`beginning of range (${start}) beyond end of range (${end}): ${range}`);
  }
  if (step === 0n) throw new CronError(`step of range should be a positive number: ${range}`);
}

function numberOrName(text: string, first: number, names: readonly string[] = []): bigint {
  const at = names.indexOf(text.toLowerCase());
  return at < 0 ? parseNumber(text) : BigInt(at + first);
}

function parseNumber(text: string): bigint {
  const failed = (why: string) =>
    new CronError(`failed to parse int from ${text}: strconv.Atoi: parsing ${goQuote(text)}: ${why}`);
  if (!/^\+?[0-9]+$/.test(text)) throw failed("invalid syntax");
  const significant = text.replace(/^\+?0*/, "");
  if (significant.length > 19 || BigInt(significant || "0") >= 2n ** 63n) throw failed("value out of range");
  return BigInt(significant || "0");
}
