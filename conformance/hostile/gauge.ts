/** Loaded into the server's process before it: says, when it is asked, how much memory it has and how late its loop was. */
import { monitorEventLoopDelay } from "node:perf_hooks";

export interface Reading {
  /** Of the whole process after a collection, in bytes. */
  rss: number;
  /** How late the event loop was at most since the last reading, in milliseconds. */
  delay: number;
}

const delays = monitorEventLoopDelay({ resolution: 10 });
delays.enable();

/** What it is asked; "rest": how much is left when the pages that V8 keeps for the next garbage are given back. */
export type Question = "read" | "rest";

process.on("message", (question: Question) => {
  const delay = delays.max / 1e6;
  // Giving back drops compiled code as well, so that it is not done before every case.
  if (question === "rest") globalThis.gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
  else globalThis.gc?.();
  process.send?.({ rss: process.memoryUsage.rss(), delay } satisfies Reading);
  // What collecting took is not the server's.
  setImmediate(() => delays.reset());
});
// The server's own end is not held up by being asked.
process.channel?.unref();
