import { faultAt, type YamlError } from "./yaml-error.ts";

/** A place in a YAML text. */
export interface Mark {
  readonly at: number;
  readonly line: number;
  readonly column: number;
}

export const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/** CR, LF, NEL, LS, PS. */
export const isBreak = (code: number): boolean =>
  code === 0x0a || code === 0x0d || code === 0x85 || code === 0x2028 || code === 0x2029;

export const isBlankOrBreak = (code: number): boolean => isBlank(code) || isBreak(code);

/** A blank, a break or the end. */
export const isBlankOrEnd = (code: number): boolean => code === END || isBlank(code) || isBreak(code);

export const isWord = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0x61 && code <= 0x7a) ||
  code === 0x5f ||
  code === 0x2d;

export const END = -1;

/** Walks through a YAML text by characters and lines, as libyaml's scanner does. */
export class Cursor {
  readonly text: string;
  at = 0;
  line = 0;
  #lineStart = 0;
  /** How far the current block collection is indented; -1 outside of all. */
  indent = -1;
  /** How many flow collections are open. */
  flowLevel = 0;
  /** A mapping key may start here. */
  keyAllowed = true;

  constructor(text: string) {
    this.text = text;
  }

  get column(): number {
    return this.at - this.#lineStart;
  }

  mark(): Mark {
    return { at: this.at, line: this.line, column: this.column };
  }

  code(offset = 0): number {
    const at = this.at + offset;
    return at < this.text.length ? this.text.charCodeAt(at) : END;
  }

  fault(message: string): YamlError {
    return faultAt(message, this.line, "scanner");
  }

  /** Goes behind a line break, and returns it as a scalar has it. */
  takeBreak(): string {
    const code = this.code();
    this.at += code === 0x0d && this.code(1) === 0x0a ? 2 : 1;
    this.line++;
    this.#lineStart = this.at;
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : "\n";
  }

  /** The end of the text ends its line too. */
  endLine(): void {
    if (this.column === 0) return;
    this.line++;
    this.#lineStart = this.at;
  }

  skipBlanks(): void {
    while (isBlank(this.code())) this.at++;
  }

  skipComment(): void {
    if (this.code() !== 0x23) return;
    while (this.code() !== END && !isBreak(this.code())) this.at++;
  }

  /** Behind a directive or a block scalar's header there may be a comment, and nothing else. */
  takeRestOfLine(): void {
    this.skipBlanks();
    this.skipComment();
    if (!isBlankOrEnd(this.code())) throw this.fault("did not find expected comment or line break");
    if (isBreak(this.code())) this.takeBreak();
  }

  /** Whether "---" or "..." stands here alone. */
  isDocumentIndicator(): boolean {
    const code = this.code();
    if (this.column !== 0 || (code !== 0x2d && code !== 0x2e)) return false;
    return this.code(1) === code && this.code(2) === code && isBlankOrEnd(this.code(3));
  }
}
