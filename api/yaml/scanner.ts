/**
 * YAML 1.1 tokens, as libyaml's scanner makes them, errors included. A key is known for one only when its colon comes:
 * tokens wait until it is clear whether they start a key.
 */
import { Cursor, END, isBlankOrEnd, isBreak, isWord, type Mark } from "./cursor.ts";
import { scanBlock, scanPlain, scanQuoted } from "./scan-scalar.ts";
import { scanDirective, scanTag } from "./scan-tag.ts";

export type TokenType =
  | "stream end"
  | "version directive"
  | "tag directive"
  | "document start"
  | "document end"
  | "block sequence start"
  | "block mapping start"
  | "block end"
  | "["
  | "]"
  | "{"
  | "}"
  | "-"
  | ","
  | "key"
  | "value"
  | "alias"
  | "anchor"
  | "tag"
  | "scalar";

export interface Token {
  readonly type: TokenType;
  readonly line: number;
  /** A scalar's text, an anchor's name, a tag's handle. */
  readonly value: string;
  /** A tag's suffix or a directive's prefix. */
  readonly suffix: string;
  /** A scalar without quotes. */
  readonly plain: boolean;
}

/** A place where a key may have started. */
interface PossibleKey {
  possible: boolean;
  /** Nothing but a key can stand there. */
  required: boolean;
  /** The number of its first token. */
  token: number;
  mark: Mark;
}

const maxDepth = 10_000;
const maxKeyLength = 1024;

