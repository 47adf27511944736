import type { Clock } from "../../api/clock.ts";

/** What is expected this long ago, in milliseconds, is not waited for any more. */
const timeout = 300_000;

interface Expected {
  creations: number;
  /** Keys of what is to be seen deleted, so that nothing counts twice: first it gets a deletion time, then it goes. */
  deletions: Set<string>;
  since: number;
}

/**
 * What a controller has written and not seen yet: as long as there is something, what it knows is not the truth to
 * act on. By the controller's key. Source: UIDTrackingControllerExpectations of pkg/controller/controller_utils.go.
 */
export class Expectations {
  readonly #clock: Clock;
  readonly #expected = new Map<string, Expected>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isSatisfied(key: string): boolean {
    const expected = this.#expected.get(key);
    if (!expected) return true;
    if (expected.creations <= 0 && expected.deletions.size === 0) return true;
    return this.#clock.monotonic() - expected.since > timeout;
  }

  expectCreations(key: string, creations: number): void {
    this.expect(key, creations, []);
  }

  expectDeletions(key: string, deletions: Iterable<string>): void {
    this.expect(key, 0, deletions);
  }

  expect(key: string, creations: number, deletions: Iterable<string>): void {
    this.#expected.set(key, {
      creations,
      deletions: new Set(deletions),
      since: this.#clock.monotonic(),
    });
  }

  /** Seen, or never to be seen because it failed. */
  creationObserved(key: string): void {
    const expected = this.#expected.get(key);
    if (expected) expected.creations--;
  }

  deletionObserved(key: string, deleted: string): void {
    this.#expected.get(key)?.deletions.delete(deleted);
  }

  forget(key: string): void {
    this.#expected.delete(key);
  }
}
