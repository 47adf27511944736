import type { Clock } from "../../api/clock.ts";
import type { Storage } from "../storage/contract.ts";
import { type ListPage, type ListRequest, listPage } from "./listing.ts";
import { ObjectCache } from "./object-cache.ts";
import type { ResourceType } from "./resource-type.ts";
import { AttributeIndex } from "./selection.ts";
import { ResourceStore } from "./store.ts";
import { StoredEncoder } from "./stored.ts";
import { openWatch, type WatchNotice, type WatchRequest } from "./watching.ts";

const cachedObjects = 2048;

/** One resource: its store, and how it is listed and watched. */
export class ResourceRegistry {
  readonly type: ResourceType;
  readonly store: ResourceStore;
  readonly storage: Storage;
  readonly #clock: Clock;
  readonly #index: AttributeIndex;

  constructor(
    type: ResourceType,
    storage: Storage,
    clock: Clock,
    cache: ObjectCache,
    encoder: StoredEncoder,
  ) {
    this.type = type;
    this.store = new ResourceStore(type, storage, cache, encoder);
    this.storage = storage;
    this.#clock = clock;
    this.#index = new AttributeIndex(type, (entry) => cache.get(entry));
  }

  list(request: ListRequest): Promise<ListPage> {
    return listPage(this.storage, this.#clock, this.#index, request);
  }

  watch(request: WatchRequest): Promise<AsyncGenerator<readonly WatchNotice[]>> {
    return openWatch(this.storage, this.#clock, this.#index, request);
  }
}

/** All resources over one storage. Several served groups may share a resource's keys (events). */
export class Registry {
  readonly storage: Storage;
  readonly #clock: Clock;
  readonly #cache = new ObjectCache(cachedObjects);
  readonly #encoder = new StoredEncoder();
  readonly #resources = new Map<string, ResourceRegistry>();

  constructor(storage: Storage, clock: Clock) {
    this.storage = storage;
    this.#clock = clock;
  }

  /** Adds a resource, or replaces it after its definition changed. */
  add(type: ResourceType): ResourceRegistry {
    const registry = new ResourceRegistry(type, this.storage, this.#clock, this.#cache, this.#encoder);
    this.#resources.set(`${type.resource}.${type.group}`, registry);
    return registry;
  }

  remove(group: string, resource: string): void {
    this.#resources.delete(`${resource}.${group}`);
  }

  get(group: string, resource: string): ResourceRegistry | undefined {
    return this.#resources.get(`${resource}.${group}`);
  }
}
