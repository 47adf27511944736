import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { makeDirectory } from "../server/storage/make-directory.ts";

/** Writes a file so that a reader, or a process killed meanwhile, leaves the old or the new text, never a part. */
export async function writeAtomically(path: string, text: string, mode: number): Promise<void> {
  await makeDirectory(dirname(path));
  const temporary = `${path}.new`;
  const file = await open(temporary, "w", mode);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
