import { randomUUID } from "node:crypto";
import type { Clock, Random } from "../api/clock.ts";

/** The machine's own time: composed in here only. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(delay, callback) {
    // setTimeout takes 31 bits; what is longer than that waits in steps.
    const longest = 2 ** 31 - 1;
    let timer = setTimeout(step, Math.min(delay, longest));
    let left = delay - longest;
    timer.unref();
    function step(): void {
      if (left <= 0) {
        callback();
        return;
      }
      timer = setTimeout(step, Math.min(left, longest));
      timer.unref();
      left -= longest;
    }
    return () => clearTimeout(timer);
  },
};

export const systemRandom: Random = { next: () => Math.random(), uuid: () => randomUUID() };
