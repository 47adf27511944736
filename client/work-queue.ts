import type { Clock } from "../api/clock.ts";

export interface WorkQueueOptions {
  clock: Clock;
  signal: AbortSignal;
  /** Hears of every failure; the key comes again. */
  onError: (error: unknown) => void;
  /** How many keys are worked on at the same time, never one of them twice. Default 1. */
  workers?: number;
  /** Nothing is worked on before this resolves. */
  ready?: Promise<void>;
  /** The first delay before what failed comes again, in milliseconds: each next one is twice as long. Default 5. */
  firstRetry?: number;
  /** The longest delay before what failed comes again, in milliseconds. */
  longestRetry?: number;
  /** What it resolves to matters only if it is again: the key comes again as if it had failed, which nobody hears of. */
  work(key: string): Promise<unknown>;
}

export const again: unique symbol = Symbol("again");

const defaultFirstRetry = 5;
const defaultLongestRetry = 1_000_000;
/** After so many milliseconds of work others get their turn: within a process nothing else may make us wait. */
const longestSlice = 4;

/**
 * Keys to look at, each waiting once however often it is added. What fails comes again, later each time.
 * Source: k8s.io/client-go/util/workqueue with DefaultTypedControllerRateLimiter.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new Set<string>();
  readonly #processing = new Set<string>();
  readonly #failures = new Map<string, number>();
  /** Cancels the timer of a key that comes later. */
  readonly #delayed = new Map<string, { due: number; cancel: () => void }>();
  #workers = 0;
  #sliceEnd = 0;
  /** The end of the turn that all workers wait for. */
  #turn: Promise<void> | undefined;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", () => this.#stop(), { once: true });
  }

  add(key: string): void {
    const { signal, workers = 1 } = this.#options;
    if (signal.aborted) return;
    this.#waiting.add(key);
    if (this.#workers < workers) void this.#work();
  }

  async #work(): Promise<void> {
    const { clock, ready } = this.#options;
    if (this.#workers++ === 0) this.#sliceEnd = clock.monotonic() + longestSlice;
    // Whoever is being told something is told all of it first.
    await ready;
    for (let key = this.#next(); key !== undefined; key = this.#next()) {
      this.#processing.add(key);
      await this.#attempt(key);
      this.#processing.delete(key);
      await this.#giveWay();
    }
    this.#workers--;
  }

  async #giveWay(): Promise<void> {
    const { clock } = this.#options;
    if (clock.monotonic() < this.#sliceEnd) return;
    this.#turn ??= new Promise(setImmediate).then(() => {
      this.#turn = undefined;
      this.#sliceEnd = clock.monotonic() + longestSlice;
    });
    await this.#turn;
  }

  #next(): string | undefined {
    if (this.#options.signal.aborted) return undefined;
    for (const key of this.#waiting) {
      if (this.#processing.has(key)) continue;
      this.#waiting.delete(key);
      return key;
    }
    return undefined;
  }

  async #attempt(key: string): Promise<void> {
    const { work, onError, signal } = this.#options;
    try {
      if ((await work(key)) === again) this.addAgain(key);
      else this.#failures.delete(key);
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      this.addAgain(key);
    }
  }

  /** Adds a key that was worked on in vain, later each time. Source: AddRateLimited. */
  addAgain(key: string): void {
    const { firstRetry = defaultFirstRetry, longestRetry = defaultLongestRetry } = this.#options;
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.addAfter(key, Math.min(firstRetry * 2 ** failures, longestRetry));
  }

  /** Adds a key after so many milliseconds, or earlier if that was asked for before. */
  addAfter(key: string, delay: number): void {
    const { clock, signal } = this.#options;
    if (signal.aborted) return;
    const due = clock.monotonic() + delay;
    const waiting = this.#delayed.get(key);
    if (waiting && waiting.due <= due) return;
    waiting?.cancel();
    const cancel = clock.setTimer(delay, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { due, cancel });
  }

  #stop(): void {
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
  }
}
