import type { KubeObject, OwnerReference } from "../../api/object.ts";
import { type DependencyGraph, foregroundFinalizer, orphanFinalizer } from "./dependency-graph.ts";
import { type GraphNode, type Identity, identityOf, ownerIdentity } from "./graph-node.ts";
import { isNotFound, type ObjectAccess } from "./object-access.ts";

export interface CollectionContext {
  graph: DependencyGraph;
  access: ObjectAccess;
  /** Look at this one too. */
  enqueue(node: GraphNode): void;
}

/**
 * Deletes an object when none of its owners is there any more, and takes from it the references to those that are not
 * while others are. Source: attemptToDeleteItem. @throws UnknownKind, NamespacedOwner, StatusError
 */
export async function attemptToDelete(context: CollectionContext, node: GraphNode): Promise<void> {
  // Being deleted is a way of no return: its dependents are looked at when it is gone.
  if (node.beingDeleted && !node.deletingDependents) return;
  const identity = identityOf(node);
  const latest = await context.access.find(identity);
  if (!latest) {
    context.graph.removeAbsent(identity);
  } else if (node.deletingDependents) {
    await finishForeground(context, node);
  } else {
    await judge(context, node, latest);
  }
}

/** An object that waits for its dependents goes when none blocks it. */
async function finishForeground({ access, enqueue }: CollectionContext, node: GraphNode): Promise<void> {
  const blocking = node.blockingDependents();
  if (blocking.length === 0) await access.removeFinalizer(node, foregroundFinalizer);
  for (const dependent of blocking) if (!dependent.deletingDependents) enqueue(dependent);
}

async function judge(context: CollectionContext, node: GraphNode, latest: KubeObject): Promise<void> {
  const { access } = context;
  const references = latest.metadata.ownerReferences ?? [];
  if (references.length === 0) return;
  const { solid, dangling, waiting } = await classify(context, node, references);
  if (solid > 0) {
    const useless = [...dangling, ...waiting].map(({ uid }) => uid);
    if (useless.length > 0) await access.removeOwners(node, useless);
    return;
  }
  const isForeground = waiting.length > 0 && node.dependents.size > 0;
  // Objects that own each other in a circle would wait for each other.
  if (isForeground && [...node.dependents].some(({ deletingDependents }) => deletingDependents))
    await access.unblockOwners(node);
  const identity = identityOf(node);
  try {
    await access.delete(latest, identity, isForeground ? "Foreground" : policyOf(latest));
  } catch (error) {
    if (!isNotFound(error)) throw error;
    context.graph.removeAbsent(identity);
  }
}

/** What its finalizers have asked for already. */
function policyOf({ metadata: { finalizers = [] } }: KubeObject): "Orphan" | "Foreground" | "Background" {
  if (finalizers.includes(orphanFinalizer)) return "Orphan";
  return finalizers.includes(foregroundFinalizer) ? "Foreground" : "Background";
}

interface Owners {
  /** How many are there and stay. */
  solid: number;
  /** Not there. */
  dangling: OwnerReference[];
  /** Being deleted, and waiting for their dependents. */
  waiting: OwnerReference[];
}

/** Source: classifyReferences. */
async function classify(
  context: CollectionContext,
  { namespace }: Identity,
  references: readonly OwnerReference[],
): Promise<Owners> {
  const owners: Owners = { solid: 0, dangling: [], waiting: [] };
  for (const reference of references) {
    const owner = await findOwner(context, ownerIdentity(reference, namespace));
    if (!owner) owners.dangling.push(reference);
    else if (owner.metadata.deletionTimestamp && owner.metadata.finalizers?.includes(foregroundFinalizer))
      owners.waiting.push(reference);
    else owners.solid++;
  }
  return owners;
}

async function findOwner(
  { graph: { absentOwners }, access }: CollectionContext,
  owner: Identity,
): Promise<KubeObject | undefined> {
  const withoutNamespace = { ...owner, namespace: "" };
  if (absentOwners.has(withoutNamespace) || absentOwners.has(owner)) return undefined;
  const found = await access.find(owner);
  if (!found) {
    const { namespaced } = await access.resourceOf(owner);
    absentOwners.add(namespaced ? owner : withoutNamespace);
  }
  return found;
}
