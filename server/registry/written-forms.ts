import { cloneJson } from "../../api/json-clone.ts";
import { jsonEqual } from "../../api/json-equal.ts";
import type { KubeObject } from "../../api/object.ts";
import type { Entry } from "../storage/contract.ts";

/**
 * Objects as they were written, where reading them adds something.
 *
 * Upstream stores an object as it was written and defaults it whenever it reads it. Here what was read is stored. An
 * update is none when it equals what was written, which therefore is kept aside for as long as the entry is in use;
 * after a restart it equals what was read.
 * Source: GuaranteedUpdate of apiserver's storage/etcd3, which compares bytes.
 */
export class WrittenForms {
  readonly #defaultOnRead: ((object: KubeObject) => void) | undefined;
  readonly #forms = new WeakMap<Entry, KubeObject>();

  constructor(defaultOnRead: ((object: KubeObject) => void) | undefined) {
    this.#defaultOnRead = defaultOnRead;
  }

  /** What reading the object gives. */
  completed(written: KubeObject): KubeObject {
    if (!this.#defaultOnRead) return written;
    const object = cloneJson(written);
    this.#defaultOnRead(object);
    return object;
  }

  remember(entry: Entry, written: KubeObject, read: KubeObject): void {
    if (!this.#defaultOnRead || jsonEqual(written, read)) return;
    const metadata = { ...written.metadata, resourceVersion: String(entry.revision) };
    this.#forms.set(entry, { ...written, metadata });
  }

  /** What was written; undefined: what is read. */
  of(entry: Entry): KubeObject | undefined {
    return this.#forms.get(entry);
  }
}