export class Scanner {
  readonly #cursor: Cursor;
  #tokens: Token[] = [];
  /** Tokens taken so far. */
  #taken = 0;
  #indents: number[] = [];
  /** One for each open flow collection, and one for the block outside. */
  readonly #keys: PossibleKey[];
  #ended = false;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
    this.#keys = [this.#noKey()];
  }

  peek(): Token {
    while (this.#tokens.length === 0 || (this.#mayStartKey() && !this.#ended)) this.#fetch();
    return this.#tokens[0] as Token;
  }

  take(): Token {
    const token = this.peek();
    this.#tokens.shift();
    this.#taken++;
    return token;
  }

  /** Whether the next token may turn out to be the first of a key. */
  #mayStartKey(): boolean {
    for (let at = this.#keys.length - 1; at >= 0; at--) {
      const key = this.#keys[at] as PossibleKey;
      if (key.token < this.#taken) return false;
      if (key.token === this.#taken && key.possible) return this.#isStillPossible(key);
    }
    return false;
  }

  #fetch(): void {
    const cursor = this.#cursor;
    this.#skipToToken();
    this.#closeBlocks(cursor.column);
    const code = cursor.code();
    if (code === END) this.#fetchEnd();
    else if (cursor.column === 0 && code === 0x25) this.#fetchDirective();
    else if (cursor.isDocumentIndicator())
      this.#fetchDocumentIndicator(code === 0x2d ? "document start" : "document end");
    else this.#fetchContent(code);
  }

  #fetchContent(code: number): void {
    const indicator = this.#indicators.get(code);
    if (indicator && (!indicator.when || indicator.when())) indicator.fetch();
    else if (notPlain.has(code) || code === 0x09)
      throw this.#cursor.fault("found character that cannot start any token");
    else this.#fetchScalar(true, () => scanPlain(this.#cursor));
  }

  /** What a character means that is no plain scalar's first. */
  readonly #indicators = this.#makeIndicators();

  #makeIndicators(): ReadonlyMap<number, { fetch: () => void; when?: () => boolean }> {
    const isFlow = (): boolean => this.#cursor.flowLevel > 0;
    const beforeBlank = (): boolean => isBlankOrEnd(this.#cursor.code(1));
    const quoted = (quote: number) => () => this.#fetchScalar(false, () => scanQuoted(this.#cursor, quote));
    return new Map([
      [0x5b, { fetch: () => this.#openFlow("[") }],
      [0x7b, { fetch: () => this.#openFlow("{") }],
      [0x5d, { fetch: () => this.#closeFlow("]") }],
      [0x7d, { fetch: () => this.#closeFlow("}") }],
      [0x2c, { fetch: () => this.#fetchFlowEntry() }],
      [0x2a, { fetch: () => this.#fetchAnchor("alias") }],
      [0x26, { fetch: () => this.#fetchAnchor("anchor") }],
      [0x21, { fetch: () => this.#fetchTag() }],
      [0x27, { fetch: quoted(0x27) }],
      [0x22, { fetch: quoted(0x22) }],
      [0x7c, { fetch: () => this.#fetchBlockScalar(true), when: () => !isFlow() }],
      [0x3e, { fetch: () => this.#fetchBlockScalar(false), when: () => !isFlow() }],
      [0x2d, { fetch: () => this.#fetchBlockEntry(), when: beforeBlank }],
      [0x3f, { fetch: () => this.#fetchKey(), when: () => isFlow() || beforeBlank() }],
      [0x3a, { fetch: () => this.#fetchValue(), when: () => isFlow() || beforeBlank() }],
    ]);
  }

  #skipToToken(): void {
    const cursor = this.#cursor;
    for (;;) {
      if (cursor.column === 0 && cursor.code() === 0xfeff) cursor.at++;
      const tabsToo = cursor.flowLevel > 0 || !cursor.keyAllowed;
      while (cursor.code() === 0x20 || (tabsToo && cursor.code() === 0x09)) cursor.at++;
      cursor.skipComment();
      if (!isBreak(cursor.code())) return;
      cursor.takeBreak();
      if (cursor.flowLevel === 0) cursor.keyAllowed = true;
    }
  }

  #push(type: TokenType, more: Partial<Token> = {}, line = this.#cursor.line): void {
    this.#tokens.push({ type, line, value: "", suffix: "", plain: false, ...more });
  }

  /** Adds a token of some characters that are indicators. */
  #pushIndicator(type: TokenType, length = 1): void {
    this.#push(type);
    this.#cursor.at += length;
  }

  #noKey(): PossibleKey {
    const token = this.#taken + this.#tokens.length;
    return { possible: false, required: false, token, mark: this.#cursor.mark() };
  }

  /** Notes that the token which comes next may start a key. */
  #saveKey(): void {
    const cursor = this.#cursor;
    if (!cursor.keyAllowed) return;
    this.#dropKey();
    this.#keys[this.#keys.length - 1] = {
      possible: true,
      required: cursor.flowLevel === 0 && cursor.indent === cursor.column,
      token: this.#taken + this.#tokens.length,
      mark: cursor.mark(),
    };
  }

  #currentKey(): PossibleKey {
    return this.#keys.at(-1) as PossibleKey;
  }

  #dropKey(): void {
    const key = this.#currentKey();
    if (key.possible && key.required) throw this.#cursor.fault("could not find expected ':'");
    key.possible = false;
  }

  /** A key stands on one line and is not too long. */
  #isStillPossible(key: PossibleKey): boolean {
    if (!key.possible) return false;
    const { line, at } = this.#cursor;
    if (key.mark.line === line && key.mark.at + maxKeyLength >= at) return true;
    if (key.required) throw this.#cursor.fault("could not find expected ':'");
    key.possible = false;
    return false;
  }

  /** Starts a block collection where the text goes further right. */
  #openBlock(column: number, type: TokenType, line: number, before?: number): void {
    const cursor = this.#cursor;
    if (cursor.flowLevel > 0 || cursor.indent >= column) return;
    this.#indents.push(cursor.indent);
    cursor.indent = column;
    if (this.#indents.length > maxDepth) throw cursor.fault(`exceeded max depth of ${maxDepth}`);
    this.#insert(type, line, before);
  }

  #insert(type: TokenType, line: number, before?: number): void {
    const token: Token = { type, line, value: "", suffix: "", plain: false };
    if (before === undefined) this.#tokens.push(token);
    else this.#tokens.splice(before - this.#taken, 0, token);
  }

  #closeBlocks(column: number): void {
    const cursor = this.#cursor;
    if (cursor.flowLevel > 0) return;
    while (cursor.indent > column) {
      this.#push("block end");
      cursor.indent = this.#indents.pop() ?? -1;
    }
  }

  #fetchEnd(): void {
    const cursor = this.#cursor;
    cursor.endLine();
    this.#closeBlocks(-1);
    this.#dropKey();
    cursor.keyAllowed = false;
    this.#push("stream end");
    this.#ended = true;
  }

  #fetchDirective(): void {
    this.#closeBlocks(-1);
    this.#dropKey();
    this.#cursor.keyAllowed = false;
    const { line } = this.#cursor;
    const directive = scanDirective(this.#cursor);
    this.#push(directive.type, directive, line);
  }

  #fetchDocumentIndicator(type: TokenType): void {
    this.#closeBlocks(-1);
    this.#dropKey();
    this.#cursor.keyAllowed = false;
    this.#pushIndicator(type, 3);
  }

  #openFlow(type: "[" | "{"): void {
    const cursor = this.#cursor;
    this.#saveKey();
    this.#keys.push(this.#noKey());
    if (++cursor.flowLevel > maxDepth) throw cursor.fault(`exceeded max depth of ${maxDepth}`);
    cursor.keyAllowed = true;
    this.#pushIndicator(type);
  }

  #closeFlow(type: "]" | "}"): void {
    const cursor = this.#cursor;
    this.#dropKey();
    if (cursor.flowLevel > 0) {
      cursor.flowLevel--;
      this.#keys.pop();
    }
    cursor.keyAllowed = false;
    this.#pushIndicator(type);
  }

  #fetchFlowEntry(): void {
    this.#dropKey();
    this.#cursor.keyAllowed = true;
    this.#pushIndicator(",");
  }

  #fetchBlockEntry(): void {
    const cursor = this.#cursor;
    if (cursor.flowLevel === 0) {
      if (!cursor.keyAllowed) throw cursor.fault("block sequence entries are not allowed in this context");
      this.#openBlock(cursor.column, "block sequence start", cursor.line);
    }
    this.#dropKey();
    cursor.keyAllowed = true;
    this.#pushIndicator("-");
  }

  #fetchKey(): void {
    const cursor = this.#cursor;
    if (cursor.flowLevel === 0) {
      if (!cursor.keyAllowed) throw cursor.fault("mapping keys are not allowed in this context");
      this.#openBlock(cursor.column, "block mapping start", cursor.line);
    }
    this.#dropKey();
    cursor.keyAllowed = cursor.flowLevel === 0;
    this.#pushIndicator("key");
  }

  #fetchValue(): void {
    const cursor = this.#cursor;
    const key = this.#currentKey();
    if (this.#isStillPossible(key)) {
      const { token, mark } = key;
      this.#insert("key", mark.line, token);
      this.#openBlock(mark.column, "block mapping start", mark.line, token);
      key.possible = false;
      cursor.keyAllowed = false;
    } else {
      if (cursor.flowLevel === 0) {
        if (!cursor.keyAllowed) throw cursor.fault("mapping values are not allowed in this context");
        this.#openBlock(cursor.column, "block mapping start", cursor.line);
      }
      cursor.keyAllowed = cursor.flowLevel === 0;
    }
    this.#pushIndicator("value");
  }

  #fetchAnchor(type: "alias" | "anchor"): void {
    const cursor = this.#cursor;
    this.#saveKey();
    cursor.keyAllowed = false;
    const start = cursor.at + 1;
    cursor.at = start;
    while (isWord(cursor.code())) cursor.at++;
    const value = cursor.text.slice(start, cursor.at);
    const code = cursor.code();
    if (value === "" || (!isBlankOrEnd(code) && !"?:,]}%@`".includes(String.fromCharCode(code))))
      throw cursor.fault("did not find expected alphabetic or numeric character");
    this.#push(type, { value });
  }

  #fetchTag(): void {
    const cursor = this.#cursor;
    this.#saveKey();
    cursor.keyAllowed = false;
    this.#push("tag", scanTag(cursor));
  }

  #fetchBlockScalar(literal: boolean): void {
    const { line } = this.#cursor;
    this.#dropKey();
    this.#cursor.keyAllowed = true;
    this.#push("scalar", { value: scanBlock(this.#cursor, literal) }, line);
  }

  #fetchScalar(plain: boolean, scan: () => string): void {
    const { line } = this.#cursor;
    this.#saveKey();
    this.#cursor.keyAllowed = false;
    this.#push("scalar", { value: scan(), plain }, line);
  }
}

/** What starts no plain scalar; - ? and : do if no blank follows. */
const notPlain = new Set([...",[]{}#&*!|>'\"%@`"].map((char) => char.charCodeAt(0)));
