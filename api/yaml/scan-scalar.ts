/** Scalars as libyaml's scanner reads them: how lines fold, what escapes mean, where a scalar ends. */
import { type Cursor, END, isBlank, isBlankOrBreak, isBlankOrEnd, isBreak } from "./cursor.ts";

/** Blanks and line breaks between the words of a scalar, until it is known what they mean. */
class Gap {
  #blanks = "";
  #firstBreak = "";
  #moreBreaks = "";

  get hasBreak(): boolean {
    return this.#firstBreak !== "";
  }

  /** Goes over blanks and breaks. */
  take(cursor: Cursor, onBlankAfterBreak?: () => void): void {
    while (isBlankOrBreak(cursor.code())) {
      if (isBlank(cursor.code())) {
        if (this.hasBreak) onBlankAfterBreak?.();
        else this.#blanks += cursor.text[cursor.at];
        cursor.at++;
      } else this.addBreak(cursor.takeBreak());
    }
  }

  addBreak(text: string): void {
    if (this.hasBreak) this.#moreBreaks += text;
    else this.#firstBreak = text;
    this.#blanks = "";
  }

  /** A line break alone is a space, more of them are one less. */
  fold(): string {
    if (!this.hasBreak) return this.#blanks;
    if (this.#firstBreak !== "\n") return this.#firstBreak + this.#moreBreaks;
    return this.#moreBreaks === "" ? " " : this.#moreBreaks;
  }
}

export function scanPlain(cursor: Cursor): string {
  const { text } = cursor;
  const indent = cursor.indent + 1;
  let value = "";
  let gap = new Gap();
  while (!cursor.isDocumentIndicator() && cursor.code() !== 0x23) {
    const start = cursor.at;
    cursor.at = endOfPlainRun(cursor);
    if (cursor.at > start) {
      value += gap.fold() + text.slice(start, cursor.at);
      gap = new Gap();
    }
    if (!isBlankOrBreak(cursor.code())) break;
    gap.take(cursor, () => {
      if (cursor.code() === 0x09 && cursor.column < indent)
        throw cursor.fault("found a tab character that violates indentation");
    });
    if (cursor.flowLevel === 0 && cursor.column < indent) break;
  }
  if (gap.hasBreak) cursor.keyAllowed = true;
  return value;
}

/** Where a run of characters ends: before a blank, a colon that ends a key, what belongs to a flow collection. */
function endOfPlainRun({ text, at: start, flowLevel }: Cursor): number {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f) {
      if (isBlankOrBreak(code)) break;
    } else if (code === 0x3a) {
      if (at + 1 === text.length || isBlankOrBreak(text.charCodeAt(at + 1))) break;
    } else if (flowLevel > 0 && flowIndicators.has(code)) break;
  }
  return at;
}

const flowIndicators = new Set([...",?[]{}"].map((char) => char.charCodeAt(0)));

export function scanQuoted(cursor: Cursor, quote: number): string {
  cursor.at++;
  let value = "";
  for (;;) {
    if (cursor.isDocumentIndicator()) throw cursor.fault("found unexpected document indicator");
    if (cursor.code() === END) throw cursor.fault("found unexpected end of stream");
    const gap = new Gap();
    let joined = false;
    while (!isBlankOrEnd(cursor.code()) && cursor.code() !== quote && !joined) {
      if (quote === 0x22 && cursor.code() === 0x5c) {
        joined = isBreak(cursor.code(1));
        if (!joined) value += scanEscape(cursor);
      } else value += takeRun(cursor, quote);
    }
    if (isClosing(cursor, quote)) break;
    if (cursor.code() === quote) {
      value += "'";
      cursor.at += 2;
      continue;
    }
    if (joined) value += takeJoint(cursor);
    else {
      gap.take(cursor);
      value += gap.fold();
    }
  }
  cursor.at++;
  return value;
}

/** Two single quotes are one inside a scalar. */
const isClosing = (cursor: Cursor, quote: number): boolean =>
  cursor.code() === quote && (quote === 0x22 || cursor.code(1) !== quote);

function takeRun(cursor: Cursor, quote: number): string {
  const start = cursor.at;
  while (!isBlankOrEnd(cursor.code()) && cursor.code() !== quote) {
    if (quote === 0x22 && cursor.code() === 0x5c) break;
    cursor.at++;
  }
  return cursor.text.slice(start, cursor.at);
}

