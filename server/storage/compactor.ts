import type { Clock } from "../../api/clock.ts";
import type { Storage } from "./contract.ts";

export interface CompactorOptions {
  storage: Storage;
  clock: Clock;
  /** Milliseconds; 0: history is kept as long as there is room. */
  interval: number;
  signal: AbortSignal;
  onError(error: unknown): void;
}

/**
 * Forgets history at intervals, each time what was old already the time before: one to two intervals of it remain.
 * Source: k8s.io/apiserver, pkg/storage/etcd3/compact.go.
 */
export function compactAtIntervals({ storage, clock, interval, signal, onError }: CompactorOptions): void {
  if (interval === 0) return;
  const wait = (revision: number): void => {
    const cancel = clock.setTimer(interval, () => {
      signal.removeEventListener("abort", cancel);
      const next = storage.revision;
      storage.compact(revision).catch(onError);
      wait(next);
    });
    signal.addEventListener("abort", cancel, { once: true });
  };
  if (!signal.aborted) wait(0);
}
