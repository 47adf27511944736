/** Completed and failed indexes of a Job, such as "1,3-5,7". Source: pkg/apis/batch/validation/validation.go. */
import { goQuote } from "../../go-format.ts";

interface Interval {
  first: number;
  last: number;
}

/** How many indexes there are, or what is wrong with the text: validateIndexesFormat. */
export function countIndexes(text: string, completions: number): number | { problem: string } {
  if (text === "") return 0;
  let total = 0;
  let previous: number | undefined;
  for (const part of text.split(",")) {
    const interval = parseInterval(part, completions);
    if (typeof interval === "string") return { problem: interval };
    const { first, last } = interval;
    if (previous !== undefined && previous >= first) {
      return { problem: `non-increasing order, previous: ${previous}, current: ${first}` };
    }
    total += last - first + 1;
    previous = last;
  }
  return total;
}

/** The interval, or what is wrong with it: parseIndexInterval. */
function parseInterval(text: string, completions: number): Interval | string {
  const limits = text.split("-");
  if (limits.length > 2) {
    return `the fragment ${goQuote(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  }
  const numbers: number[] = [];
  for (const limit of limits) {
    if (!/^\+?[0-9]+$/.test(limit)) return `cannot convert string to integer for index: ${goQuote(limit)}`;
    const number = Number(limit);
    if (number > Number.MAX_SAFE_INTEGER) {
      return `cannot convert string to integer for index: ${goQuote(limit)}`;
    }
    if (number >= completions) return `too large index: ${goQuote(limit)}`;
    numbers.push(number);
  }
  const [first = 0, last = first] = numbers;
  if (numbers.length === 2 && first >= last) {
    return `non-increasing order, previous: ${first}, current: ${last}`;
  }
  return { first, last };
}

/** An index that is in both, undefined if there is none; unreadable parts are passed over. */
export function overlappingIndex(completed: string, failed: string, completions: number): number | undefined {
  if (completed === "" || failed === "") return undefined;
  const ones = readableIntervals(completed, completions);
  const others = readableIntervals(failed, completions);
  let at = 0;
  let otherAt = 0;
  while (at < ones.length && otherAt < others.length) {
    const one = ones[at]!;
    const other = others[otherAt]!;
    if (one.first <= other.last && other.first <= one.last) return Math.max(one.first, other.first);
    if (one.first <= other.first) at++;
    else otherAt++;
  }
  return undefined;
}

function readableIntervals(text: string, completions: number): Interval[] {
  return text
    .split(",")
    .map((part) => parseInterval(part, completions))
    .filter((interval) => typeof interval !== "string");
}