/** A backslash at the end of a line takes the break and the blanks behind it with it. */
function takeJoint(cursor: Cursor): string {
  cursor.at++;
  cursor.takeBreak();
  let breaks = "";
  while (isBlankOrBreak(cursor.code())) {
    if (isBlank(cursor.code())) cursor.at++;
    else breaks += cursor.takeBreak();
  }
  return breaks;
}

const escapes = new Map(
  Object.entries({
    "0": "\0",
    a: "\x07",
    b: "\b",
    t: "\t",
    "\t": "\t",
    n: "\n",
    v: "\v",
    f: "\f",
    r: "\r",
    e: "\x1b",
    " ": " ",
    '"': '"',
    "'": "'",
    "\\": "\\",
    N: "\u0085",
    _: "\u00a0",
    L: "\u2028",
    P: "\u2029",
  }),
);

const hexLengths = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

function scanEscape(cursor: Cursor): string {
  const letter = cursor.text.charAt(cursor.at + 1);
  const simple = escapes.get(letter);
  const length = hexLengths.get(letter);
  if (simple === undefined && length === undefined) throw cursor.fault("found unknown escape character");
  cursor.at += 2;
  if (simple !== undefined) return simple;
  const digits = cursor.text.slice(cursor.at, cursor.at + (length ?? 0));
  if (digits.length !== length || !/^[\da-fA-F]+$/.test(digits))
    throw cursor.fault("did not find expected hexdecimal number");
  const code = Number.parseInt(digits, 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
    throw cursor.fault("found invalid Unicode character escape code");
  cursor.at += digits.length;
  return String.fromCodePoint(code);
}

export function scanBlock(cursor: Cursor, literal: boolean): string {
  cursor.at++;
  const { chomping, increment } = scanBlockHeader(cursor);
  let indent = increment === 0 ? 0 : Math.max(cursor.indent, 0) + increment;
  let value = "";
  let lineBreak = "";
  let [breaks, found] = scanBlockBreaks(cursor, indent);
  indent = found;
  let wasBlank = false;
  while (cursor.column === indent && cursor.code() !== END) {
    const blank = isBlank(cursor.code());
    const folds = !literal && lineBreak === "\n" && !wasBlank && !blank;
    if (!folds) value += lineBreak;
    else if (breaks === "") value += " ";
    value += breaks;
    wasBlank = blank;
    const start = cursor.at;
    while (cursor.code() !== END && !isBreak(cursor.code())) cursor.at++;
    value += cursor.text.slice(start, cursor.at);
    lineBreak = cursor.code() === END ? "" : cursor.takeBreak();
    [breaks, found] = scanBlockBreaks(cursor, indent);
  }
  if (chomping !== "-") value += lineBreak;
  return chomping === "+" ? value + breaks : value;
}

function scanBlockHeader(cursor: Cursor): { chomping: string; increment: number } {
  const header = /[-+]?\d?[-+]?/y;
  header.lastIndex = cursor.at;
  const [indicators = ""] = header.exec(cursor.text) ?? [];
  const [chomping = "", digit = ""] = [/[-+]/.exec(indicators)?.[0], /\d/.exec(indicators)?.[0]];
  if (digit === "0") throw cursor.fault("found an indentation indicator equal to 0");
  cursor.at += chomping.length + digit.length;
  cursor.takeRestOfLine();
  return { chomping, increment: Number(digit) };
}

/** Empty lines; the indentation too, where the header does not give it: that of the first line that is not empty. */
function scanBlockBreaks(cursor: Cursor, given: number): [breaks: string, indent: number] {
  let breaks = "";
  let deepest = 0;
  for (;;) {
    while ((given === 0 || cursor.column < given) && cursor.code() === 0x20) cursor.at++;
    deepest = Math.max(deepest, cursor.column);
    if ((given === 0 || cursor.column < given) && cursor.code() === 0x09)
      throw cursor.fault("found a tab character where an indentation space is expected");
    if (!isBreak(cursor.code())) break;
    breaks += cursor.takeBreak();
  }
  return [breaks, given === 0 ? Math.max(deepest, cursor.indent + 1, 1) : given];
}
