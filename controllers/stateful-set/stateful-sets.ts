/** What is asked of StatefulSets and their pods. Source: pkg/controller/statefulset/stateful_set_utils.go. */
import type { PodTemplateSpec } from "../../api/core-types.ts";
import type { KubeObject, ObjectMeta } from "../../api/object.ts";
import type { Schemas } from "../../api/types.ts";
import type { Pod } from "../controllees/pod-facts.ts";

export type StatefulSetStatus = Schemas["io.k8s.api.apps.v1.StatefulSetStatus"];

export interface Claim extends KubeObject {
  spec?: object;
}

export interface StatefulSet extends KubeObject {
  spec: Omit<Schemas["io.k8s.api.apps.v1.StatefulSetSpec"], "volumeClaimTemplates" | "template"> & {
    template: PodTemplateSpec;
    volumeClaimTemplates?: Claim[];
  };
  status?: StatefulSetStatus;
}

export const statefulSetKind = { group: "apps", version: "v1", kind: "StatefulSet" } as const;
export const statefulSetsResource = { group: "apps", version: "v1", resource: "statefulsets" } as const;
export const claimsResource = { group: "", version: "v1", resource: "persistentvolumeclaims" } as const;
const revisionLabel = "controller-revision-hash";
const nameLabel = "statefulset.kubernetes.io/pod-name";
const indexLabel = "apps.kubernetes.io/pod-index";

export const wantedReplicas = ({ spec }: StatefulSet): number => spec.replicas ?? 0;
export const startOrdinal = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;
export const isMonotonic = ({ spec }: StatefulSet): boolean => spec.podManagementPolicy !== "Parallel";

/** Whose pod it is by its name, and its number; -1: it has none. */
export function parentAndOrdinal({ metadata }: KubeObject): { parent: string; ordinal: number } {
  const match = /^(.*)-([0-9]+)$/s.exec(metadata.name ?? "");
  if (!match) return { parent: "", ordinal: -1 };
  const ordinal = Number(match[2]);
  return { parent: match[1]!, ordinal: ordinal < 2 ** 31 ? ordinal : -1 };
}

export const ordinalOf = (pod: KubeObject): number => parentAndOrdinal(pod).ordinal;

export function isInRange(pod: KubeObject, set: StatefulSet): boolean {
  const index = ordinalOf(pod) - startOrdinal(set);
  return index >= 0 && index < wantedReplicas(set);
}

export const podRevision = ({ metadata }: Pod): string => metadata.labels?.[revisionLabel] ?? "";

const podName = ({ metadata }: StatefulSet, ordinal: number): string => `${metadata.name}-${ordinal}`;

const claimName = (set: StatefulSet, template: Claim, ordinal: number): string =>
  `${template.metadata.name}-${set.metadata.name}-${ordinal}`;

/** Names of the claims of the pod with this number, by the volume's name. */
export const claimNames = (set: StatefulSet, ordinal: number): ReadonlyMap<string, string> =>
  new Map(
    (set.spec.volumeClaimTemplates ?? []).map((template) => [
      template.metadata.name ?? "",
      claimName(set, template, ordinal),
    ]),
  );

/** The claims of the pod with this number, as they are created. */
export const claimsFor = (set: StatefulSet, ordinal: number): Claim[] =>
  (set.spec.volumeClaimTemplates ?? []).map((template) => ({
    ...template,
    ...{ kind: "PersistentVolumeClaim", apiVersion: "v1" },
    metadata: {
      ...template.metadata,
      name: claimName(set, template, ordinal),
      namespace: set.metadata.namespace ?? "",
      labels: { ...template.metadata.labels, ...set.spec.selector.matchLabels },
    },
  }));

/** It has its name and says so. */
export function hasIdentity(set: StatefulSet, { metadata }: Pod): boolean {
  const { parent, ordinal } = parentAndOrdinal({ metadata });
  return (
    ordinal >= 0 &&
    parent === set.metadata.name &&
    metadata.name === podName(set, ordinal) &&
    metadata.namespace === set.metadata.namespace &&
    metadata.labels?.[nameLabel] === metadata.name
  );
}

/** Its volumes are the claims that it is to have. */
export function hasStorage(set: StatefulSet, pod: Pod): boolean {
  const ordinal = ordinalOf(pod);
  if (ordinal < 0) return false;
  return [...claimNames(set, ordinal)].every(
    ([name, claim]) =>
      pod.spec?.volumes?.find((volume) => volume.name === name)?.persistentVolumeClaim?.claimName === claim,
  );
}

/** The pod with the name and labels of its number. */
export function withIdentity(set: StatefulSet, pod: Pod, ordinal: number): Pod {
  const name = podName(set, ordinal);
  const labels = { ...pod.metadata.labels, [nameLabel]: name, [indexLabel]: `${ordinal}` };
  const metadata: ObjectMeta = { ...pod.metadata, name, labels };
  if (set.metadata.namespace !== undefined) metadata.namespace = set.metadata.namespace;
  return { ...pod, metadata };
}

/** The pod with its claims as volumes, in place of others of the same name. */
export function withStorage(set: StatefulSet, pod: Pod, ordinal: number): Pod {
  const claims = claimNames(set, ordinal);
  const others = (pod.spec?.volumes ?? []).filter(({ name }) => !claims.has(name));
  const own = [...claims].map(([name, claim]) => ({ name, persistentVolumeClaim: { claimName: claim } }));
  const volumes = [...own, ...others];
  return { ...pod, spec: { ...pod.spec!, ...(volumes.length > 0 ? { volumes } : {}) } };
}

export const withRevision = (pod: Pod, revision: string): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, [revisionLabel]: revision } },
});
