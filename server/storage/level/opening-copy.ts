import { copyFile, link, mkdir, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { entriesOf, ifMissing, readIfThere, removeAll, type StoragePaths } from "./paths.ts";

const copyPrefix = "opening-";
const unfinished = ".unfinished";

/**
 * The files as they were before LevelDB opened them, as hard links. LevelDB never changes a file in place, but when
 * it opens a damaged store it drops what it cannot read and deletes the rest of the log, so what could have been saved
 * would be gone by the time that the damage is found. Kept until the store has been verified.
 */
export class OpeningCopy {
  readonly #paths: StoragePaths;
  #own: string | undefined;

  private constructor(paths: StoragePaths) {
    this.#paths = paths;
  }

  static async take(paths: StoragePaths): Promise<OpeningCopy> {
    const copy = new OpeningCopy(paths);
    const names = await entriesOf(paths.database);
    if (names.length > 0) await copy.#copy(names);
    return copy;
  }

  /** Another process has the store: take back only what this opening has copied. */
  async withdraw(): Promise<void> {
    if (this.#own !== undefined) await removeAll(this.#own);
  }

  /** The store is whole: nothing of this is needed, nor what an opening that was killed has left. */
  async discard(): Promise<void> {
    for (const name of await entriesOf(this.#paths.root)) {
      if (name.startsWith(copyPrefix)) await removeAll(join(this.#paths.root, name));
    }
  }

  /** Puts the files back as they were before the first opening that did not come to its end. LevelDB must be closed. */
  async restore(): Promise<void> {
    const oldest = await this.#oldest();
    if (oldest !== undefined) {
      const discarded = join(this.#paths.root, "opened");
      await removeAll(discarded);
      await rename(this.#paths.database, discarded);
      await rename(join(oldest, "db"), this.#paths.database);
      await removeAll(discarded);
    }
    await this.discard();
  }

  async #copy(names: readonly string[]): Promise<void> {
    const { root, database, head } = this.#paths;
    const path = await this.#claim();
    await mkdir(join(path, "db"));
    for (const name of names) {
      if (name !== "LOCK" && !name.startsWith("LOG"))
        await linkOrCopy(join(database, name), join(path, "db", name));
    }
    await copyIfThere(head, join(path, "head"));
    this.#own = join(root, basename(path, unfinished));
    await rename(path, this.#own);
  }

  /** Makes a directory with a number of its own, greater than those that are there. */
  async #claim(): Promise<string> {
    const taken = (await entriesOf(this.#paths.root))
      .filter((name) => name.startsWith(copyPrefix))
      .map(numberOf);
    for (let number = Math.max(0, ...taken) + 1; ; number++) {
      const path = join(this.#paths.root, `${copyPrefix}${number}${unfinished}`);
      try {
        await mkdir(path);
        return path;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
  }

  /** The first copy of the state that the head file tells of; a copy with another head is older than that. */
  async #oldest(): Promise<string | undefined> {
    const head = await readIfThere(this.#paths.head);
    const names = (await entriesOf(this.#paths.root)).filter((name) => /^opening-\d+$/.test(name));
    for (const name of names.sort((a, b) => numberOf(a) - numberOf(b))) {
      const path = join(this.#paths.root, name);
      const copied = await readIfThere(join(path, "head"));
      if (head === undefined ? copied === undefined : copied?.equals(head)) return path;
    }
    return undefined;
  }
}

function numberOf(name: string): number {
  return Number.parseInt(name.slice(copyPrefix.length), 10);
}

async function copyIfThere(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch(ifMissing(undefined));
}

/** Not every file system has hard links. A file that has vanished belongs to a process that is at work. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") return copyIfThere(from, to);
  });
}
