import type { Clock } from "../../api/clock.ts";

/** What was found out and is believed for a while; beyond its limit it forgets what was found out first. */
export class ExpiringMap<V> {
  readonly #limit: number;
  readonly #clock: Clock;
  readonly #entries = new Map<string, { value: V; until: number }>();

  constructor(limit: number, clock: Clock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    return entry && this.#clock.monotonic() < entry.until ? entry.value : undefined;
  }

  /** lifetime: milliseconds; 0: it is not believed at all. */
  set(key: string, value: V, lifetime: number): void {
    this.#entries.delete(key);
    if (lifetime > 0) this.#entries.set(key, { value, until: this.#clock.monotonic() + lifetime });
    if (this.#entries.size > this.#limit) this.#entries.delete(this.#entries.keys().next().value!);
  }
}
