/** The client's end of a watch: takes events as they come and records them when the script asks for them. */

import type { IncomingMessage } from "node:http";
import { isObject, type Json, type JsonObject, parseExactJson } from "./json.ts";
import type { Recorded } from "./transcript.ts";

const WAIT_MS = 10_000;

export class Watch {
  readonly #answer: IncomingMessage;
  readonly #record: (label: string, recorded: Recorded) => void;
  readonly #lines: string[] = [];
  #rest = "";
  #ended = false;
  #wake: () => void = () => {};

  constructor(answer: IncomingMessage, record: (label: string, recorded: Recorded) => void) {
    this.#answer = answer;
    this.#record = record;
  }

  start(): void {
    this.#answer.setEncoding("utf8");
    this.#answer.on("data", (text: string) => {
      const parts = (this.#rest + text).split("\n");
      this.#rest = parts.pop() ?? "";
      this.#lines.push(...parts);
      this.#wake();
    });
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    this.#answer.on("end", end);
    this.#answer.on("error", end);
    this.#answer.on("close", end);
  }

  /** Waits for this many events and records them. Fewer come only when the stream ends or stalls. */
  async events(count: number): Promise<JsonObject[]> {
    await this.#until(() => this.#lines.length >= count || this.#ended, WAIT_MS);
    return this.#take(`watch: ${count} events`, this.#lines.splice(0, count));
  }

  /** Waits for the event that fits, and records all up to it. */
  async eventsUntil(fits: (event: JsonObject) => boolean): Promise<JsonObject[]> {
    const found = () => this.#lines.findIndex((line) => fits(eventOf(line)));
    await this.#until(() => found() >= 0 || this.#ended, WAIT_MS);
    return this.#take("watch: events", this.#lines.splice(0, found() + 1 || this.#lines.length));
  }

  /** Records what comes within a time: nothing, as a rule. */
  async quiet(ms = 150): Promise<JsonObject[]> {
    await this.#until(() => this.#ended, ms);
    return this.#take("watch: quiet", this.#lines.splice(0));
  }

  /** Waits until the server ends the stream and records what came before, and that it did. */
  async end(): Promise<JsonObject[]> {
    await this.#until(() => this.#ended, WAIT_MS);
    return this.#take(this.#ended ? "watch: ended" : "watch: never ended", this.#lines.splice(0));
  }

  close(): void {
    this.#answer.destroy();
  }

  #take(label: string, lines: readonly string[]): JsonObject[] {
    const body = Buffer.from(`[${lines.join(",")}]`);
    this.#record(label, { status: 0, headers: {}, body, compare: "all" });
    return lines.map(eventOf);
  }

  async #until(done: () => boolean, ms: number): Promise<void> {
    const deadline = Date.now() + ms;
    while (!done()) {
      const left = deadline - Date.now();
      if (left <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

function eventOf(line: string): JsonObject {
  try {
    const event: Json = parseExactJson(line);
    return isObject(event) ? event : {};
  } catch {
    return {};
  }
}
