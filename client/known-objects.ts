import type { KubeObject } from "../api/object.ts";
import type { Follower } from "./follow.ts";

/** The object as it is now, and as it was known before; one of both is undefined when it came or went. */
export type ObjectChange = (now: KubeObject | undefined, before: KubeObject | undefined) => void;

/** namespace/name, or the name alone where there is no namespace. Source: MetaNamespaceKeyFunc of client-go. */
export const objectKey = ({ metadata: { namespace, name = "" } }: KubeObject): string =>
  namespace ? `${namespace}/${name}` : name;

/** What a follower was told of a resource, by objectKey. A controller's own writes are remembered at once. */
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

  has(key: string): boolean {
    return this.#objects.has(key);
  }

  get(key: string): T | undefined {
    return this.#objects.get(key) as T | undefined;
  }

  keys(): IterableIterator<string> {
    return this.#objects.keys();
  }

  values(): IterableIterator<T> {
    return this.#objects.values() as IterableIterator<T>;
  }

  replace(objects: readonly KubeObject[]): void {
    const before = new Map(this.#objects);
    this.#objects.clear();
    this.#complete = true;
    for (const object of objects) this.#objects.set(objectKey(object), object);
    for (const object of objects) this.#onChange(object, before.get(objectKey(object)));
    for (const [key, object] of before) if (!this.#objects.has(key)) this.#onChange(undefined, object);
  }

  set(object: KubeObject): void {
    const before = this.#objects.get(objectKey(object));
    this.remember(object);
    this.#onChange(object, before);
  }

  delete(object: KubeObject): void {
    this.#objects.delete(objectKey(object));
    this.#onChange(undefined, object);
  }

  /** Takes over what was written, before the watch brings it; an older state of the same object is not taken. */
  remember(object: KubeObject): void {
    const known = this.#objects.get(objectKey(object))?.metadata;
    const { uid, resourceVersion } = object.metadata;
    if (known?.uid === uid && Number(known?.resourceVersion) > Number(resourceVersion)) return;
    this.#objects.set(objectKey(object), object);
  }
}
