import type { Clock } from "../api/clock.ts";

export interface WorkQueueOptions {
  clock: Clock;
  signal: AbortSignal;
  /** Hears of every failure; the key comes again. */
  onError: (error: unknown) => void;
  /** How many keys are worked on at the same time, never one of them twice. Default 1. */
  workers?: number;
  work(key: string): Promise<void>;
}

const firstRetry = 5;
const longestRetry = 1_000_000;

/**
 * Keys to look at, each waiting once however often it is added. What fails comes again, later each time.
 * Source: k8s.io/client-go/util/workqueue with DefaultTypedControllerRateLimiter.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions;
  readonly #waiting = new Set<string>();
  readonly #processing = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #retries = new Set<() => void>();
  #workers = 0;

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
    this.#workers++;
    // Whoever is being told something is told all of it first.
    await Promise.resolve();
    for (let key = this.#next(); key !== undefined; key = this.#next()) {
      this.#processing.add(key);
      await this.#attempt(key);
      this.#processing.delete(key);
    }
    this.#workers--;
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
      await work(key);
      this.#failures.delete(key);
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      const failures = this.#failures.get(key) ?? 0;
      this.#failures.set(key, failures + 1);
      this.#addAfter(key, Math.min(firstRetry * 2 ** failures, longestRetry));
    }
  }

  #addAfter(key: string, delay: number): void {
    const cancel = this.#options.clock.setTimer(delay, () => {
      this.#retries.delete(cancel);
      this.add(key);
    });
    this.#retries.add(cancel);
  }

  #stop(): void {
    for (const cancel of this.#retries) cancel();
    this.#retries.clear();
  }
}
