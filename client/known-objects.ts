import type { KubeObject } from "../api/object.ts";
import type { Follower } from "./follow.ts";

/** The object as it is now, and as it was known before; one of both is undefined when it came or went. */
export type ObjectChange = (now: KubeObject | undefined, before: KubeObject | undefined) => void;

/** What a follower was told of a cluster-scoped resource. A controller's own writes are remembered at once. */
export class KnownObjects<T extends KubeObject = KubeObject> implements Follower {
  readonly #objects = new Map<string, KubeObject>();
  readonly #onChange: ObjectChange;
  #complete = false;

  constructor(onChange: ObjectChange) {
    this.#onChange = onChange;
  }

  /** Whether all objects there are have been told. */
  get complete(): boolean {
    return this.#complete;
  }

  has(name: string): boolean {
    return this.#objects.has(name);
  }

  get(name: string): T | undefined {
    return this.#objects.get(name) as T | undefined;
  }

  values(): IterableIterator<T> {
    return this.#objects.values() as IterableIterator<T>;
  }

  replace(objects: readonly KubeObject[]): void {
    const before = new Map(this.#objects);
    this.#objects.clear();
    this.#complete = true;
    for (const object of objects) this.#objects.set(nameOf(object), object);
    for (const object of objects) this.#onChange(object, before.get(nameOf(object)));
    for (const [name, object] of before) if (!this.#objects.has(name)) this.#onChange(undefined, object);
  }

  set(object: KubeObject): void {
    const before = this.#objects.get(nameOf(object));
    this.remember(object);
    this.#onChange(object, before);
  }

  delete(object: KubeObject): void {
    this.#objects.delete(nameOf(object));
    this.#onChange(undefined, object);
  }

  /** Takes over what was written, before the watch brings it; an older state of the same object is not taken. */
  remember(object: KubeObject): void {
    const known = this.#objects.get(nameOf(object))?.metadata;
    const { uid, resourceVersion } = object.metadata;
    if (known?.uid === uid && Number(known?.resourceVersion) > Number(resourceVersion)) return;
    this.#objects.set(nameOf(object), object);
  }
}

const nameOf = ({ metadata }: KubeObject): string => metadata.name ?? "";
