/**
 * Time and chance are passed in (never Date.now, setTimeout, Math.random or randomUUID elsewhere), so that many
 * clusters live in one process, time can be stopped and stepped, and a run repeats from its seed.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  /** Runs callback once after delay milliseconds; the result cancels it. */
  setTimer(delay: number, callback: () => void): () => void;
}

export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A version 4 UUID. */
  uuid(): string;
}

/** Pure memoisation: a write asks several times within one second. */
const lastTexts = new WeakMap<Clock, { second: number; text: string }>();

/** Now as meta/v1 Time: whole seconds in UTC. */
export function timestamp(clock: Clock): string {
  const second = Math.floor(clock.now() / 1000);
  let last = lastTexts.get(clock);
  if (last?.second !== second) {
    last = { second, text: timestampAt(second * 1000) };
    lastTexts.set(clock, last);
  }
  return last.text;
}

/** The same of milliseconds since the epoch. */
export function timestampAt(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
