/**
 * Who owns the replica count, seen from the scale subresource and from its parent.
 * Source: ScaleHandler of k8s.io/apimachinery/pkg/util/managedfields/scalehandler.go.
 */
import type { JsonValue, KubeObject, ManagedFieldsEntry } from "../object.ts";
import type { FieldManager, FieldManagerWrite } from "./field-manager.ts";
import { difference, hasPath, isEmpty, singlePath } from "./field-set.ts";
import { changed, type Manager, readManagers, writeManagers } from "./managers.ts";
import { fieldElement } from "./path-element.ts";

const scaleVersion = "autoscaling/v1";
const replicasInScale = ["f:spec", "f:replicas"];
const replicasOnly = singlePath(replicasInScale);

/**
 * Where the replicas are in each version of the parent, as a dotted path ("spec.replicas"); undefined for a version
 * without scale subresource. Versions that are not there are not served.
 */
export type ReplicasPaths = ReadonlyMap<string, string | undefined>;

const elements = (path: string): string[] => path.split(".").filter(Boolean).map(fieldElement);

/** The entries of a Scale: those of the parent that own its replicas. @throws ManagedFieldsError */
export function scaleEntries(
  parent: readonly ManagedFieldsEntry[] | undefined,
  replicasPaths: ReplicasPaths,
): ManagedFieldsEntry[] | undefined {
  const managers = new Map<string, Manager>();
  for (const [id, manager] of readManagers(parent)) {
    const path = replicasPaths.get(manager.apiVersion);
    if (path === undefined || !hasPath(manager.fields, elements(path))) continue;
    managers.set(id, { ...manager, apiVersion: scaleVersion, fields: replicasOnly });
  }
  return writeManagers(managers);
}

/** The entries of the parent after a write to its Scale. @throws ManagedFieldsError */
export function parentEntries(
  parent: readonly ManagedFieldsEntry[] | undefined,
  scale: readonly ManagedFieldsEntry[] | undefined,
  apiVersion: string,
  replicasPaths: ReplicasPaths,
): ManagedFieldsEntry[] | undefined {
  const before = readManagers(parent);
  const owners = readManagers(scale);
  const after = new Map<string, Manager>();
  for (const [id, manager] of before) {
    if (!replicasPaths.has(manager.apiVersion)) continue;
    const path = replicasPaths.get(manager.apiVersion);
    const replicas = path === undefined ? undefined : elements(path);
    if (replicas === undefined || !hasPath(manager.fields, replicas) || owners.delete(id)) {
      after.set(id, manager);
      continue;
    }
    const left = difference(manager.fields, singlePath(replicas));
    if (!isEmpty(left)) after.set(id, changed(manager, { fields: left }));
  }
  const replicas = singlePath(elements(replicasPaths.get(apiVersion) ?? ""));
  for (const [id, owner] of owners) {
    if (!hasPath(owner.fields, replicasInScale)) continue;
    // Upstream asks the parent for the time of an entry that it may not have.
    const time = before.get(id)?.time;
    after.set(id, { ...owner, apiVersion, fields: replicas, time });
  }
  return writeManagers(after);
}

/** Writes to a scale subresource: the fields that it owns are those of the parent's replicas. */
export class ScaleFieldManager {
  readonly #scale: FieldManager;
  readonly #apiVersion: string;
  readonly #replicasPaths: ReplicasPaths;

  /** scale: of autoscaling/v1 Scale, subresource "scale". apiVersion: of the parent, as the request names it. */
  constructor(scale: FieldManager, apiVersion: string, replicasPaths: ReplicasPaths) {
    this.#scale = scale;
    this.#apiVersion = apiVersion;
    this.#replicasPaths = replicasPaths;
  }

  /** The managedFields that the parent has after a PUT or PATCH of its Scale. */
  update(
    parent: KubeObject,
    before: KubeObject,
    after: KubeObject,
    write: FieldManagerWrite,
  ): ManagedFieldsEntry[] | undefined {
    const { metadata } = this.#scale.update(
      this.withEntries(parent, before),
      { ...after, metadata: { ...after.metadata } },
      write,
    );
    return this.#parentEntries(parent, metadata.managedFields);
  }

  /** The Scale that an applied configuration makes of the current one, and the parent's managedFields after it. */
  apply(
    parent: KubeObject,
    current: KubeObject,
    configuration: JsonValue,
    write: FieldManagerWrite & { force: boolean },
  ): { scale: KubeObject; managedFields: ManagedFieldsEntry[] | undefined } {
    const scale = this.#scale.apply(this.withEntries(parent, current), configuration, write);
    return { scale, managedFields: this.#parentEntries(parent, scale.metadata.managedFields) };
  }

  /** The Scale with the entries of the parent that own its replicas. */
  withEntries(parent: KubeObject, scale: KubeObject): KubeObject {
    const managedFields = scaleEntries(parent.metadata.managedFields, this.#replicasPaths);
    const metadata = { ...scale.metadata };
    delete metadata.managedFields;
    return { ...scale, metadata: { ...metadata, ...(managedFields === undefined ? {} : { managedFields }) } };
  }

  #parentEntries(
    parent: KubeObject,
    entries: ManagedFieldsEntry[] | undefined,
  ): ManagedFieldsEntry[] | undefined {
    return parentEntries(parent.metadata.managedFields, entries, this.#apiVersion, this.#replicasPaths);
  }
}
