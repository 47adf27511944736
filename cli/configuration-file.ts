import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Clock } from "../api/clock.ts";
import { readOption } from "./cluster-options.ts";

interface Following {
  signal: AbortSignal;
  clock: Clock;
  onError: (error: unknown) => void;
}

/** However it is changed, it is noticed by then. */
const longestMilliseconds = 60_000;

/** A file that is read again when it changes. Source: k8s.io/apiserver/pkg/util/filesystem.WatchUntil. */
export class ConfigurationFile {
  readonly #path: string;
  #text: Buffer;

  private constructor(path: string, text: Buffer) {
    this.#path = path;
    this.#text = text;
  }

  /** Rejects with an Error in Go's words where it cannot be read. */
  static async open(path: string): Promise<ConfigurationFile> {
    return new ConfigurationFile(path, await readAll(path));
  }

  get text(): Uint8Array {
    return this.#text;
  }

  /**
   * Tells of each new text, one after the other; what is wrong with it is told by an error and counts as seen.
   * doing: what stands before such errors.
   */
  follow(
    doing: string,
    changed: (text: Uint8Array) => Promise<void>,
    { signal, clock, onError }: Following,
  ): void {
    let last: Promise<void> = Promise.resolve();
    const fail = (error: unknown) => onError(new Error(`${doing}: ${(error as Error).message}`));
    const check = () => {
      last = last.then(() => this.#check(changed)).catch(fail);
    };
    // Of the directory: the file may be replaced, or be a link to another.
    const watcher = watch(dirname(this.#path), { persistent: false, signal }, check);
    watcher.on("error", (error) => {
      if (!signal.aborted) fail(error);
    });
    const later = () => {
      const cancel = clock.setTimer(longestMilliseconds, () => {
        signal.removeEventListener("abort", cancel);
        check();
        later();
      });
      signal.addEventListener("abort", cancel, { once: true });
    };
    later();
  }

  async #check(changed: (text: Uint8Array) => Promise<void>): Promise<void> {
    const text = await readAll(this.#path);
    if (text.equals(this.#text)) return;
    this.#text = text;
    await changed(text);
  }
}

/** Rejects with a UsageError where the file cannot be read. */
export async function openConfiguration(path: string | undefined): Promise<ConfigurationFile | undefined> {
  return path === undefined ? undefined : readOption(() => ConfigurationFile.open(path));
}

async function readAll(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(openProblem("open", path, error));
  }
}

const goTexts: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EISDIR: "is a directory",
};

/** As Go says that a file cannot be opened. */
export function openProblem(call: string, path: string, error: unknown): string {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return `${call} ${path}: ${goTexts[code] ?? message}`;
}
