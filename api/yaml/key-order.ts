/** The order in which go-yaml v2 writes the keys of a map (sorter.go): numbers in keys count as numbers. */

const letter = /^\p{L}$/u;
const digit = /^\p{Nd}$/u;

export function compareKeys(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) if (left[at] !== right[at]) return compareAt(left, right, at);
  return left.length - right.length;
}

function compareAt(left: readonly string[], right: readonly string[], at: number): number {
  const [a = "", b = ""] = [left[at], right[at]];
  const aIsLetter = letter.test(a);
  const bIsLetter = letter.test(b);
  if (aIsLetter && bIsLetter) return compareChars(a, b);
  // Letters come last.
  if (aIsLetter || bIsLetter) return bIsLetter ? -1 : 1;
  const start = (a === "0" || b === "0") && isInNumber(left, at) ? 1n : 0n;
  const [aNumber, aEnd] = readNumber(left, at, start);
  const [bNumber, bEnd] = readNumber(right, at, start);
  if (aNumber !== bNumber) return aNumber < bNumber ? -1 : 1;
  return aEnd === bEnd ? compareChars(a, b) : aEnd - bEnd;
}

/** A zero inside a number counts, one at its start does not. */
function isInNumber(chars: readonly string[], at: number): boolean {
  for (let before = at - 1; before >= 0 && digit.test(chars[before] ?? ""); before--)
    if (chars[before] !== "0") return true;
  return false;
}

function readNumber(chars: readonly string[], start: number, before: bigint): [value: bigint, end: number] {
  let end = start;
  let value = before;
  for (; end < chars.length && digit.test(chars[end] ?? ""); end++)
    value = BigInt.asIntN(64, value * 10n + BigInt((chars[end] ?? "").charCodeAt(0) - 0x30));
  return [value, end];
}

const compareChars = (a: string, b: string): number => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0);
