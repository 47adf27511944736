import type { ObjectMeta, OwnerReference } from "../../api/object.ts";
import { AbsentOwners } from "./absent-owners.ts";
import {
  alternateIdentity,
  GraphNode,
  type Identity,
  identityOf,
  matchesCoordinates,
  ownerIdentity,
  partitionDependents,
  sameIdentity,
} from "./graph-node.ts";

export const orphanFinalizer = "orphan";
export const foregroundFinalizer = "foregroundDeletion";

/** Told what has to be looked at. */
export interface GraphListener {
  attemptToDelete(node: GraphNode): void;
  /** Looked at already without an end: not at once again. */
  attemptToDeleteLater(node: GraphNode): void;
  attemptToOrphan(node: GraphNode): void;
  /** An object names an owner of a namespace that is not its own; identity is what it calls it. */
  invalidNamespace(dependent: GraphNode, owner: Identity): void;
}

export interface ObjectType {
  apiVersion: string;
  kind: string;
}

/**
 * Who owns whom. Owners that nobody has seen yet have virtual nodes, which are looked at at once: either somebody
 * sees the owner, or the server says that there is none.
 * Source: graph_builder.go.
 */
export class DependencyGraph {
  readonly absentOwners = new AbsentOwners();
  readonly #nodes = new Map<string, GraphNode>();
  readonly #listener: GraphListener;

  constructor(listener: GraphListener) {
    this.#listener = listener;
  }

  get(uid: string): GraphNode | undefined {
    return this.#nodes.get(uid);
  }

  /** An object as it is now. */
  observe(type: ObjectType, metadata: ObjectMeta): void {
    const uid = metadata.uid!;
    let node = this.#nodes.get(uid);
    const owners = metadata.ownerReferences ?? noOwners;
    if (node === undefined) {
      node = new GraphNode(identityOfMetadata(type, metadata), false);
      node.owners = owners;
      this.#nodes.set(uid, node);
      if (owners.length > 0) this.#addToOwners(node, owners);
    } else {
      if (node.isVirtual) this.#hasBeenSeen(node, identityOfMetadata(type, metadata));
      if (owners.length > 0 || node.owners.length > 0) this.#changeOwners(node, owners);
    }
    if (metadata.deletionTimestamp !== undefined || node.beingDeleted) this.#transit(node, metadata);
  }

  /** An object is gone; this was its last state. */
  remove(type: ObjectType, metadata: ObjectMeta): void {
    const node = this.#nodes.get(metadata.uid!);
    if (!node) return;
    if (node.isVirtual) this.#hasBeenSeen(node, identityOfMetadata(type, metadata));
    this.#remove(node, identityOf(node));
  }

  /** Of this type there are only objects with these uids: what else was seen went while nobody looked. */
  keepOnly({ apiVersion, kind }: ObjectType, uids: ReadonlySet<string>): void {
    for (const node of this.#nodes.values()) {
      const isOfType = node.kind === kind && node.apiVersion === apiVersion;
      if (isOfType && !node.isVirtual && !uids.has(node.uid)) this.#remove(node, identityOf(node));
    }
  }

  /** The server has nothing of this identity. Source: the virtual delete events of processGraphChanges. */
  removeAbsent(identity: Identity): void {
    const node = this.#nodes.get(identity.uid);
    if (!node) return;
    const isSame = sameIdentity(node, identity);
    const { matching, others } = partitionDependents(node.dependents, identity);
    // Somebody has seen it by another name, or dependents do not agree how it is called.
    const stays = node.isVirtual ? others.length > 0 : !isSame;
    if (!stays) {
      this.#remove(node, identity);
      return;
    }
    if (matching.length > 0) this.absentOwners.add(identity);
    for (const dependent of matching) this.#listener.attemptToDelete(dependent);
    if (!node.isVirtual || !isSame) return;
    const alternate = alternateIdentity(others, identity);
    if (!alternate) return;
    node.rename(alternate);
    this.#listener.attemptToDeleteLater(node);
  }

