const minute = 60_000;
const writesPerMinute = 6;

/** Lets an object be written six times a minute. Source: shouldDelayUpdate of apf_controller.go. */
export class WriteLimit {
  /** In the order of their times. */
  #writes: { at: number; name: string }[] = [];

  allows(name: string, now: number): boolean {
    this.#writes = this.#writes.filter(({ at }) => at >= now - minute);
    return this.#writes.filter((write) => write.name === name).length < writesPerMinute;
  }

  note(name: string, now: number): void {
    this.#writes.push({ at: now, name });
  }
}
