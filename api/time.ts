/**
 * Times and durations as Go parses and prints them: k8s.io/apimachinery/pkg/apis/meta/v1 Time, MicroTime, Duration and
 * Go's time package. The messages of the errors are those of time.Parse and time.ParseDuration.
 */

/** Not a time or duration. */
export class TimeError extends Error {
  override readonly name = "TimeError";
}

/** An instant: milliseconds would lose what MicroTime keeps. */
export interface Instant {
  /** Since 1970, may be negative. */
  seconds: number;
  nanoseconds: number;
}

const rfc3339 = "2006-01-02T15:04:05Z07:00";
const rfc3339Micro = "2006-01-02T15:04:05.000000Z07:00";

/** The parts of a layout: what Go calls them, and what they are called when out of range. */
type Part = { layout: string; literal: true } | { layout: string; read: (state: State) => void };

interface State {
  rest: string;
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  nanoseconds: number;
  offset: number;
  outOfRange: string;
  bad: boolean;
}

const isDigit = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
};

function readNumber(state: State, twoDigits: boolean): number {
  const { rest } = state;
  const digits = isDigit(rest, 0) ? (isDigit(rest, 1) ? 2 : 1) : 0;
  if (digits === 0 || (digits === 1 && twoDigits)) {
    state.bad = true;
    return 0;
  }
  state.rest = rest.slice(digits);
  return Number(rest.slice(0, digits));
}

function readFraction(state: State, digits: number): void {
  const { rest } = state;
  const text = rest.slice(1, digits + 1);
  if (!/^[.,]$/.test(rest.charAt(0)) || !/^\d+$/.test(text) || text.length < digits) state.bad = true;
  else {
    state.nanoseconds = Number(text.slice(0, 9).padEnd(9, "0"));
    state.rest = rest.slice(digits + 1);
  }
}

function readSecond(state: State, fractionFollows: boolean): void {
  state.second = readNumber(state, true);
  if (state.bad) return;
  if (state.second >= 60) state.outOfRange = "second";
  else if (!fractionFollows && /^[.,]\d/.test(state.rest)) {
    let digits = 1;
    while (isDigit(state.rest, digits + 1)) digits++;
    readFraction(state, digits);
  }
}

function readZone(state: State): void {
  const { rest } = state;
  if (rest.startsWith("Z")) {
    state.rest = rest.slice(1);
    return;
  }
  if (rest.length < 6 || rest[3] !== ":") {
    state.bad = true;
    return;
  }
  const [hours, minutes] = [rest.slice(1, 3), rest.slice(4, 6)];
  state.rest = rest.slice(6);
  const areNumbers = /^\d\d\d\d$/.test(hours + minutes);
  if (Number(hours) > 24) state.outOfRange = "time zone offset hour";
  if (areNumbers && Number(minutes) > 60) state.outOfRange = "time zone offset minute";
  state.offset = (Number(hours) * 60 + Number(minutes)) * 60 * (rest[0] === "-" ? -1 : 1);
  if (!areNumbers || (rest[0] !== "+" && rest[0] !== "-")) state.bad = true;
}

const literal = (layout: string): Part => ({ layout, literal: true });

const dateParts: readonly Part[] = [
  {
    layout: "2006",
    read(state) {
      if (state.rest.length < 4 || !/^\d{4}/.test(state.rest)) state.bad = true;
      else {
        state.year = Number(state.rest.slice(0, 4));
        state.rest = state.rest.slice(4);
      }
    },
  },
  literal("-"),
  {
    layout: "01",
    read(state) {
      state.month = readNumber(state, true);
      if (!state.bad && (state.month < 1 || state.month > 12)) state.outOfRange = "month";
    },
  },
  literal("-"),
  {
    layout: "02",
    read(state) {
      state.day = readNumber(state, true);
    },
  },
  literal("T"),
  {
    layout: "15",
    read(state) {
      state.hour = readNumber(state, false);
      if (state.hour > 23) state.outOfRange = "hour";
    },
  },
  literal(":"),
  {
    layout: "04",
    read(state) {
      state.minute = readNumber(state, true);
      if (state.minute > 59) state.outOfRange = "minute";
    },
  },
  literal(":"),
];

const zonePart: Part = { layout: "Z07:00", read: readZone };

const layouts: Readonly<Record<string, readonly Part[]>> = {
  [rfc3339]: [...dateParts, { layout: "05", read: (state) => readSecond(state, false) }, zonePart],
  [rfc3339Micro]: [
    ...dateParts,
    { layout: "05", read: (state) => readSecond(state, true) },
    { layout: ".000000", read: (state) => readFraction(state, 6) },
    zonePart,
  ],
};

function parse(layout: string, text: string): Instant {
  const state: State = {
    rest: text,
    year: 0,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    nanoseconds: 0,
    offset: 0,
    outOfRange: "",
    bad: false,
  };
  const subject = `parsing time ${quote(text)}`;
  for (const part of layouts[layout] ?? []) {
    const { rest } = state;
    if ("read" in part) part.read(state);
    else if (rest.startsWith(part.layout)) state.rest = rest.slice(part.layout.length);
    else state.bad = true;
    if (state.outOfRange !== "") throw new TimeError(`${subject}: ${state.outOfRange} out of range`);
    if (state.bad)
      throw new TimeError(
        `${subject} as ${quote(layout)}: cannot parse ${quote(rest)} as ${quote(part.layout)}`,
      );
  }
  if (state.rest !== "") throw new TimeError(`${subject}: extra text: ${quote(state.rest)}`);
  if (state.day < 1 || state.day > daysIn(state.month, state.year))
    throw new TimeError(`${subject}: day out of range`);
  return instantOf(state);
}

