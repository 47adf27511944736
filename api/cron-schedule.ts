/** Schedules of CronJobs. Source: ParseStandard of github.com/robfig/cron v3.0.1. */
import { goQuote } from "./go-format.ts";
import { parseDuration, TimeError } from "./time.ts";
import { timeZoneProblem } from "./time-zones.ts";
import { fieldsIn, instantIn } from "./zoned-time.ts";

interface Bounds {
  min: number;
  max: number;
  names?: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const minutes: Bounds = { min: 0, max: 59 };
const hours: Bounds = { min: 0, max: 23 };
const daysOfMonth: Bounds = { min: 1, max: 31 };
const monthsOfYear: Bounds = { min: 1, max: 12, names: months };
const daysOfWeek: Bounds = { min: 0, max: 6, names: days };
const fieldBounds = [minutes, hours, daysOfMonth, monthsOfYear, daysOfWeek] as const;

/** What they stand for. */
const descriptors: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** The values of a field that match. */
interface Field {
  values: ReadonlySet<number>;
  /** All of them, as a star says: then only the other kind of day counts. */
  isStar: boolean;
}

/** When something is to happen. */
export interface CronSchedule {
  /** The first time after this one, in milliseconds of the epoch; undefined: none within five years. */
  next(after: number): number | undefined;
}

/** What is wrong with a schedule. */
export class CronError extends Error {
  override readonly name = "CronError";
}

/** What is wrong with a schedule, in upstream's words. */
export function cronProblem(schedule: string): string | undefined {
  try {
    parseCronSchedule(schedule);
    return undefined;
  } catch (error) {
    if (error instanceof CronError) return error.message;
    throw error;
  }
}

/**
 * Where the schedule names no time zone, this one counts.
 * @throws CronError in upstream's words
 */
export function parseCronSchedule(schedule: string, timeZone = "UTC"): CronSchedule {
  if (schedule === "") throw new CronError("empty spec string");
  const [spec, zone] = splitTimeZone(schedule, timeZone);
  if (spec.startsWith(every)) return parseEvery(spec);
  const descriptor = Object.hasOwn(descriptors, spec) ? descriptors[spec] : undefined;
  if (spec.startsWith("@") && descriptor === undefined)
    throw new CronError(`unrecognized descriptor: ${spec}`);
  const fields = (descriptor ?? spec).split(/[\s\u0085]+/).filter((field) => field !== "");
  if (fields.length !== fieldBounds.length) {
    const found = `[${fields.join(" ")}]`;
    throw new CronError(`expected exactly 5 fields, found ${fields.length}: ${found}`);
  }
  const parsed = fieldBounds.map((bounds, index) => parseField(fields[index]!, bounds));
  return new SpecSchedule(parsed, zone);
}

function splitTimeZone(schedule: string, timeZone: string): readonly [spec: string, zone: string] {
  if (!schedule.startsWith("TZ=") && !schedule.startsWith("CRON_TZ=")) return [schedule, timeZone];
  const space = schedule.indexOf(" ");
  if (space < 0) {
    // Upstream panics here, and tells so.
    throw new CronError("invalid schedule format: runtime error: slice bounds out of range [:-1]");
  }
  const zone = schedule.slice(schedule.indexOf("=") + 1, space);
  const problem = timeZoneProblem(zone);
  if (problem !== undefined) throw new CronError(`provided bad location ${zone}: ${problem}`);
  return [schedule.slice(space).trim(), zone];
}

const every = "@every ";

/** The same time after each other, in whole seconds. */
function parseEvery(spec: string): CronSchedule {
  try {
    const duration = Number(parseDuration(spec.slice(every.length)) / 1_000_000_000n) * 1000;
    const delay = Math.max(1000, duration);
    return { next: (after) => after - (after % 1000) + delay };
  } catch (error) {
    if (!(error instanceof TimeError)) throw error;
    throw new CronError(`failed to parse duration ${spec}: ${error.message}`);
  }
}

function parseField(text: string, bounds: Bounds): Field {
  const values = new Set<number>();
  let isStar = false;
  for (const range of text.split(",").filter((part) => part !== "")) {
    const { start, end, step, isAll } = parseRange(range, bounds);
    for (let value = start; value <= end; value += step) values.add(value);
    isStar ||= isAll;
  }
  return { values, isStar };
}

/** number, or number-number, with /step or without. */
function parseRange(
  range: string,
  { min, max, names }: Bounds,
): { start: number; end: number; step: number; isAll: boolean } {
  const [limits = "", stepText, ...moreSteps] = range.split("/");
  const [low = "", high, ...moreLimits] = limits.split("-");
  let start = BigInt(min);
  let end = BigInt(max);
  const isStar = low === "*" || low === "?";
  if (!isStar) {
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
  return { start: Number(start), end: Number(end), step: Number(step), isAll: isStar && step === 1n };
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

const minute = 60_000;
const hour = 60 * minute;

/** Source: SpecSchedule of github.com/robfig/cron; its steps decide what happens where clocks change. */
class SpecSchedule implements CronSchedule {
  readonly #fields: readonly Field[];
  readonly #zone: string;

  constructor(fields: readonly Field[], zone: string) {
    this.#fields = fields;
    this.#zone = zone;
  }

  next(after: number): number | undefined {
    let time = after - (after % 1000) + 1000;
    const lastYear = this.#in(time).year + 5;
    /** What is smaller than a field that was moved starts anew. */
    let isMoved = false;
    const from = (start: () => number): void => {
      if (!isMoved) time = start();
      isMoved = true;
    };
    wrap: while (this.#in(time).year <= lastYear) {
      while (!this.#matches(3, this.#in(time).month)) {
        const { year, month } = this.#in(time);
        from(() => this.#at(year, month, 1));
        time = this.#at(year, month + 1, 1);
        if (this.#in(time).month === 1) continue wrap;
      }
      while (!this.#isDay(time)) {
        const { year, month, day } = this.#in(time);
        from(() => this.#at(year, month, day));
        const { hour: hourBefore } = this.#in(time);
        time = this.#at(year, month, day + 1, hourBefore);
        // Where there is no midnight, the day begins at another hour.
        const { hour: now } = this.#in(time);
        if (now !== 0) time += (now > 12 ? 24 - now : -now) * hour;
        if (this.#in(time).day === 1) continue wrap;
      }
      while (!this.#matches(1, this.#in(time).hour)) {
        const { year, month, day, hour: now } = this.#in(time);
        from(() => this.#at(year, month, day, now));
        time += hour;
        if (this.#in(time).hour === 0) continue wrap;
      }
      while (!this.#matches(0, this.#in(time).minute)) {
        from(() => time - (time % minute));
        time += minute;
        if (this.#in(time).minute === 0) continue wrap;
      }
      const second = this.#in(time).second;
      if (second === 0) return time;
      from(() => time);
      time += (60 - second) * 1000;
    }
    return undefined;
  }

  #in(time: number) {
    return fieldsIn(this.#zone, time);
  }

  #at(year: number, month: number, day: number, hours = 0): number {
    return instantIn(this.#zone, { year, month, day, hour: hours, minute: 0, second: 0 });
  }

  #matches(field: number, value: number): boolean {
    return this.#fields[field]!.values.has(value);
  }

  /** With both kinds of day restricted, either is enough. */
  #isDay(time: number): boolean {
    const { day, weekday } = this.#in(time);
    const [ofMonth, ofWeek] = [this.#matches(2, day), this.#matches(4, weekday)];
    const isBoth = this.#fields[2]!.isStar || this.#fields[4]!.isStar;
    return isBoth ? ofMonth && ofWeek : ofMonth || ofWeek;
  }
}
