import type { Clock } from "../api/clock.ts";

/** Waits so many milliseconds, or until the signal aborts. */
export function pause(clock: Clock, delay: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.setTimer(delay, end);
    signal.addEventListener("abort", end);
  });
}