function daysIn(month: number, year: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, 0);
  return date.getUTCDate();
}

function instantOf({ year, month, day, hour, minute, second, nanoseconds, offset }: State): Instant {
  // Date.UTC takes the years before 100 for others.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return { seconds: date.getTime() / 1000 + (hour * 60 + minute) * 60 + second - offset, nanoseconds };
}

/** The quoting of Go's time package, which is not that of strconv. */
function quote(text: string): string {
  let out = '"';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x20 || code >= 0x80)
      for (const byte of Buffer.from(char)) out += `\\x${byte.toString(16).padStart(2, "0")}`;
    else out += char === '"' || char === "\\" ? `\\${char}` : char;
  }
  return `${out}"`;
}

/** @throws TimeError */
export function parseTime(text: string): Instant {
  if (isCanonical(text)) return { seconds: Date.parse(text) / 1000, nanoseconds: 0 };
  return parse(rfc3339, text);
}

/** @throws TimeError */
export const parseMicroTime = (text: string): Instant => parse(rfc3339Micro, text);

/** The first second of year 1, which Go takes for no time at all. */
const zeroSeconds = -62135596800;

const isZero = ({ seconds, nanoseconds }: Instant): boolean => seconds === zeroSeconds && nanoseconds === 0;

/** As meta/v1 Time is written: whole seconds, UTC; null for Go's zero time. */
export function formatTime(instant: Instant): string | null {
  return isZero(instant) ? null : `${formatSeconds(instant.seconds)}Z`;
}

/** As meta/v1 MicroTime is written. */
export function formatMicroTime(instant: Instant): string | null {
  if (isZero(instant)) return null;
  const micros = Math.trunc(instant.nanoseconds / 1000);
  return `${formatSeconds(instant.seconds)}.${String(micros).padStart(6, "0")}Z`;
}

function formatSeconds(seconds: number): string {
  // Years beyond 9999 and before 0 get a sign and six digits from Date, and as many as needed from Go.
  const iso = new Date(seconds * 1000).toISOString().slice(0, -5);
  return iso.replace(/^\+0*/, "").replace(/^-0*(\d{4})/, "-$1");
}

const canonicalTimeText = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d/;

const isCanonical = (text: string): boolean =>
  text.length === 20 && text.endsWith("Z") && text > "0001-01-02" && canonicalTimeText.test(text);

/** The text that upstream keeps of a time; null for the zero time. */
export function canonicalTime(text: string): string | null {
  if (isCanonical(text)) return text;
  return formatTime(parseTime(text));
}

export function canonicalMicroTime(text: string): string | null {
  return formatMicroTime(parseMicroTime(text));
}

const units = new Map([
  ["ns", 1n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ms", 1_000_000n],
  ["s", 1_000_000_000n],
  ["m", 60_000_000_000n],
  ["h", 3_600_000_000_000n],
]);

const limit = 2n ** 63n;

/**
 * Nanoseconds of a duration such as 1h2m3.5s.
 * @throws TimeError
 */
export function parseDuration(text: string): bigint {
  const invalid = (what = "invalid duration"): TimeError => new TimeError(`time: ${what} ${quote(text)}`);
  const negative = text.startsWith("-");
  let rest = negative || text.startsWith("+") ? text.slice(1) : text;
  if (rest === "0") return 0n;
  if (rest === "") throw invalid();
  let total = 0n;
  while (rest !== "") {
    const [all = "", whole = "", fraction = "", unit = ""] = /^(\d*)(?:\.(\d*))?([^.\d]*)/.exec(rest) ?? [];
    if (whole === "" && fraction === "") throw invalid();
    if (whole.length > 19 + leadingZeros(whole) || BigInt(whole || "0") > limit) throw invalid();
    if (unit === "") throw invalid("missing unit in duration");
    const size = units.get(unit);
    if (size === undefined) throw invalid(`unknown unit ${quote(unit)} in duration`);
    total += BigInt(whole || "0") * size + partOf(fraction, size);
    if (total > limit) throw invalid();
    rest = rest.slice(all.length);
  }
  if (negative) return -total;
  if (total === limit) throw invalid();
  return total;
}

const leadingZeros = (digits: string): number => digits.length - digits.replace(/^0+/, "").length;

/** Go computes the part behind the point in floats. */
function partOf(fraction: string, size: bigint): bigint {
  const digits = fraction.slice(0, 18);
  return BigInt(Math.trunc(Number(digits || "0") * (Number(size) / 10 ** digits.length)));
}

/** As Go's Duration.String: 1h2m3.5s, 1.5ms, 0s. */
export function formatDuration(nanoseconds: bigint): string {
  const sign = nanoseconds < 0n ? "-" : "";
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size === 0n) return "0s";
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}µs`;
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 6)}ms`;
  const minutes = size / 60_000_000_000n;
  const seconds = `${decimal(size % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  if (minutes < 60n) return `${sign}${minutes}m${seconds}`;
  return `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, "0");
  const fraction = digits.slice(-places).replace(/0+$/, "");
  const whole = digits.slice(0, -places);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}
