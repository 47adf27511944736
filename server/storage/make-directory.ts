import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a directory and what is missing above it. Rejects with the system's error. Node's own recursive mkdir never ends
 * where the system says of a new directory in an existing one that it is not there, as Linux does below /proc.
 */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST" && (await isDirectory(path))) return;
    const parent = dirname(path);
    if (code !== "ENOENT" || (await isDirectory(parent))) throw error;
    await makeDirectory(parent);
    await mkdir(path);
  }
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
