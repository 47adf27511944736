/** Strings and numbers as CEL writes them. Source: cel-go parser/unescape.go, parser/parser.go. */

const simple: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  "\\": 92,
  "'": 39,
  '"': 34,
  "`": 96,
  "?": 63,
};
const hexDigits: Readonly<Record<string, number>> = { x: 2, X: 2, u: 4, U: 8 };

/** Throws an Error that says what is wrong. */
export function unquoteString(token: string): string {
  return decode(token, false, (codes) => String.fromCodePoint(...codes));
}

/** The text behind b. Throws an Error that says what is wrong. */
export function unquoteBytes(token: string): Uint8Array {
  return decode(token, true, (codes) => Uint8Array.from(codes));
}

function decode<T>(token: string, isBytes: boolean, toValue: (codes: number[]) => T): T {
  let text = token.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  const isRaw = /^[rR]/.test(text);
  if (isRaw) text = text.slice(1);
  const width = /^('''|""")/.test(text) && text.length >= 6 ? 3 : 1;
  const content = text.slice(width, -width);
  const codes: number[] = [];
  const push = (code: number, isByte: boolean) => {
    if (isBytes && !isByte) codes.push(...Buffer.from(String.fromCodePoint(code)));
    else codes.push(code);
  };
  for (let at = 0; at < content.length; ) {
    if (isRaw || content[at] !== "\\") {
      const code = content.codePointAt(at) ?? 0;
      push(code, false);
      at += code > 0xffff ? 2 : 1;
      continue;
    }
    const { code, length } = escapeAt(content.slice(at), isBytes);
    push(code, isBytes);
    at += length;
  }
  return toValue(codes);
}

function escapeAt(text: string, isBytes: boolean): { code: number; length: number } {
  const letter = text[1] ?? "";
  const plain = simple[letter];
  if (plain !== undefined) return { code: plain, length: 2 };
  const digits = hexDigits[letter];
  if (digits !== undefined) {
    const hex = text.slice(2, 2 + digits);
    const isAllowed = !isBytes || digits === 2;
    if (!isAllowed || !/^[0-9a-fA-F]+$/.test(hex) || hex.length < digits)
      throw new Error("unable to unescape string");
    return { code: validCode(Number.parseInt(hex, 16), isBytes), length: 2 + digits };
  }
  if (!/^[0-3]$/.test(letter)) throw new Error("unable to unescape string");
  const octal = text.slice(1, 4);
  if (!/^[0-3][0-7][0-7]$/.test(octal)) throw new Error("unable to unescape octal sequence in string");
  return { code: validCode(Number.parseInt(octal, 8), isBytes), length: 4 };
}

function validCode(code: number, isBytes: boolean): number {
  const isValid = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  if (!isBytes && !isValid) throw new Error("invalid unicode code point");
  return code;
}

/** Undefined: out of range. */
export function integer(text: string, type: "int" | "uint"): bigint | undefined {
  const isNegative = text.startsWith("-");
  const value = BigInt(isNegative ? text.slice(1) : text) * (isNegative ? -1n : 1n);
  const asBits = type === "int" ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  return asBits === value ? value : undefined;
}
