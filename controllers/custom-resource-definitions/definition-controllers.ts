import type { CustomResourceDefinition } from "../../api/custom/definition.ts";
import type { KubeObject } from "../../api/object.ts";
import { StatusError } from "../../api/status.ts";
import type { Client } from "../../client/client.ts";
import type { Follower } from "../../client/follow.ts";
import { judgeApproval } from "./api-approval.ts";
import { establish } from "./establishing.ts";
import { cleanUp, needsCleanup } from "./finalizer.ts";
import { acceptNames } from "./naming.ts";

export const definitionsResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  resource: "customresourcedefinitions",
} as const;

export interface DefinitionControllersOptions {
  client: Client;
  /** The time as RFC 3339, whole seconds. */
  now(): string;
  signal: AbortSignal;
  onError: (error: unknown) => void;
}

/**
 * Keeps the status of custom resource definitions: names, establishing, approval, and the end of their objects. One
 * definition is looked at after the other; every change of its own comes back as a new one to look at.
 */
export class DefinitionControllers implements Follower {
  readonly #options: DefinitionControllersOptions;
  readonly #definitions = new Map<string, CustomResourceDefinition>();
  readonly #queue = new Set<string>();
  readonly #cleaning = new Set<string>();
  #running = false;

  constructor(options: DefinitionControllersOptions) {
    this.#options = options;
  }

  replace(objects: readonly KubeObject[]): void {
    this.#definitions.clear();
    for (const object of objects) this.#remember(object as CustomResourceDefinition);
    for (const name of this.#definitions.keys()) this.#enqueue(name);
  }

  set(object: KubeObject): void {
    this.#remember(object as CustomResourceDefinition);
    this.#enqueue(object.metadata.name ?? "");
  }

  /** Names that became free may be what others have waited for. */
  delete(object: KubeObject): void {
    this.#definitions.delete(object.metadata.name ?? "");
    this.#enqueueGroup((object as CustomResourceDefinition).spec.group);
  }

  /** Our own writes are known before the watch brings them. */
  #remember(definition: CustomResourceDefinition): void {
    const name = definition.metadata.name ?? "";
    const known = this.#definitions.get(name);
    const isOlder =
      known?.metadata.uid === definition.metadata.uid &&
      Number(known?.metadata.resourceVersion) > Number(definition.metadata.resourceVersion);
    if (!isOlder) this.#definitions.set(name, definition);
  }

  #enqueueGroup(group: string): void {
    for (const [name, { spec }] of this.#definitions) if (spec.group === group) this.#enqueue(name);
  }

  #enqueue(name: string): void {
    this.#queue.add(name);
    if (this.#running) return;
    this.#running = true;
    void this.#work();
  }

  async #work(): Promise<void> {
    // What is being told comes first: the resource is served before it is called established.
    await Promise.resolve();
    for (const name of this.#queue) {
      this.#queue.delete(name);
      await this.#tolerating(() => this.#sync(name));
    }
    this.#running = false;
  }

  async #sync(name: string): Promise<void> {
    const definition = this.#definitions.get(name);
    if (!definition || this.#options.signal.aborted) return;
    if (needsCleanup(definition)) return this.#beginCleanup(name, definition);
    const now = this.#options.now();
    const named = acceptNames(definition, this.#definitions.values(), now);
    const next = named ?? establish(definition, now) ?? judgeApproval(definition, now);
    if (!next) return;
    await this.#update(next);
    if (named) this.#enqueueGroup(definition.spec.group);
  }

  #beginCleanup(name: string, definition: CustomResourceDefinition): void {
    if (this.#cleaning.has(name)) return;
    this.#cleaning.add(name);
    const { client, signal, now } = this.#options;
    const update = (next: CustomResourceDefinition) => this.#update(next);
    void this.#tolerating(() => cleanUp(definition, { client, signal, now, update })).then(() => {
      this.#cleaning.delete(name);
      const latest = this.#definitions.get(name);
      // Somebody has changed it meanwhile: begin again.
      if (latest && latest !== definition && needsCleanup(latest)) this.#enqueue(name);
    });
  }

  async #update(definition: CustomResourceDefinition): Promise<CustomResourceDefinition> {
    const { client } = this.#options;
    const object = definition as unknown as KubeObject;
    const written = await client.update(definitionsResource, object, { subresource: "status" });
    const updated = written as CustomResourceDefinition;
    if (this.#definitions.has(updated.metadata.name ?? "")) this.#remember(updated);
    return updated;
  }

  /** Somebody else was faster, or the definition is gone: its next change brings it back. */
  async #tolerating(run: () => Promise<void> | void): Promise<void> {
    try {
      await run();
    } catch (error) {
      const isRace = error instanceof StatusError && (error.code === 404 || error.code === 409);
      if (!isRace && !this.#options.signal.aborted) this.#options.onError(error);
    }
  }
}
