/** What clocks show in a time zone. Source of what happens where they change: time.Date of Go. */
export interface ZonedFields {
  year: number;
  /** From 1 on, and so is the day. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** Pure memoisation: making one takes longer than using it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat | undefined>();

/** undefined: as UTC, which is what names mean that only Go knows. */
function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(zone)) formats.set(zone, makeFormat(zone));
  return formats.get(zone);
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  const numeric = "numeric";
  try {
    return new Intl.DateTimeFormat("en-US", {
      ...{ timeZone, hourCycle: "h23", era: "short" },
      ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Milliseconds by which clocks of the zone are ahead of UTC. */
function offsetAt(zone: string, time: number): number {
  const format = zone === "UTC" || zone === "" || zone === "Local" ? undefined : formatOf(zone);
  if (!format) return 0;
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, second } = parts;
  const shown = Date.UTC(
    ...([
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    ] as const),
  );
  return shown - (time - (((time % 1000) + 1000) % 1000));
}

/** weekday: 0 is Sunday. time: milliseconds of the epoch. */
export function fieldsIn(zone: string, time: number): ZonedFields & { weekday: number } {
  const shown = new Date(time + offsetAt(zone, time));
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
    second: shown.getUTCSeconds(),
    weekday: shown.getUTCDay(),
  };
}

/** When clocks show that, in milliseconds of the epoch; fields out of range carry over. */
export function instantIn(zone: string, { year, month, day, hour, minute, second }: ZonedFields): number {
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  return shown - offsetAt(zone, shown - offsetAt(zone, shown));
}

/** RFC 3339 with the zone's offset, or Z in UTC. */
export function rfc3339In(zone: string, time: number): string {
  const offset = Math.round(offsetAt(zone, time) / 60_000);
  const text = new Date(time + offset * 60_000).toISOString().slice(0, 19);
  if (offset === 0) return `${text}Z`;
  const two = (value: number) => String(value).padStart(2, "0");
  const size = Math.abs(offset);
  return `${text}${offset < 0 ? "-" : "+"}${two(Math.trunc(size / 60))}:${two(size % 60)}`;
}
