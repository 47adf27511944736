interface Interval {
  first: number;
  last: number;
}

/** A set of completion indexes as a Job's status writes it: 1,3-5,7. Source: pkg/controller/job/indexed_job_utils.go. */
export class Indexes {
  readonly #intervals: readonly Interval[];

  private constructor(intervals: readonly Interval[]) {
    this.#intervals = intervals;
  }

  static of(indexes: Iterable<number>): Indexes {
    return new Indexes(joined([...indexes].map((index) => ({ first: index, last: index }))));
  }

  /** What cannot be read is passed over, and so is what is beyond the completions. */
  static parse(text: string, completions: number): Indexes {
    const intervals: Interval[] = [];
    for (const part of text.split(",")) {
      const match = /^([+-]?\d+)(?:-([+-]?\d+))?/.exec(part);
      if (!match) continue;
      const first = Number(match[1]);
      if (first >= completions) break;
      intervals.push({ first, last: Math.min(Number(match[2] ?? first), completions - 1) });
    }
    return new Indexes(joined(intervals));
  }

  get size(): number {
    return this.#intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  }

  has(index: number): boolean {
    return this.#intervals.some(({ first, last }) => first <= index && index <= last);
  }

  with(others: Indexes): Indexes {
    return new Indexes(joined([...this.#intervals, ...others.#intervals]));
  }

  /** How many are in both. */
  overlap(others: Indexes): number {
    let count = 0;
    for (const { first, last } of this.#intervals) {
      for (const other of others.#intervals)
        count += Math.max(0, Math.min(last, other.last) - Math.max(first, other.first) + 1);
    }
    return count;
  }

  /** The lowest ones that are missing below the limit. */
  missing(count: number, limit: number): number[] {
    const missing: number[] = [];
    let candidate = 0;
    for (const { first, last } of [...this.#intervals, { first: limit, last: limit }]) {
      for (; candidate < Math.min(first, limit) && missing.length < count; candidate++)
        missing.push(candidate);
      candidate = Math.max(candidate, last + 1);
    }
    return missing;
  }

  toString(): string {
    return this.#intervals
      .map(({ first, last }) => {
        if (first === last) return `${first}`;
        return `${first}${last === first + 1 ? "," : "-"}${last}`;
      })
      .join(",");
  }
}

/** In order, each as long as it can be. */
function joined(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const { first, last } of intervals.toSorted((a, b) => a.first - b.first)) {
    const previous = result.at(-1);
    if (previous && first <= previous.last + 1) previous.last = Math.max(previous.last, last);
    else result.push({ first, last });
  }
  return result;
}
