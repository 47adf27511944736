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

process.on("message", () => {
  const delay = delays.max / 1e6;
  globalThis.gc?.();
  process.send?.({ rss: process.memoryUsage.rss(), delay } satisfies Reading);
  // What collecting took is not the server's.
  setImmediate(() => delays.reset());
});
// The server's own end is not held up by being asked.
process.channel?.unref();
