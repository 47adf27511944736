import { jsonEqual } from "../../api/json-equal.ts";
import type { KubeObject, OwnerReference } from "../../api/object.ts";
import type { LabelSelector } from "../../api/selectors.ts";
import type { Informer, ObjectIndex } from "../../client/informer.ts";
import { controllerOf } from "./controller-ref.ts";

export interface OwnersOptions<T extends KubeObject> {
  /** How references call them. */
  kind: string;
  informer: Informer<T>;
  selectorOf(owner: T): LabelSelector;
}

export const namespaceOf = ({ metadata }: KubeObject): string[] => [metadata.namespace ?? ""];

/** Finds those that objects belong to, or could belong to. */
export class Owners<T extends KubeObject> {
  readonly #options: OwnersOptions<T>;
  readonly #byNamespace: ObjectIndex<T>;

  constructor(options: OwnersOptions<T>) {
    this.#options = options;
    this.#byNamespace = options.informer.index(namespaceOf);
  }

  /** The owner that manages the object, if it is one of these and still the same one. */
  of(object: KubeObject): T | undefined {
    const reference = controllerOf(object);
    return reference && this.#resolve(object.metadata.namespace, reference);
  }

  /**
   * Those who have to look because an object of theirs has come, changed or gone, or an orphan that they may adopt.
   * Source: addPod, updatePod and deletePod of the controllers of workloads.
   */
  affectedBy(now: KubeObject | undefined, before: KubeObject | undefined): Set<T> {
    const affected = new Set<T>();
    const owner = now && controllerOf(now);
    const ownerBefore = before && controllerOf(before);
    const hasMoved = !jsonEqual(owner, ownerBefore);
    const add = (one: T | undefined) => one && affected.add(one);
    if (ownerBefore && hasMoved) add(this.of(before));
    if (owner) add(this.of(now));
    else if (now && (hasMoved || !jsonEqual(now.metadata.labels, before?.metadata.labels)))
      for (const one of this.#adopting(now)) add(one);
    return affected;
  }

  #resolve(namespace: string | undefined, { kind, name, uid }: OwnerReference): T | undefined {
    if (kind !== this.#options.kind) return undefined;
    const owner = this.#options.informer.objects.get(`${namespace}/${name}`);
    return owner?.metadata.uid === uid ? owner : undefined;
  }

  *#adopting({ metadata: { namespace = "", labels, deletionTimestamp } }: KubeObject): Generator<T> {
    if (deletionTimestamp !== undefined || !labels) return;
    for (const owner of this.#byNamespace.get(namespace)) {
      const selector = this.#options.selectorOf(owner);
      if (!selector.empty && selector.matches(labels)) yield owner;
    }
  }
}
