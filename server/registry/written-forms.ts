import type { KubeObject } from "../../api/object.ts";
import type { Entry } from "../storage/contract.ts";
import type { ResourceType } from "./resource-type.ts";
import { decodeStored, isKept, type StoredEncoder, storedObject, storedText } from "./stored.ts";

/** An object about to be written; its JSON, as it is and as reading gives it. See storedObject. */
export interface WrittenForm {
  readonly written: string;
  readonly read: string;
  /** What is read. */
  readonly object: KubeObject;
}

/**
 * Objects as they were written, where reading them adds something.
 *
 * Upstream stores an object as it was written and defaults it whenever it reads it. Here what was read is stored. An
 * update is none when it equals what was written, which therefore is kept aside for as long as the entry is in use;
 * after a restart it equals what was read.
 * Source: GuaranteedUpdate of apiserver's storage/etcd3, which compares bytes.
 */
export class WrittenForms {
  readonly #type: ResourceType;
  readonly #encoder: StoredEncoder;
  readonly #forms = new WeakMap<Entry, string>();

  constructor(type: ResourceType, encoder: StoredEncoder) {
    this.#type = type;
    this.#encoder = encoder;
  }

  /** Of an object that is the caller's own. */
  of(own: KubeObject): WrittenForm {
    const object = storedObject(this.#type, own);
    const written = storedText(object);
    const { defaultOnRead } = this.#type.definition.strategy;
    if (!defaultOnRead) return { written, read: written, object };
    const completed = decodeStored(written);
    defaultOnRead(completed);
    const read = storedObject(this.#type, completed);
    return { written, read: storedText(read), object: read };
  }

  remember(entry: Entry, { written, read }: WrittenForm): void {
    if (written !== read) this.#forms.set(entry, written);
  }

  /** Whether the entry was written so. */
  isWritten({ written }: WrittenForm, entry: Entry): boolean {
    const before = this.#forms.get(entry);
    return before === undefined ? isKept(this.#encoder.encode(written), entry) : written === before;
  }
}
