/** The text of an expression, counted in code points. Source: cel-go common/source.go, common/error.go. */

/** Line from 1, column from 0; both -1 where a place is not known. */
export interface Location {
  line: number;
  column: number;
}

export const nowhere: Location = { line: -1, column: -1 };

const longestSnippet = 16384;

export class CelSource {
  readonly characters: readonly string[];
  /** Where the lines after the first begin. */
  readonly #lines: readonly number[];

  readonly text: string;

  constructor(text: string) {
    this.text = text;
    this.characters = Array.from(text);
    this.#lines = this.characters.flatMap((character, index) => (character === "\n" ? [index + 1] : []));
  }

  locate(offset: number): Location {
    let location: Location = { line: 1, column: offset };
    for (const [index, start] of this.#lines.entries()) {
      if (start > offset) break;
      location = { line: index + 2, column: offset - start };
    }
    return location;
  }

  /** -1 where there is no such line. */
  offsetOf({ line, column }: Location): number {
    const start = line === 1 ? 0 : this.#lines[line - 2];
    return start === undefined ? -1 : start + column;
  }

  /** The line with a mark below the place; empty where there is nothing to show. */
  #snippet({ line, column }: Location): string {
    if (line < 1 || this.characters.length === 0) return "";
    const start = line === 1 ? 0 : this.#lines[line - 2];
    if (start === undefined) return "";
    const next = this.#lines[line - 1];
    const shown = this.characters
      .slice(start, next === undefined ? undefined : next - 1)
      .map((character) => (character === "\t" ? " " : character));
    if (Buffer.byteLength(shown.join("")) > longestSnippet) return "";
    const isWide = (character: string | undefined) => (character?.codePointAt(0) ?? 0) >= 0x80;
    const dots = shown.slice(0, Math.max(0, column)).map((character) => (isWide(character) ? "．" : "."));
    const mark = isWide(shown[column]) ? "＾" : "^";
    return `\n | ${shown.join("")}\n | ${dots.join("")}${mark}`;
  }

  describe(location: Location, message: string): string {
    return `ERROR: <input>:${location.line}:${location.column + 1}: ${message}${this.#snippet(location)}`;
  }
}

/** What is wrong with one expression. Source: cel-go common/errors.go. */
export class CelErrors {
  readonly #found: { location: Location; message: string }[] = [];
  #count = 0;
  static readonly #most = 100;

  readonly source: CelSource;

  constructor(source: CelSource) {
    this.source = source;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  report(location: Location, message: string): void {
    this.#count++;
    if (this.#count <= CelErrors.#most) this.#found.push({ location, message });
  }

  toString(): string {
    const sorted = this.#found.toSorted(
      (a, b) => a.location.line - b.location.line || a.location.column - b.location.column,
    );
    const lines = sorted.map(({ location, message }) => this.source.describe(location, message));
    const more = this.#count - CelErrors.#most;
    if (more > 0) lines.push(`${more} more errors were truncated`);
    return lines.join("\n");
  }
}
