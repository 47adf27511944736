import type { OwnerReference } from "../../api/object.ts";

/** What an owner reference names, with the namespace it is looked for in; "" outside of namespaces. */
export interface Identity {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  uid: string;
}

const none: ReadonlySet<GraphNode> = new Set();

/** What is kept of one object. Source: node of graph.go. */
export class GraphNode implements Identity {
  apiVersion: string;
  kind: string;
  namespace: string;
  name: string;
  readonly uid: string;
  owners: readonly OwnerReference[] = [];
  /** Known only from references to it: nobody has seen it yet. */
  isVirtual: boolean;
  beingDeleted = false;
  /** Being deleted, with the finalizer that lets its dependents go first. */
  deletingDependents = false;
  /** Being deleted, with the finalizer that makes orphans of its dependents. */
  orphaningDependents = false;
  #dependents: Set<GraphNode> | undefined;

  constructor({ apiVersion, kind, namespace, name, uid }: Identity, isVirtual: boolean) {
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.namespace = namespace;
    this.name = name;
    this.uid = uid;
    this.isVirtual = isVirtual;
  }

  /** Those that name this node's uid as an owner. */
  get dependents(): ReadonlySet<GraphNode> {
    return this.#dependents ?? none;
  }

  addDependent(node: GraphNode): void {
    this.#dependents ??= new Set();
    this.#dependents.add(node);
  }

  removeDependent(node: GraphNode): void {
    this.#dependents?.delete(node);
  }

  /** From now on it is called this; the uid stays. */
  rename({ apiVersion, kind, namespace, name }: Identity): void {
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.namespace = namespace;
    this.name = name;
  }

  /** Dependents that have to go before it can. */
  blockingDependents(): GraphNode[] {
    return [...this.dependents].filter(({ owners }) =>
      owners.some(({ uid, blockOwnerDeletion }) => uid === this.uid && blockOwnerDeletion),
    );
  }
}

export const identityOf = ({ apiVersion, kind, namespace, name, uid }: Identity): Identity => ({
  ...{ apiVersion, kind, namespace, name, uid },
});

/** The owner of an object in this namespace. */
export const ownerIdentity = (reference: OwnerReference, namespace: string): Identity => {
  const { apiVersion, kind, name, uid } = reference;
  return { apiVersion, kind, namespace, name, uid };
};

export const matchesCoordinates = (a: OwnerReference, b: Omit<Identity, "namespace">): boolean =>
  a.uid === b.uid && a.name === b.name && a.kind === b.kind && a.apiVersion === b.apiVersion;

export const sameIdentity = (a: Identity, b: Identity): boolean =>
  matchesCoordinates(a, b) && a.namespace === b.namespace;

/** As upstream prints it, in what it tells. */
export const identityText = ({ apiVersion, kind, namespace, name, uid }: Identity): string =>
  `[${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}]`;

/** Those that mean this owner, and those that name its uid but something else; one with two references may be both. */
export function partitionDependents(
  dependents: Iterable<GraphNode>,
  owner: Identity,
): { matching: GraphNode[]; others: GraphNode[] } {
  const matching: GraphNode[] = [];
  const others: GraphNode[] = [];
  for (const dependent of dependents) {
    if (owner.namespace !== "" && owner.namespace !== dependent.namespace) {
      others.push(dependent);
      continue;
    }
    const references = dependent.owners.filter(({ uid }) => uid === owner.uid);
    if (references.some((reference) => matchesCoordinates(reference, owner))) matching.push(dependent);
    if (references.some((reference) => !matchesCoordinates(reference, owner))) others.push(dependent);
  }
  return { matching, others };
}

/**
 * What else dependents call an owner that is not there by this identity: the next in order, or the first.
 * Source: getAlternateOwnerIdentity.
 */
export function alternateIdentity(dependents: Iterable<GraphNode>, absent: Identity): Identity | undefined {
  const alternates = [...dependents].flatMap((dependent) =>
    dependent.owners
      .filter(({ uid }) => uid === absent.uid)
      .map((reference) => {
        const isKindOfAbsent = reference.apiVersion === absent.apiVersion && reference.kind === absent.kind;
        // This kind is known to live outside of namespaces.
        const namespace = absent.namespace === "" && isKindOfAbsent ? "" : dependent.namespace;
        return ownerIdentity(reference, namespace);
      })
      .filter((identity) => !sameIdentity(identity, absent)),
  );
  alternates.sort(compareIdentities);
  return alternates.find((identity) => compareIdentities(identity, absent) > 0) ?? alternates[0];
}

function compareIdentities(a: Identity, b: Identity): number {
  for (const field of ["kind", "apiVersion", "namespace", "name"] as const) {
    if (a[field] !== b[field]) return a[field] < b[field] ? -1 : 1;
  }
  return 0;
}
