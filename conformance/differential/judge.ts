/** Sets differences that are meant apart from those that are not. */

import { type Allowed, allowance } from "./allowed.ts";
import { compareTranscripts } from "./compare.ts";
import type { NormalStep } from "./normalize.ts";
import type { CaseResult } from "./report.ts";

export class Judge {
  readonly results: CaseResult[] = [];
  readonly #allowed: readonly Allowed[];
  readonly #hits = new Set<Allowed>();

  constructor(allowed: readonly Allowed[]) {
    this.#allowed = allowed;
  }

  compare(file: string, name: string, peer: readonly NormalStep[], ours: readonly NormalStep[]): CaseResult {
    const all = compareTranscripts(peer, ours);
    const differences = all.filter((difference) => {
      const entry = allowance(this.#allowed, name, difference);
      if (entry !== undefined) this.#hits.add(entry);
      return entry === undefined;
    });
    const result = {
      file,
      name,
      requests: peer.length,
      differences,
      allowed: all.length - differences.length,
    };
    this.results.push(result);
    return result;
  }

  /** Entries of the list that no difference has met. */
  stale(): Allowed[] {
    return this.#allowed.filter((entry) => !this.#hits.has(entry));
  }

  /** The last lines of a run, and whether all is well. `isWhole`: every case ran, so that no entry may be stale. */
  verdict(isWhole: boolean, unit: string): { lines: string[]; isWell: boolean } {
    const stale = isWhole ? this.stale() : [];
    const failed = this.results.filter((result) => result.differences.length > 0).length;
    const total = this.results.reduce((sum, result) => sum + result.requests, 0);
    const lines = stale.map(
      (entry) => `an allowed difference no longer shows: ${entry.at} (${entry.reason})`,
    );
    lines.push(`${this.results.length - failed} passed, ${failed + stale.length} failed (${total} ${unit})`);
    return { lines, isWell: failed + stale.length === 0 };
  }
}
