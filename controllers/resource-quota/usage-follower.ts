import type { KubeObject } from "../../api/object.ts";
import type { StreamFollower } from "../../client/stream-objects.ts";

/**
 * Notices when the objects of one resource in one namespace may use less, or something else, than before. What is
 * added need not be noticed: admission has charged it.
 */
export class UsageFollower implements StreamFollower {
  readonly #onChange: () => void;
  readonly #footprintOf: ((object: KubeObject) => string) | undefined;
  readonly #footprints = new Map<string, string>();

  /** footprintOf: all that an object counts for; none where all objects always count the same. */
  constructor(onChange: () => void, footprintOf: ((object: KubeObject) => string) | undefined) {
    this.#onChange = onChange;
    this.#footprintOf = footprintOf;
  }

  begin(): void {
    this.#footprints.clear();
  }

  complete(): void {
    this.#onChange();
  }

  set(object: KubeObject): void {
    if (!this.#footprintOf) return;
    const uid = object.metadata.uid!;
    const before = this.#footprints.get(uid);
    const footprint = this.#footprintOf(object);
    this.#footprints.set(uid, footprint);
    if (before !== undefined && before !== footprint) this.#onChange();
  }

  delete({ metadata }: KubeObject): void {
    this.#footprints.delete(metadata.uid!);
    this.#onChange();
  }
}
