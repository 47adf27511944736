import type { Clock } from "../../api/clock.ts";
import type { Version } from "./version.ts";

/** Timers may not be longer than this (2^31 - 1 ms). */
const longestTimer = 0x7fffffff;
/** Keys that one turn of the event loop deletes at most. */
const sliceLimit = 500;

/** Calls expire for each tracked version when its time has come; one timer and a binary heap for all of them. */
export class Expiry {
  readonly #clock: Clock;
  readonly #expire: (version: Version) => void;
  readonly #heap: Version[] = [];
  #cancel: (() => void) | undefined;
  #timerAt = 0;

  constructor(clock: Clock, expire: (version: Version) => void) {
    this.#clock = clock;
    this.#expire = expire;
  }

  track(version: Version): void {
    if (version.expiresAt === 0) return;
    const heap = this.#heap;
    let index = heap.length;
    heap.push(version);
    while (index > 0) {
      const parent = (index - 1) >>> 1;
      if ((heap[parent] as Version).expiresAt <= version.expiresAt) break;
      heap[index] = heap[parent] as Version;
      index = parent;
    }
    heap[index] = version;
    if (index === 0) this.#arm();
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#heap.length = 0;
  }

  #arm(): void {
    const first = this.#heap[0];
    if (first === undefined) return;
    if (this.#cancel !== undefined) {
      if (this.#timerAt <= first.expiresAt) return;
      this.#cancel();
    }
    this.#timerAt = first.expiresAt;
    const delay = Math.min(Math.max(0, first.expiresAt - this.#clock.now()), longestTimer);
    this.#cancel = this.#clock.setTimer(delay, () => {
      this.#cancel = undefined;
      this.#fire();
      this.#arm();
    });
  }

  #fire(): void {
    const now = this.#clock.now();
    for (let count = 0; count < sliceLimit; count++) {
      const first = this.#heap[0];
      if (first === undefined || first.expiresAt > now) return;
      this.#removeFirst();
      this.#expire(first);
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop() as Version;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && right.expiresAt < (heap[child] as Version).expiresAt) child++;
      if ((heap[child] as Version).expiresAt >= last.expiresAt) break;
      heap[index] = heap[child] as Version;
      index = child;
    }
    heap[index] = last;
  }
}
