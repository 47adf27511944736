import type { Clock } from "../../api/clock.ts";
import type { Storage } from "./contract.ts";
import { CoreStorage } from "./core-storage.ts";
import { KeySpace } from "./key-space.ts";

export interface StorageLimits {
  /** Bytes of history kept for watches and lists of the past; older is RevisionCompacted. Default 64 MiB. */
  historyBytes?: number;
  /** Bytes that a watch may leave unread before it ends with SlowWatcher. Default 32 MiB. */
  watchBufferBytes?: number;
}

export interface MemoryStorageOptions extends StorageLimits {
  clock: Clock;
}

export const defaultHistoryBytes = 64 << 20;
export const defaultWatchBufferBytes = 32 << 20;

/** A storage that ends with the process. */
export function openMemoryStorage(options: MemoryStorageOptions): Storage {
  const { clock, historyBytes = defaultHistoryBytes, watchBufferBytes = defaultWatchBufferBytes } = options;
  const space = new KeySpace({ historyBytes, revision: 1, compacted: 1 });
  return new CoreStorage({ clock, space, watchBufferBytes });
}
