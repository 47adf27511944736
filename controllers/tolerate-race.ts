import { StatusError } from "../api/status.ts";

/** Somebody else was faster, or the object is gone: its next change brings it back. Other errors are thrown on. */
export async function tolerateRace(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    const isRace = error instanceof StatusError && (error.code === 404 || error.code === 409);
    if (!isRace) throw error;
  }
}
