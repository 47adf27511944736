/** What a plain YAML scalar means to go-yaml v2 (YAML 1.1, mostly): resolve.go. */
import { goFloat } from "../go-format.ts";

export type YamlScalar = null | boolean | number | bigint | string;

export type YamlTag = "str" | "bool" | "int" | "float" | "null" | "timestamp";

export interface ResolvedScalar {
  tag: YamlTag;
  value: YamlScalar;
}

const words = new Map<string, ResolvedScalar>();
for (const [tag, value, list] of [
  ["bool", true, "y Y yes Yes YES true True TRUE on On ON"],
  ["bool", false, "n N no No NO false False FALSE off Off OFF"],
  ["null", null, "~ null Null NULL"],
  ["float", Number.NaN, ".nan .NaN .NAN"],
  ["float", Number.POSITIVE_INFINITY, ".inf .Inf .INF +.inf +.Inf +.INF"],
  ["float", Number.NEGATIVE_INFINITY, "-.inf -.Inf -.INF"],
] as const)
  for (const word of list.split(" ")) words.set(word, { tag, value });
words.set("", { tag: "null", value: null });

const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const timestamp =
  /^\d{4}-(\d\d?)-(\d\d?)(?:(?:[Tt ])(\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(Z|[-+]\d\d:\d\d)?)?$/;
const maxUint64 = 2n ** 64n;
const maxInt64 = 2n ** 63n;

/** A plain scalar; a quoted one is a string whatever it says. */
export function resolveScalar(text: string): ResolvedScalar {
  const word = words.get(text);
  if (word) return word;
  const string: ResolvedScalar = { tag: "str", value: text };
  const first = text.charCodeAt(0);
  if (first === 0x2e) return float.test(text) ? floatOr(text, string) : string;
  const isNumeric = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d;
  if (!isNumeric) return string;
  if (isTimestamp(text)) return { tag: "timestamp", value: text };
  const plain = text.replaceAll("_", "");
  const integer = parseInteger(plain);
  if (integer !== undefined) return { tag: "int", value: integer };
  return float.test(plain) ? floatOr(plain, string) : string;
}

function floatOr(text: string, otherwise: ResolvedScalar): ResolvedScalar {
  const value = Number(text);
  return Number.isFinite(value) ? { tag: "float", value } : otherwise;
}

/** As strconv.ParseInt and ParseUint with base 0 read it. */
function parseInteger(text: string): number | bigint | undefined {
  const match = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/.exec(text);
  if (!match) return undefined;
  const [, sign, hex, binary, octal, decimal] = match;
  const digits =
    (hex && `0x${hex}`) || (binary && `0b${binary}`) || (octal && `0o${octal}`) || (decimal ?? "0");
  if (digits.length > 70) return undefined;
  const size = BigInt(digits);
  if (sign === "-" ? size > maxInt64 : size >= maxUint64) return undefined;
  // Only what fits into an int64 may have a sign.
  if (sign === "+" && size >= maxInt64) return undefined;
  const value = sign === "-" ? -size : size;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** One of the forms of a timestamp that time.Parse takes. */
function isTimestamp(text: string): boolean {
  const match = timestamp.exec(text);
  if (!match) return false;
  const [, month, day, hour, minute, second, zone] = match;
  const separator = text[8 + (month?.length ?? 0) + (day?.length ?? 0) - 2];
  if (hour !== undefined && (separator === " ") !== (zone === undefined)) return false;
  const inRange = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(hour ?? 0) < 24;
  if (!inRange || Number(minute ?? 0) > 59 || Number(second ?? 0) > 59) return false;
  return Number(day) <= new Date(Date.UTC(Number(text.slice(0, 4)) || 4, Number(month), 0)).getUTCDate();
}

/** Numbers to the base 60, which only other parsers read. */
const base60 = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;

/** Whether a string may stand without quotes. */
export function isPlainString(text: string): boolean {
  return resolveScalar(text).tag === "str" && !base60.test(text);
}

/** strconv.FormatFloat with format 'g' and the fewest digits that tell the number. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  return goFloat(value);
}

/** A number as a key: go-yaml takes it for a float of 32 bits. */
export function formatFloat32(value: number): string {
  const single = Math.fround(value);
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return formatFloat(short);
  }
  return formatFloat(single);
}
