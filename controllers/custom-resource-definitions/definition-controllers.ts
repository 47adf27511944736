import { type Clock, timestamp } from "../../api/clock.ts";
import type { CustomResourceDefinition } from "../../api/custom/definition.ts";
import type { KubeObject } from "../../api/object.ts";
import type { Client } from "../../client/client.ts";
import type { Follower } from "../../client/follow.ts";
import { KnownObjects } from "../../client/known-objects.ts";
import { WorkQueue } from "../../client/work-queue.ts";
import { tolerateRace } from "../tolerate-race.ts";
import { judgeApproval } from "./api-approval.ts";
import { establish } from "./establishing.ts";
import { cleanUp, isCleanupNews, needsCleanup } from "./finalizer.ts";
import { acceptNames } from "./naming.ts";

export const definitionsResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  resource: "customresourcedefinitions",
} as const;

export interface DefinitionControllersOptions {
  client: Client;
  /** Reaches the objects of definitions in the version they are stored in, whether it is served or not. */
  instances: Client;
  clock: Clock;
  signal: AbortSignal;
  onError: (error: unknown) => void;
}

const cleanupWorkers = 5;

/**
 * Keeps the status of custom resource definitions: names, establishing, approval, and the end of their objects. One
 * definition is looked at after the other; every change of its own comes back as a new one to look at.
 */
export class DefinitionControllers {
  readonly #options: DefinitionControllersOptions;
  readonly #definitions: KnownObjects<KubeObject & CustomResourceDefinition>;
  readonly #statuses: WorkQueue;
  readonly #cleanups: WorkQueue;

  constructor(options: DefinitionControllersOptions) {
    const { clock, signal, onError } = options;
    this.#options = options;
    this.#definitions = new KnownObjects((now, before) => this.#changed(now, before));
    const shared = { clock, signal, onError };
    this.#statuses = new WorkQueue({ ...shared, work: (name) => this.#syncStatus(name) });
    this.#cleanups = new WorkQueue({
      ...shared,
      workers: cleanupWorkers,
      work: (name) => this.#cleanUp(name),
    });
  }

  /** To be told of the definitions. */
  get follower(): Follower {
    return this.#definitions;
  }

  #changed(now: KubeObject | undefined, before: KubeObject | undefined): void {
    if (!now) {
      // Names that became free may be what others have waited for.
      const { spec } = before as CustomResourceDefinition;
      this.#enqueueGroup(spec.group);
      return;
    }
    const name = now.metadata.name ?? "";
    const definition = now as CustomResourceDefinition;
    if (!needsCleanup(definition)) this.#statuses.add(name);
    else if (isCleanupNews(definition, before as CustomResourceDefinition)) this.#cleanups.add(name);
  }

  #enqueueGroup(group: string): void {
    for (const { metadata, spec } of this.#definitions.values()) {
      if (spec.group === group) this.#statuses.add(metadata.name ?? "");
    }
  }

  async #syncStatus(name: string): Promise<void> {
    const definition = this.#definitions.get(name);
    if (!definition || needsCleanup(definition)) return;
    const now = timestamp(this.#options.clock);
    const named = acceptNames(definition, this.#definitions.values(), now);
    const next = named ?? establish(definition, now) ?? judgeApproval(definition, now);
    if (!next) return;
    await tolerateRace(this.#update(next));
    if (named) this.#enqueueGroup(definition.spec.group);
  }

  async #cleanUp(name: string): Promise<void> {
    const definition = this.#definitions.get(name);
    if (!definition || !needsCleanup(definition)) return;
    const { instances, clock, signal } = this.#options;
    const update = (next: CustomResourceDefinition) => this.#update(next);
    await tolerateRace(cleanUp(definition, { instances, clock, signal, update }));
  }

  async #update(definition: CustomResourceDefinition): Promise<CustomResourceDefinition> {
    const { client } = this.#options;
    const object = definition as unknown as KubeObject;
    const written = await client.update(definitionsResource, object, { subresource: "status" });
    if (this.#definitions.get(written.metadata.name ?? "")) this.#definitions.remember(written);
    return written as CustomResourceDefinition;
  }
}
