import type { KubeObject } from "../../api/object.ts";
import type { Client, ResourceReference } from "../../client/client.ts";
import { tolerateRace } from "../tolerate-race.ts";

/** A finalizer that objects have while they live, and keep as long as they are used. */
export class ProtectingFinalizer {
  readonly #client: Client;
  readonly #resource: ResourceReference;
  readonly #finalizer: string;

  constructor(client: Client, resource: ResourceReference, finalizer: string) {
    this.#client = client;
    this.#resource = resource;
    this.#finalizer = finalizer;
  }

  /** Whether it may have to be put on or taken off. Source: pkg/controller/util/protectionutil. */
  concerns({ metadata: { finalizers = [], deletionTimestamp } }: KubeObject): boolean {
    return finalizers.includes(this.#finalizer) === (deletionTimestamp !== undefined);
  }

  async settle(object: KubeObject, isUsed: () => boolean | Promise<boolean>): Promise<void> {
    if (!this.concerns(object)) return;
    const { metadata } = object;
    const { finalizers = [], deletionTimestamp, namespace } = metadata;
    if (deletionTimestamp !== undefined && (await isUsed())) return;
    const others = finalizers.filter((one) => one !== this.#finalizer);
    const next = deletionTimestamp === undefined ? [...others, this.#finalizer] : others;
    const place = { ...this.#resource, ...(namespace === undefined ? {} : { namespace }) };
    await tolerateRace(
      this.#client.update(place, { ...object, metadata: { ...metadata, finalizers: next } }),
    );
  }
}
