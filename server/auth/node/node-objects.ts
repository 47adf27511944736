/**
 * Which objects have to do with a node: its pods, what they mention, and the volumes behind that.
 * Source: plugin/pkg/auth/authorizer/node/graph.go, which keeps a graph; here the pods of the node are looked through.
 */
import type { Pod } from "../../../api/core-types.ts";
import type { KubeObject } from "../../../api/object.ts";
import { objectKey } from "../object-key.ts";
import { type PodReferences, podReferences } from "./pod-references.ts";
import { type PersistentVolume, type VolumeReferences, volumeReferences } from "./volume-references.ts";

/** What a node reaches by way of its pods, or because it is said to be the node's. */
export type NodeObjectKind =
  | "pods"
  | "secrets"
  | "configmaps"
  | "persistentvolumeclaims"
  | "persistentvolumes"
  | "resourceclaims"
  | "serviceaccounts"
  | "volumeattachments"
  | "resourceslices"
  | "podcertificaterequests";

/** Its tables are told of all objects and of every change, as followers are. */
export class NodeObjects {
  readonly pods = new PodTable();
  readonly volumes = new VolumeTable();
  readonly attachments = new NodeNames();
  readonly slices = new NodeNames();
  readonly certificateRequests = new NodeNames();

  reaches(node: string, kind: NodeObjectKind, namespace: string, name: string): boolean {
    const key = objectKey({ namespace, name });
    const mentions = (which: keyof PodReferences) => this.#mentions(node, which, namespace, name);
    switch (kind) {
      case "pods":
        return this.pods.on(node).has(key);
      case "configmaps":
        return mentions("configMaps");
      case "serviceaccounts":
        return mentions("serviceAccounts");
      case "persistentvolumeclaims":
        return mentions("volumeClaims");
      case "resourceclaims":
        return mentions("resourceClaims");
      case "secrets":
        return mentions("secrets") || this.#volumesOf(node).some(({ secrets }) => secrets.includes(key));
      case "persistentvolumes": {
        const volume = this.volumes.get(key);
        return volume !== undefined && this.#claims(node).includes(volume.claim);
      }
      case "volumeattachments":
        return this.attachments.get(key) === node;
      case "resourceslices":
        return this.slices.get(key) === node;
      case "podcertificaterequests":
        return this.certificateRequests.get(key) === node;
    }
  }

  #mentions(node: string, which: keyof PodReferences, namespace: string, name: string): boolean {
    for (const pod of this.pods.on(node).values())
      if (pod.namespace === namespace && pod.references[which].includes(name)) return true;
    return false;
  }

  /** The volume claims of the node's pods. */
  #claims(node: string): string[] {
    const pods = [...this.pods.on(node).values()];
    return pods.flatMap(({ namespace, references }) =>
      references.volumeClaims.map((name) => `${namespace}/${name}`),
    );
  }

  #volumesOf(node: string): VolumeReferences[] {
    return this.#claims(node).flatMap((claim) => [...this.volumes.boundTo(claim)]);
  }
}

interface BoundPod {
  node: string;
  namespace: string;
  references: PodReferences;
}

const noPods: ReadonlyMap<string, BoundPod> = new Map();

/** Pods by node; those that are on none yet are left out. */
class PodTable {
  readonly #nodeOf = new Map<string, string>();
  readonly #byNode = new Map<string, Map<string, BoundPod>>();

  on(node: string): ReadonlyMap<string, BoundPod> {
    return this.#byNode.get(node) ?? noPods;
  }

  replace(pods: readonly KubeObject[]): void {
    this.#nodeOf.clear();
    this.#byNode.clear();
    for (const pod of pods) this.set(pod);
  }

  set(object: KubeObject): void {
    this.delete(object);
    const node = (object as Pod).spec?.nodeName;
    if (!node) return;
    const key = objectKey(object.metadata);
    const pods = this.#byNode.get(node) ?? new Map<string, BoundPod>();
    const { namespace = "" } = object.metadata;
    pods.set(key, { node, namespace, references: podReferences(object as Pod) });
    this.#byNode.set(node, pods);
    this.#nodeOf.set(key, node);
  }

  delete(object: KubeObject): void {
    const key = objectKey(object.metadata);
    const node = this.#nodeOf.get(key);
    if (node === undefined) return;
    const pods = this.#byNode.get(node);
    pods?.delete(key);
    if (pods?.size === 0) this.#byNode.delete(node);
    this.#nodeOf.delete(key);
  }
}

/** Bound volumes, by name and by claim. */
class VolumeTable {
  readonly #volumes = new Map<string, VolumeReferences>();
  readonly #byClaim = new Map<string, Set<VolumeReferences>>();

  get(name: string): VolumeReferences | undefined {
    return this.#volumes.get(name);
  }

  boundTo(claim: string): Iterable<VolumeReferences> {
    return this.#byClaim.get(claim) ?? [];
  }

  replace(volumes: readonly KubeObject[]): void {
    this.#volumes.clear();
    this.#byClaim.clear();
    for (const volume of volumes) this.set(volume);
  }

  set(object: KubeObject): void {
    this.delete(object);
    const volume = volumeReferences(object as PersistentVolume);
    if (!volume) return;
    this.#volumes.set(objectKey(object.metadata), volume);
    const known = this.#byClaim.get(volume.claim);
    if (known) known.add(volume);
    else this.#byClaim.set(volume.claim, new Set([volume]));
  }

  delete(object: KubeObject): void {
    const volume = this.#volumes.get(objectKey(object.metadata));
    if (!volume) return;
    const known = this.#byClaim.get(volume.claim);
    known?.delete(volume);
    if (known?.size === 0) this.#byClaim.delete(volume.claim);
    this.#volumes.delete(objectKey(object.metadata));
  }
}

/** Objects that name their node: spec.nodeName. */
class NodeNames {
  readonly #names = new Map<string, string>();

  get(key: string): string | undefined {
    return this.#names.get(key);
  }

  replace(objects: readonly KubeObject[]): void {
    this.#names.clear();
    for (const object of objects) this.set(object);
  }

  set(object: KubeObject): void {
    const { spec } = object as KubeObject & { spec?: { nodeName?: string } };
    if (spec?.nodeName) this.#names.set(objectKey(object.metadata), spec.nodeName);
    else this.delete(object);
  }

  delete(object: KubeObject): void {
    this.#names.delete(objectKey(object.metadata));
  }
}
