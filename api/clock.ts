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

/** meta/v1 Time: whole seconds in UTC. */
export function timestamp(clock: Clock): string {
  return `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
}
