/** Sorted items in chunks of bounded length: O(log n) search, cheap insertion, and ranks by adding chunk lengths. */
export interface Ordered {
  /** Sorts natively (see orderOf). Unique within an index. */
  readonly order: string;
}

const chunkLimit = 512;

/** A range of ranks: from (included) to end (excluded). */
export interface RankRange {
  from: number;
  end: number;
}

export class OrderedIndex<T extends Ordered> {
  #chunks: T[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  insert(item: T): void {
    this.#size++;
    const before = (other: T) => other.order < item.order;
    const chunkIndex = Math.min(this.#firstChunk(before), this.#chunks.length - 1);
    const chunk = this.#chunks[chunkIndex];
    if (chunk === undefined) {
      this.#chunks.push([item]);
      return;
    }
    chunk.splice(firstNot(chunk, before), 0, item);
    if (chunk.length > chunkLimit) {
      // Keys often arrive in order: then the full chunk stays full and a new one begins.
      const ascending = chunkIndex === this.#chunks.length - 1 && chunk[chunk.length - 1] === item;
      this.#chunks.splice(chunkIndex + 1, 0, chunk.splice(ascending ? chunkLimit : chunkLimit / 2));
    }
  }

  delete(order: string): void {
    const before = (other: T) => other.order < order;
    const chunkIndex = this.#firstChunk(before);
    const chunk = this.#chunks[chunkIndex];
    if (chunk === undefined) return;
    const index = firstNot(chunk, before);
    if (chunk[index]?.order !== order) return;
    this.#size--;
    chunk.splice(index, 1);
    if (chunk.length === 0) this.#chunks.splice(chunkIndex, 1);
  }

  /** The ranks of the items under a prefix, after a given order if there is one. */
  range(prefix: string, after?: string): RankRange {
    const start =
      after === undefined || after < prefix
        ? this.#find((item) => item.order < prefix)
        : this.#find((item) => item.order <= after);
    // Nothing is there, as of most things that are looked for by others' writes: limit ranges, quotas.
    if (!start.item?.order.startsWith(prefix)) return { from: start.rank, end: start.rank };
    const end = this.#find(({ order }) => order < prefix || order.startsWith(prefix));
    return { from: start.rank, end: end.rank };
  }

  /** Visits the items of a range of ranks in order, until visit returns false. */
  visit(range: RankRange, visit: (item: T) => boolean): void {
    if (range.from >= range.end) return;
    let rank = 0;
    for (const chunk of this.#chunks) {
      if (rank >= range.end) return;
      const stop = Math.min(chunk.length, range.end - rank);
      for (let index = Math.max(0, range.from - rank); index < stop; index++) {
        if (!visit(chunk[index] as T)) return;
      }
      rank += chunk.length;
    }
  }

  /** The first item that is not before, if there is one, and its rank. */
  #find(before: (item: T) => boolean): { rank: number; item: T | undefined } {
    const chunkIndex = this.#firstChunk(before);
    let rank = 0;
    for (let index = 0; index < chunkIndex; index++) rank += (this.#chunks[index] as T[]).length;
    const chunk = this.#chunks[chunkIndex];
    if (chunk === undefined) return { rank, item: undefined };
    const index = firstNot(chunk, before);
    return { rank: rank + index, item: chunk[index] };
  }

  /** Index of the first chunk whose last item is not before. */
  #firstChunk(before: (item: T) => boolean): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const chunk = this.#chunks[middle] as T[];
      if (before(chunk[chunk.length - 1] as T)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Index of the first item that is not before; items must have all those that are in front. */
export function firstNot<T>(items: readonly T[], before: (item: T) => boolean, from = 0): number {
  let low = from;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(items[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}
