import type { Undo } from "./strategy.ts";

/** Runs a write; takes back what its begin hook reserved when it fails or was only tried. */
export async function undoing<T>(dryRun: boolean, undo: Undo, write: () => Promise<T>): Promise<T> {
  let done = false;
  try {
    const result = await write();
    done = !dryRun;
    return result;
  } finally {
    if (!done) await undo();
  }
}
