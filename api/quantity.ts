/**
 * Exact quantities such as 250m, 1.5Gi and 12e6, as k8s.io/apimachinery/pkg/api/resource has them: what parses, the
 * canonical text, rounding away from zero. Values are immutable.
 */

export type QuantityFormat = "DecimalSI" | "BinarySI" | "DecimalExponent";

/** Not a quantity; the message is upstream's. */
export class QuantityError extends Error {
  override readonly name = "QuantityError";
}

const formatWrong =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const numericWrong = "unable to parse numeric part of quantity";
const suffixWrong = "unable to parse quantity's suffix";

const decimalSuffixes = new Map([
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);

const binarySuffixes = new Map([
  ["Ki", 10],
  ["Mi", 20],
  ["Gi", 30],
  ["Ti", 40],
  ["Pi", 50],
  ["Ei", 60],
]);

const suffixOfExponent = new Map([...decimalSuffixes].map(([suffix, exponent]) => [exponent, suffix]));
const suffixOfPower = new Map([...binarySuffixes].map(([suffix, exponent]) => [exponent, suffix]));

const nano = -9;
const maxInt64 = 2n ** 63n - 1n;

/**
 * Pure memoisation: the objects of a cluster ask for few different amounts. Bounded, because clients choose them; what
 * is known is forgotten when there is too much.
 */
const knownTexts = new Map<string, Quantity>();
const maxKnownTexts = 1000;
const maxKnownLength = 20;

function remember(text: string, quantity: Quantity): void {
  if (text.length > maxKnownLength) return;
  if (knownTexts.size === maxKnownTexts) knownTexts.clear();
  knownTexts.set(text, quantity);
}

export class Quantity {
  static readonly zero = new Quantity(0n, 0, "DecimalSI");

  readonly format: QuantityFormat;
  /** The value is unscaled × 10^exponent. */
  readonly #unscaled: bigint;
  readonly #exponent: number;
  #text: string | undefined;

  private constructor(unscaled: bigint, exponent: number, format: QuantityFormat, text?: string) {
    this.#unscaled = unscaled;
    this.#exponent = exponent;
    this.format = format;
    this.#text = text;
  }

  /** @throws QuantityError */
  static parse(text: string): Quantity {
    let quantity = knownTexts.get(text);
    if (!quantity) {
      quantity = parseParts(splitQuantity(text), text, Quantity.#make);
      remember(text, quantity);
    }
    return quantity;
  }

  static readonly #make = (unscaled: bigint, exponent: number, format: QuantityFormat, text?: string) =>
    new Quantity(unscaled, exponent, format, text);

  /** value × 10^exponent: of(250, "DecimalSI", -3) is 250m. */
  static of(value: bigint | number, format: QuantityFormat = "DecimalSI", exponent = 0): Quantity {
    return new Quantity(BigInt(value), exponent, format);
  }

  get sign(): -1 | 0 | 1 {
    return this.#unscaled === 0n ? 0 : this.#unscaled < 0n ? -1 : 1;
  }

  get isZero(): boolean {
    return this.#unscaled === 0n;
  }

  compare(other: Quantity): -1 | 0 | 1 {
    if (this.#exponent === other.#exponent) return order(this.#unscaled, other.#unscaled);
    if (this.sign !== other.sign || this.isZero) return order(this.sign, other.sign);
    // Orders of magnitude first: an exponent may be too large to multiply out.
    const magnitudes = order(this.#magnitude(), other.#magnitude());
    if (magnitudes !== 0) return this.sign < 0 ? (-magnitudes as -1 | 1) : magnitudes;
    const exponent = Math.min(this.#exponent, other.#exponent);
    return order(this.#at(exponent), other.#at(exponent));
  }

  equals(other: Quantity): boolean {
    return this.compare(other) === 0;
  }

  add(other: Quantity): Quantity {
    const format = this.isZero ? other.format : this.format;
    if (this.isZero || other.isZero) {
      const same = this.isZero ? other : this;
      return new Quantity(same.#unscaled, same.#exponent, format);
    }
    const distance = this.#magnitude() - other.#magnitude();
    // Nobody sees a nano beside 10^400, and the sum must not fill the memory.
    if (Math.abs(distance) > 400) return distance > 0 ? this : other;
    const exponent = Math.min(this.#exponent, other.#exponent);
    return new Quantity(this.#at(exponent) + other.#at(exponent), exponent, format);
  }

  subtract(other: Quantity): Quantity {
    return this.add(other.negate());
  }

  multiply(factor: bigint | number): Quantity {
    return new Quantity(this.#unscaled * BigInt(factor), this.#exponent, this.format);
  }

  negate(): Quantity {
    return new Quantity(-this.#unscaled, this.#exponent, this.format);
  }

  /** Rounded up, away from zero, to an integer; 0 where that is no int64. */
  value(): bigint {
    return this.scaledValue(0);
  }

  /** In thousandths, rounded up; 0 where that is no int64. */
  milliValue(): bigint {
    return this.scaledValue(-3);
  }

  /** In units of 10^exponent, rounded up; 0 where that is no int64. */
  scaledValue(exponent: number): bigint {
    if (this.#exponent - exponent > 19) return 0n;
    const { value } = this.#roundedTo(exponent);
    return value > maxInt64 || value < -maxInt64 - 1n ? 0n : value;
  }

  /** An approximation, for arithmetic in floats. */
  toNumber(): number {
    return Number(`${this.#unscaled}e${this.#exponent}`);
  }

  /** Whether the value is a multiple of 10^exponent. */
  isExactAt(exponent: number): boolean {
    return this.#exponent >= exponent || this.#roundedTo(exponent).exact;
  }

  roundUp(exponent: number): Quantity {
    if (this.#exponent >= exponent) return this;
    return new Quantity(this.#roundedTo(exponent).value, exponent, this.format);
  }

  /** The canonical text; a text that was parsed and is near enough to it stays as it was. */
  toString(): string {
    this.#text ??= this.#canonical();
    return this.#text;
  }

  toJSON(): string {
    return this.toString();
  }

  /** Decimal digits before the point. */
  #magnitude(): number {
    const digits = (this.#unscaled < 0n ? -this.#unscaled : this.#unscaled).toString().length;
    return digits + this.#exponent;
  }

  #at(exponent: number): bigint {
    return this.#unscaled * 10n ** BigInt(this.#exponent - exponent);
  }

  #roundedTo(exponent: number): { value: bigint; exact: boolean } {
    if (this.#exponent >= exponent) return { value: this.#at(exponent), exact: true };
    return divideUp(this.#unscaled, exponent - this.#exponent);
  }

  #canonical(): string {
    if (this.isZero) return "0";
    if (this.format === "BinarySI") {
      const inUnits = this.#exponent > 40 ? undefined : this.#roundedTo(0);
      const isSmall = inUnits !== undefined && inUnits.value > -1024n && inUnits.value < 1024n;
      if (inUnits?.exact && !isSmall) {
        const [mantissa, times] = withoutFactor(inUnits.value, 1024n);
        return `${mantissa}${suffixOfPower.get(times * 10) ?? ""}`;
      }
    }
    return this.#canonicalDecimal();
  }

  #canonicalDecimal(): string {
    const [reduced, times] = withoutFactor(this.#unscaled, 10n);
    let exponent = this.#exponent + times;
    let mantissa = reduced;
    for (; exponent % 3 !== 0; exponent--) mantissa *= 10n;
    if (this.format === "DecimalExponent") return exponent === 0 ? `${mantissa}` : `${mantissa}e${exponent}`;
    return `${mantissa}${suffixOfExponent.get(exponent) ?? ""}`;
  }
}

const order = (a: number | bigint, b: number | bigint): -1 | 0 | 1 => (a < b ? -1 : a > b ? 1 : 0);

/** Divides by 10^places, away from zero. */
function divideUp(value: bigint, places: number): { value: bigint; exact: boolean } {
  // All of it is behind the point: a large power need not be made.
  if (places > 400) return { value: value === 0n ? 0n : value < 0n ? -1n : 1n, exact: value === 0n };
  const divisor = 10n ** BigInt(places);
  const exact = value % divisor === 0n;
  return { value: value / divisor + (exact ? 0n : value < 0n ? -1n : 1n), exact };
}

function withoutFactor(value: bigint, factor: bigint): [mantissa: bigint, times: number] {
  let mantissa = value;
  let times = 0;
  for (; mantissa !== 0n && mantissa % factor === 0n; mantissa /= factor) times++;
  return [mantissa, times];
}

interface QuantityParts {
  negative: boolean;
  /** The number with its sign, as it is written. */
  number: string;
  /** Digits before the point without leading zeros, at least one. */
  whole: string;
  /** Digits after the point. */
  fraction: string;
  suffix: string;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

function endOfDigits(text: string, start: number): number {
  let at = start;
  while (isDigit(text.charCodeAt(at))) at++;
  return at;
}

function splitQuantity(text: string): QuantityParts {
  if (text === "") throw new QuantityError(formatWrong);
  const negative = text[0] === "-";
  let at = negative || text[0] === "+" ? 1 : 0;
  while (text[at] === "0") at++;
  const wholeEnd = endOfDigits(text, at);
  const whole = text.slice(at, wholeEnd) || "0";
  let end = wholeEnd;
  let fraction = "";
  if (text[end] === ".") {
    end = endOfDigits(text, wholeEnd + 1);
    fraction = text.slice(wholeEnd + 1, end);
  }
  let rest = end;
  while (rest < text.length && "eEinumkKMGTP".includes(text.charAt(rest))) rest++;
  if (text[rest] === "-" || text[rest] === "+") rest++;
  if (endOfDigits(text, rest) < text.length) throw new QuantityError(formatWrong);
  // Zeros alone are a number without more ado, even none behind a sign.
  const number = at === text.length ? "0" : text.slice(0, end);
  return { negative, number, whole, fraction, suffix: text.slice(end) };
}

type Suffix =
  | { format: "BinarySI"; power: number }
  | { format: Exclude<QuantityFormat, "BinarySI">; exponent: number };

function readSuffix(suffix: string): Suffix {
  const exponent = decimalSuffixes.get(suffix);
  if (exponent !== undefined) return { format: "DecimalSI", exponent };
  const power = binarySuffixes.get(suffix);
  if (power !== undefined) return { format: "BinarySI", power };
  const parsed = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  // Longer is no int64, but for zeros.
  if (parsed === undefined || parsed.length > 20) throw new QuantityError(suffixWrong);
  const big = BigInt(parsed.replace("+", ""));
  if (BigInt.asIntN(64, big) !== big) throw new QuantityError(suffixWrong);
  return { format: "DecimalExponent", exponent: Number(BigInt.asIntN(32, big)) };
}

type Make = (unscaled: bigint, exponent: number, format: QuantityFormat, text?: string) => Quantity;

function parseParts(parts: QuantityParts, text: string, make: Make): Quantity {
  const suffix = readSuffix(parts.suffix);
  return parseShort(parts, suffix, text, make) ?? parseLong(parts, suffix, make);
}

/** Most fit into an int64; of these many keep their text. */
function parseShort(parts: QuantityParts, suffix: Suffix, text: string, make: Make): Quantity | undefined {
  const { whole, fraction, negative } = parts;
  const digits = whole + fraction;
  if (suffix.format === "BinarySI") {
    if (fraction !== "" || 15 - whole.length - Math.trunc((suffix.power * 3) / 10) - 1 < 0) return undefined;
    const value = BigInt(whole);
    const scaled = value << BigInt(suffix.power);
    if (scaled > maxInt64) return undefined;
    const keep = suffix.power % 10 === 0 && (value & 7n) !== 0n;
    return make(negative ? -scaled : scaled, 0, "BinarySI", keep ? text : undefined);
  }
  const exponent = suffix.exponent - fraction.length;
  if (digits.length > 18 || exponent < nano) return undefined;
  const keep = exponent % 3 === 0 && !digits.endsWith("000") && digits[0] !== "0";
  const value = BigInt(digits);
  return make(negative ? -value : value, exponent, suffix.format, keep ? text : undefined);
}

/** The rest is rounded up to a nano; binary ones have an upper limit too. */
function parseLong({ number, negative }: QuantityParts, suffix: Suffix, make: Make): Quantity {
  const [whole = "", fraction = ""] = number.replace(/^[+-]/, "").split(".");
  const digits = whole.length + fraction.length;
  // Upstream takes any length; ours must not keep the event loop busy.
  if (digits === 0 || digits > 1000) throw new QuantityError(numericWrong);
  let value = BigInt(whole + fraction);
  let exponent = -fraction.length;
  let format: QuantityFormat = suffix.format;
  if (suffix.format === "BinarySI") value <<= BigInt(suffix.power);
  else exponent += suffix.exponent;
  if (exponent < nano) {
    value = divideUp(value, nano - exponent).value;
    exponent = nano;
  }
  if (format === "BinarySI") {
    const one = 10n ** BigInt(-exponent);
    if (value > maxInt64 * one) return make(negative ? -maxInt64 : maxInt64, 0, format);
    // Less than one unit has no binary form.
    if (value < one && value > 0n) format = "DecimalSI";
  }
  return make(negative ? -value : value, exponent, format);
}

/**
 * The text that upstream keeps of a quantity.
 * @throws QuantityError
 */
export const canonicalQuantity = (text: string): string => Quantity.parse(text).toString();