  #remove(node: GraphNode, identity: Identity): void {
    this.#nodes.delete(node.uid);
    this.#removeFromOwners(node, node.owners);
    if (node.dependents.size > 0) this.absentOwners.add(identity);
    for (const dependent of node.dependents) this.#listener.attemptToDelete(dependent);
    for (const { uid } of node.owners) {
      const owner = this.#nodes.get(uid);
      // It may have been the last that the owner has waited for.
      if (owner?.deletingDependents) this.#listener.attemptToDelete(owner);
    }
  }

  #hasBeenSeen(node: GraphNode, seen: Identity): void {
    node.isVirtual = false;
    if (sameIdentity(node, seen)) return;
    node.rename(seen);
    for (const dependent of partitionDependents(node.dependents, seen).others) {
      if (seen.namespace !== "" && dependent.namespace !== seen.namespace)
        this.#tellInvalidNamespace(dependent, seen.uid);
      this.#listener.attemptToDelete(dependent);
    }
  }

  #addToOwners(node: GraphNode, owners: readonly OwnerReference[]): void {
    let isDoubtful = false;
    for (const reference of owners) {
      const owner = this.#nodes.get(reference.uid);
      if (owner) {
        owner.addDependent(node);
        isDoubtful ||= this.#isDoubtful(node, reference, owner);
      } else {
        const virtual = new GraphNode(ownerIdentity(reference, node.namespace), true);
        this.#nodes.set(virtual.uid, virtual);
        virtual.addDependent(node);
        this.#listener.attemptToDelete(virtual);
      }
    }
    if (isDoubtful) this.#listener.attemptToDelete(node);
  }

  /** Whether the reference may mean something else than what has this uid. */
  #isDoubtful(node: GraphNode, reference: OwnerReference, owner: GraphNode): boolean {
    if (owner.namespace !== "" && owner.namespace !== node.namespace) {
      if (!owner.isVirtual) this.#tellInvalidNamespace(node, owner.uid);
      return true;
    }
    if (!matchesCoordinates(reference, owner)) return true;
    // Perhaps it is not there, and of a kind that lives in namespaces.
    return owner.namespace === "" && node.namespace !== "" && owner.isVirtual;
  }

  #tellInvalidNamespace(dependent: GraphNode, ownerUid: string): void {
    const reference = dependent.owners.find(({ uid }) => uid === ownerUid);
    if (reference) this.#listener.invalidNamespace(dependent, ownerIdentity(reference, dependent.namespace));
  }

  #removeFromOwners(node: GraphNode, owners: readonly OwnerReference[]): void {
    for (const { uid } of owners) this.#nodes.get(uid)?.removeDependent(node);
  }

  #changeOwners(node: GraphNode, owners: readonly OwnerReference[]): void {
    const before = node.owners;
    if (sameReferences(before, owners)) return;
    node.owners = owners;
    const is = new Map(owners.map((reference) => [reference.uid, reference]));
    const was = new Map(before.map((reference) => [reference.uid, reference]));
    for (const { uid, blockOwnerDeletion } of was.values()) {
      const owner = this.#nodes.get(uid);
      if (owner && blockOwnerDeletion && !is.get(uid)?.blockOwnerDeletion)
        this.#listener.attemptToDelete(owner);
    }
    this.#addToOwners(
      node,
      [...is.values()].filter(({ uid }) => !was.has(uid)),
    );
    this.#removeFromOwners(
      node,
      [...was.values()].filter(({ uid }) => !is.has(uid)),
    );
  }

  #transit(node: GraphNode, { deletionTimestamp, finalizers }: ObjectMeta): void {
    const beingDeleted = deletionTimestamp !== undefined;
    const orphaning = beingDeleted && !!finalizers?.includes(orphanFinalizer);
    const deleting = beingDeleted && !!finalizers?.includes(foregroundFinalizer);
    const startsOrphaning = orphaning && !node.orphaningDependents;
    const startsDeleting = deleting && !node.deletingDependents;
    node.beingDeleted = beingDeleted;
    node.orphaningDependents = orphaning;
    node.deletingDependents = deleting;
    if (startsOrphaning) this.#listener.attemptToOrphan(node);
    else if (startsDeleting) {
      for (const dependent of node.dependents) this.#listener.attemptToDelete(dependent);
      this.#listener.attemptToDelete(node);
    }
  }
}

const sameReferences = (a: readonly OwnerReference[], b: readonly OwnerReference[]): boolean =>
  a.length === b.length &&
  a.every((reference, i) => {
    const other = b[i]!;
    return matchesCoordinates(reference, other) && reference.blockOwnerDeletion === other.blockOwnerDeletion;
  });

const noOwners: readonly OwnerReference[] = [];

const identityOfMetadata = (
  { apiVersion, kind }: ObjectType,
  { namespace = "", name = "", uid = "" }: ObjectMeta,
): Identity => ({ apiVersion, kind, namespace, name, uid });
