/**
 * Collects writes to sockets until the event loop has read all that has arrived, and then does them one after the
 * other. To wake a client that sleeps costs a system call more than all the rest of writing; clients that are written
 * to in a row are awake after the first. With many clients a read then takes half of the server's time that it took
 * when every answer was written at once; with a single one nothing is waited for.
 */
export class EndOfTurn {
  readonly #onError: (error: unknown) => void;
  #writes: (() => void)[] = [];

  /** onError is told of what a write throws; the others are done nevertheless. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  add(write: () => void): void {
    if (this.#writes.push(write) === 1) setImmediate(() => this.#doAll());
  }

  #doAll(): void {
    const writes = this.#writes;
    this.#writes = [];
    for (const write of writes) {
      try {
        write();
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
