import type { Clock } from "../../api/clock.ts";
import type { KubeObject, OwnerReference } from "../../api/object.ts";
import { semanticEqual } from "../../api/semantic-equal.ts";
import { StatusError } from "../../api/status.ts";
import type { Client, DeleteOptions, ResourceReference, ServedResource } from "../../client/client.ts";
import { pause } from "../../client/pause.ts";
import type { ControllerContext } from "../controller.ts";
import type { GraphNode, Identity } from "./graph-node.ts";
import { type KindMapping, placeOf } from "./kind-mapping.ts";

/** An object outside of namespaces cannot be owned by one inside: there is no telling in which. */
export class NamespacedOwner extends Error {}

export const isNotFound = (error: unknown): boolean => error instanceof StatusError && error.code === 404;
export const isConflict = (error: unknown): boolean =>
  error instanceof StatusError && error.reason === "Conflict";

/** How often, and after how many milliseconds, a conflict is answered by another attempt. Source: retry.DefaultBackoff. */
const conflictDelays = [10, 50, 250];

/** What the garbage collector asks of the server. Sources: operations.go, patch.go. */
export class ObjectAccess {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  readonly #kinds: KindMapping;

  constructor(
    { client, clock, signal }: Pick<ControllerContext, "client" | "clock" | "signal">,
    kinds: KindMapping,
  ) {
    this.#client = client;
    this.#clock = clock;
    this.#signal = signal;
    this.#kinds = kinds;
  }

  resourceOf(identity: Identity): Promise<ServedResource> {
    return this.#kinds.resourceOf(identity);
  }

  /** undefined: there is none with this name and uid. @throws NamespacedOwner, UnknownKind */
  async find(identity: Identity): Promise<KubeObject | undefined> {
    const resource = await this.resourceOf(identity);
    if (resource.namespaced && identity.namespace === "") throw new NamespacedOwner();
    try {
      const found = await this.#client.get(placeOf(resource, identity.namespace), identity.name);
      return found.metadata.uid === identity.uid ? found : undefined;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Deletes what still has the owners that were looked at. @throws StatusError */
  async delete(
    { metadata }: KubeObject,
    identity: Identity,
    propagationPolicy: NonNullable<DeleteOptions["propagationPolicy"]>,
  ): Promise<void> {
    const { uid, resourceVersion } = metadata;
    const place = await this.#placeOf(identity);
    const remove = (preconditions: NonNullable<DeleteOptions["preconditions"]>) =>
      this.#client.delete(place, identity.name, { propagationPolicy, preconditions });
    try {
      await remove({ uid: uid!, resourceVersion: resourceVersion! });
    } catch (error) {
      if (!isConflict(error)) throw error;
      const { metadata: live } = await this.#client.get(place, identity.name);
      const isSame = live.uid === uid && semanticEqual(live.ownerReferences, metadata.ownerReferences);
      if (!isSame || live.resourceVersion === resourceVersion) throw error;
      // Changes that come fast but leave its owners alone must not keep it alive.
      await remove({ uid: uid! });
    }
  }

  /** Takes these owners from an object. */
  removeOwners(node: GraphNode, ownerUids: readonly string[]): Promise<void> {
    const deletions = ownerUids.map((uid) => ({ $patch: "delete", uid }));
    return this.#patchOwners(node, deletions, ({ ownerReferences = [] }) =>
      ownerReferences.filter(({ uid }) => !ownerUids.includes(uid)),
    );
  }

  /** Lets the owners of an object go before it. */
  unblockOwners(node: GraphNode): Promise<void> {
    const unblocked = (references: readonly OwnerReference[]) =>
      references.map((reference) => ({ ...reference, blockOwnerDeletion: false }));
    const blocking = node.owners.filter(({ blockOwnerDeletion }) => blockOwnerDeletion);
    return this.#patchOwners(node, unblocked(blocking), () => unblocked(node.owners));
  }

  /** A strategic merge patch, or a merge patch where the resource takes no strategic ones. */
  async #patchOwners(
    node: GraphNode,
    changes: readonly object[],
    merged: (live: KubeObject["metadata"]) => readonly OwnerReference[],
  ): Promise<void> {
    const place = await this.#placeOf(node);
    const { uid, name } = node;
    try {
      const patch = { metadata: { uid, ownerReferences: changes } };
      await this.#client.patch(place, name, patch, { type: "strategic" });
    } catch (error) {
      if (!(error instanceof StatusError) || error.code !== 415) throw error;
      const { metadata } = await this.#client.get(place, name);
      const references = merged(metadata);
      const { resourceVersion } = metadata;
      const ownerReferences = references.length > 0 ? references : null;
      await this.#client.patch(
        place,
        name,
        { metadata: { resourceVersion, ownerReferences } },
        { type: "merge" },
      );
    }
  }

  /** Fine when the object is gone, or has it no more. */
  async removeFinalizer(identity: Identity, finalizer: string): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const { metadata } = (await this.find(identity)) ?? {};
      if (!metadata?.finalizers?.includes(finalizer)) return;
      const left = metadata.finalizers.filter((one) => one !== finalizer);
      const { resourceVersion } = metadata;
      const patch = { metadata: { resourceVersion, finalizers: left.length > 0 ? left : null } };
      try {
        await this.#client.patch(await this.#placeOf(identity), identity.name, patch, { type: "merge" });
        return;
      } catch (error) {
        const delay = conflictDelays[attempt];
        if (!isConflict(error) || delay === undefined) throw error;
        await pause(this.#clock, delay, this.#signal);
      }
    }
  }

  async #placeOf(identity: Identity): Promise<ResourceReference> {
    return placeOf(await this.resourceOf(identity), identity.namespace);
  }
}
