import type { Clock, Random } from "../api/clock.ts";

export interface BackoffOptions {
  clock: Clock;
  random: Random;
  /** The first delay, the longest, and after how long without any it begins anew; in milliseconds. */
  first: number;
  longest: number;
  reset: number;
}

/** Delays that double, each up to twice as long by chance. Source: DelayWithReset of k8s.io/apimachinery/pkg/util/wait. */
export class Backoff {
  readonly #options: BackoffOptions;
  #attempts = 0;
  #last = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** How many milliseconds to wait now. */
  next(): number {
    const { clock, random, first, longest, reset } = this.#options;
    const now = clock.monotonic();
    if (now - this.#last > reset) this.#attempts = 0;
    this.#last = now;
    return Math.min(first * 2 ** this.#attempts++, longest) * (1 + random.next());
  }
}
