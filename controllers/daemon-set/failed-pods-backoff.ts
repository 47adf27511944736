import type { Clock } from "../../api/clock.ts";
import { LruMap } from "../../api/lru-map.ts";

/** Milliseconds. */
const first = 1000;
const longest = 900_000;
const remembered = 10_000;

/** How long failed pods of a node are left, twice as long each time. Source: client-go/util/flowcontrol/backoff.go. */
export class FailedPodsBackoff {
  readonly #clock: Clock;
  readonly #entries = new LruMap<string, { delay: number; at: number }>(remembered);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds to wait, and 0 when one waits no longer. */
  remaining(key: string): number {
    const entry = this.#entries.get(key);
    if (!entry) return 0;
    return this.#clock.monotonic() - entry.at < entry.delay ? entry.delay : 0;
  }

  /** It has failed again. */
  next(key: string): void {
    const at = this.#clock.monotonic();
    const entry = this.#entries.get(key);
    const isRecent = entry && at - entry.at <= 2 * longest;
    this.#entries.set(key, { delay: isRecent ? Math.min(entry.delay * 2, longest) : first, at });
  }
}
