import { deepFreeze } from "../../api/deep-freeze.ts";
import { LruMap } from "../../api/lru-map.ts";
import type { KubeObject } from "../../api/object.ts";
import type { Entry } from "../storage/contract.ts";
import { decodeStored } from "./stored.ts";

const decoder = new TextDecoder();

/**
 * Decoded objects of recently used entries. Storage keeps bytes only; a decoded 4 KB pod costs 13 to 20 KB, so
 * the number is bounded.
 */
export class ObjectCache {
  readonly #objects: LruMap<Entry, KubeObject>;

  constructor(capacity: number) {
    this.#objects = new LruMap(capacity);
  }

  /** The entry's object, frozen. */
  get(entry: Entry): KubeObject {
    const known = this.#objects.get(entry);
    if (known) return known;
    const object = deepFreeze(decodeEntry(entry));
    this.#objects.set(entry, object);
    return object;
  }

  /**
   * The same for a write, which is about to replace the entry: an object that would be kept for nothing is of all
   * garbage the most expensive to collect.
   */
  getOnce(entry: Entry): KubeObject {
    return this.#objects.peek(entry) ?? deepFreeze(decodeEntry(entry));
  }
}

const decodeEntry = (entry: Entry): KubeObject => decodeStored(decoder.decode(entry.bytes));
