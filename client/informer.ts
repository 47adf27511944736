import type { KubeObject } from "../api/object.ts";
import type { Client, ResourceReference } from "./client.ts";
import { type Follower, type FollowOptions, follow } from "./follow.ts";
import { KnownObjects, type ObjectChange } from "./known-objects.ts";

/** What is known of one resource, shared by all who want to know. Source: SharedIndexInformer of client-go. */
export class Informer<T extends KubeObject = KubeObject> {
  readonly objects: KnownObjects<T>;
  readonly #handlers: ObjectChange[] = [];
  readonly #indexes = new Map<(object: T) => Iterable<string>, ObjectIndex<T>>();

  constructor() {
    this.objects = new KnownObjects((now, before) => {
      for (const handler of this.#handlers) handler(now, before);
    });
  }

  /** To be told what there is. */
  get follower(): Follower {
    return this.objects;
  }

  /** Tells of every change from now on, and first of what is known already. */
  onChange(handler: ObjectChange): void {
    this.#handlers.push(handler);
    for (const object of this.objects.values()) handler(object, undefined);
  }

  /** Keeps the objects by what valuesOf says of each. Whoever asks with the same function shares the index. */
  index(valuesOf: (object: T) => Iterable<string>): ObjectIndex<T> {
    const known = this.#indexes.get(valuesOf);
    if (known) return known;
    const index = new ObjectIndex(valuesOf);
    this.#indexes.set(valuesOf, index);
    this.onChange((now, before) => index.change(now as T | undefined, before as T | undefined));
    return index;
  }
}

export class ObjectIndex<T extends KubeObject> {
  readonly #valuesOf: (object: T) => Iterable<string>;
  readonly #objects = new Map<string, Set<T>>();
  /** Where each object stands, which it may not say of itself any more. */
  readonly #places = new Map<string, { object: T; values: readonly string[] }>();

  constructor(valuesOf: (object: T) => Iterable<string>) {
    this.#valuesOf = valuesOf;
  }

  get(value: string): Iterable<T> {
    return this.#objects.get(value) ?? [];
  }

  change(now: T | undefined, before: T | undefined): void {
    const uid = (now ?? before)?.metadata.uid ?? "";
    for (const gone of new Set([uid, before?.metadata.uid ?? uid])) this.#remove(gone);
    if (!now) return;
    const values = [...this.#valuesOf(now)];
    this.#places.set(uid, { object: now, values });
    for (const value of values) {
      const objects = this.#objects.get(value);
      if (objects) objects.add(now);
      else this.#objects.set(value, new Set([now]));
    }
  }

  #remove(uid: string): void {
    const place = this.#places.get(uid);
    if (!place) return;
    this.#places.delete(uid);
    for (const value of place.values) {
      const objects = this.#objects.get(value);
      objects?.delete(place.object);
      if (objects?.size === 0) this.#objects.delete(value);
    }
  }
}

export interface InformersOptions extends FollowOptions {
  client: Client;
}

/** One informer a resource, however many ask for it. */
export class Informers {
  readonly #options: InformersOptions;
  readonly #informers = new Map<string, { informer: Informer; resource: ResourceReference }>();
  readonly #started = new Set<string>();

  constructor(options: InformersOptions) {
    this.#options = options;
  }

  of<T extends KubeObject = KubeObject>(resource: ResourceReference): Informer<T> {
    const key = `${resource.group}/${resource.version}/${resource.resource}`;
    const known = this.#informers.get(key)?.informer ?? new Informer();
    this.#informers.set(key, { informer: known, resource });
    return known as Informer as unknown as Informer<T>;
  }

  /** Follows what was asked for and is not followed yet; resolves when all of it has been listed. */
  async start(): Promise<void> {
    const { client, ...options } = this.#options;
    const following = [...this.#informers].filter(([key]) => !this.#started.has(key));
    for (const [key] of following) this.#started.add(key);
    await Promise.all(
      following.map(([, { informer, resource }]) => follow(client, resource, informer.follower, options)),
    );
  }
}
