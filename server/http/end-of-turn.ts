import type { Clock } from "../../api/clock.ts";

type Step = () => void;

/** Writing events takes at most a quarter of the time, but never keeps them waiting for longer than this. */
const pausePerMillisecond = 3;
const longestPause = 20;

/**
 * Collects requests that begin and writes to sockets until the event loop has read all that has arrived, and then does
 * them one after the other. The code that a request goes through is much more than the processor keeps at hand: of
 * eight creates that take each step in turn, one costs half of what it costs alone.
 *
 * To wake a client that sleeps costs a system call more than all the rest of writing; clients that are written to in a
 * row are awake after the first. With many clients a read then takes half of the server's time that it took when every
 * answer was written at once; with a single one nothing is waited for.
 *
 * Events of watches go behind the answers: who has written writes again meanwhile. Where many watch, the next events
 * wait in proportion to what writing the last ones took, so that more of them share a write; few watchers see none of it.
 */
export class EndOfTurn {
  readonly #clock: Pick<Clock, "monotonic" | "setTimer">;
  readonly #onError: (error: unknown) => void;
  #steps: Step[] = [];
  #events: Step[] = [];
  /** When events are written again, on the clock's monotonic time. */
  #eventsFrom = 0;
  #queued = false;
  /** Whether a timer waits for that time. */
  #timed = false;

  /** onError is told of what a step throws; the others are done nevertheless. */
  constructor(clock: Pick<Clock, "monotonic" | "setTimer">, onError: (error: unknown) => void) {
    this.#clock = clock;
    this.#onError = onError;
  }

  /** The beginning of a request, or an answer. */
  add(step: Step): void {
    this.#steps.push(step);
    this.#queue();
  }

  /** The writing of events to a watcher. */
  addEvents(write: Step): void {
    this.#events.push(write);
    this.#awaitEvents();
  }

  #awaitEvents(): void {
    if (this.#timed) return;
    const pause = this.#pause();
    if (pause === 0) {
      this.#queue();
      return;
    }
    this.#timed = true;
    this.#clock.setTimer(pause, () => {
      this.#timed = false;
      // A timer may be early.
      this.#awaitEvents();
    });
  }

  /** Whole milliseconds: timers know no less. */
  #pause(): number {
    return Math.max(0, Math.floor(this.#eventsFrom - this.#clock.monotonic()));
  }

  #queue(): void {
    if (this.#queued) return;
    this.#queued = true;
    setImmediate(() => this.#endTurn());
  }

  #endTurn(): void {
    this.#queued = false;
    const steps = this.#steps;
    this.#steps = [];
    this.#doAll(steps);
    if (this.#events.length === 0) return;
    if (this.#pause() > 0) {
      this.#awaitEvents();
      return;
    }
    const start = this.#clock.monotonic();
    const events = this.#events;
    this.#events = [];
    this.#doAll(events);
    const end = this.#clock.monotonic();
    this.#eventsFrom = end + Math.min(pausePerMillisecond * (end - start), longestPause);
  }

  #doAll(steps: readonly Step[]): void {
    for (const step of steps) {
      try {
        step();
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
