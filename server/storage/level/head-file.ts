import { type FileHandle, open } from "node:fs/promises";
import { decodeMeta, encodeMeta, type Meta, metaLength } from "./record.ts";

/** Two slots in pages of their own, written in turn: a write that is torn leaves the other one. */
const slotDistance = 4096;

/**
 * What the newest commit came to, kept beside LevelDB. Without it nobody could tell a log whose last commits are
 * damaged, which LevelDB drops without a word, from one that never had them.
 */
export class HeadFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Opens the file, or makes it. */
  static async open(path: string): Promise<HeadFile> {
    const handle = await open(path, "r+").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return open(path, "w+");
      throw error;
    });
    return new HeadFile(handle);
  }

  async write(meta: Meta): Promise<void> {
    const bytes = encodeMeta(meta);
    const { bytesWritten } = await this.#handle.write(bytes, 0, bytes.length, slotOf(meta.sequence));
    if (bytesWritten !== bytes.length) throw new Error("the head file could not be written");
  }

  sync(): Promise<void> {
    return this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

function slotOf(sequence: number): number {
  return (sequence % 2) * slotDistance;
}

/** The newest whole slot of a head file's bytes; undefined if there is none. */
export function readHead(bytes: Buffer): Meta | undefined {
  return [0, slotDistance]
    .map((offset) => decodeMeta(bytes.subarray(offset, offset + metaLength)))
    .reduce((newest, slot) => (slot && (!newest || slot.sequence > newest.sequence) ? slot : newest));
}

/** Makes new names in a directory last. Windows can't, and needs not. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
