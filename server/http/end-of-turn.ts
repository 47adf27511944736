import type { Clock } from "../../api/clock.ts";

type Write = () => void;

/** Writing events takes at most a quarter of the time, but never keeps them waiting for longer than this. */
const pausePerMillisecond = 3;
const longestPause = 20;

/**
 * Collects writes to sockets until the event loop has read all that has arrived, and then does them one after the
 * other. To wake a client that sleeps costs a system call more than all the rest of writing; clients that are written
 * to in a row are awake after the first. With many clients a read then takes half of the server's time that it took
 * when every answer was written at once; with a single one nothing is waited for.
 *
 * Events of watches go behind the answers: who has written writes again meanwhile. Where many watch, the next events
 * wait in proportion to what writing the last ones took, so that more of them share a write; few watchers see none of it.
 */
export class EndOfTurn {
  readonly #clock: Pick<Clock, "monotonic" | "setTimer">;
  readonly #onError: (error: unknown) => void;
  #answers: Write[] = [];
  #events: Write[] = [];
  /** When events are written again, on the clock's monotonic time. */
  #eventsFrom = 0;
  #queued = false;
  /** Whether a timer waits for that time. */
  #timed = false;

  /** onError is told of what a write throws; the others are done nevertheless. */
  constructor(clock: Pick<Clock, "monotonic" | "setTimer">, onError: (error: unknown) => void) {
    this.#clock = clock;
    this.#onError = onError;
  }

  add(write: Write): void {
    this.#answers.push(write);
    this.#queue();
  }

  addEvents(write: Write): void {
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
    const answers = this.#answers;
    this.#answers = [];
    this.#doAll(answers);
    if (this.#events.length === 0 || this.#pause() > 0) return;
    const start = this.#clock.monotonic();
    const events = this.#events;
    this.#events = [];
    this.#doAll(events);
    const end = this.#clock.monotonic();
    this.#eventsFrom = end + Math.min(pausePerMillisecond * (end - start), longestPause);
  }

  #doAll(writes: readonly Write[]): void {
    for (const write of writes) {
      try {
        write();
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
