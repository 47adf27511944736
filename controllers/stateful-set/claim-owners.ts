/**
 * Who owns the claims of a StatefulSet's pods, so that the garbage collector deletes them as the set's policy says.
 * Source: pkg/controller/statefulset/stateful_set_utils.go, KEP-1847.
 */
import { jsonEqual } from "../../api/json-equal.ts";
import {
  apiVersionOf,
  type GroupVersionKind,
  type KubeObject,
  type OwnerReference,
} from "../../api/object.ts";
import { controllerRefTo } from "../controllees/controller-ref.ts";
import type { Pod } from "../controllees/pod-facts.ts";
import { type Claim, isInRange, type StatefulSet, statefulSetKind } from "./stateful-sets.ts";

const podKind = { group: "", version: "v1", kind: "Pod" } as const;

const policyOf = ({ spec }: StatefulSet) => {
  const { whenDeleted, whenScaled } = spec.persistentVolumeClaimRetentionPolicy ?? {};
  return { deletesWithSet: whenDeleted === "Delete", deletesWhenScaled: whenScaled === "Delete" };
};

/** By its name and kind, not its uid. */
const names = (reference: OwnerReference, { metadata }: KubeObject, kind: GroupVersionKind): boolean =>
  reference.apiVersion === apiVersionOf(kind.group, kind.version) &&
  reference.kind === kind.kind &&
  reference.name === metadata.name;

const referencesOf = ({ metadata }: Claim): readonly OwnerReference[] => metadata.ownerReferences ?? [];

const owns = (owner: KubeObject, claim: Claim): boolean =>
  referencesOf(claim).some(({ uid }) => uid === owner.metadata.uid);

/** It belongs to an earlier owner of the same name. */
function isStale(claim: Claim, owner: KubeObject, kind: GroupVersionKind): boolean {
  const reference = referencesOf(claim).find((one) => names(one, owner, kind));
  return reference !== undefined && reference.uid !== (owner.metadata.uid ?? "");
}

/** A pod of this name must not be created yet: its predecessor's claim is about to be deleted (PodClaimIsStale). */
export const blocksPod = (claim: Claim, set: StatefulSet, pod: Pod): boolean =>
  policyOf(set).deletesWhenScaled && isStale(claim, pod, podKind);

/** Somebody else manages the claim, though the policy says that it is ours to delete. */
export function hasOtherController(claim: Claim, set: StatefulSet, pod: Pod): boolean {
  const { deletesWithSet, deletesWhenScaled } = policyOf(set);
  if (!deletesWithSet && !deletesWhenScaled) return false;
  return referencesOf(claim).some((reference) => {
    if (names(reference, set, statefulSetKind)) return reference.uid !== set.metadata.uid;
    if (names(reference, pod, podKind)) return reference.uid !== pod.metadata.uid;
    return reference.controller === true;
  });
}

/** The owners that the claim is to have; undefined: it has them, or they are not ours to change. */
export function wantedOwners(claim: Claim, set: StatefulSet, pod: Pod): OwnerReference[] | undefined {
  if (isStale(claim, set, statefulSetKind) || isStale(claim, pod, podKind)) return undefined;
  const isOthers = hasOtherController(claim, set, pod);
  if (isOthers && !owns(set, claim) && !owns(pod, claim)) return undefined;
  const kept = referencesOf(claim).filter(
    (reference) => !names(reference, set, statefulSetKind) && !names(reference, pod, podKind),
  );
  const ours = isOthers ? [] : ownersByPolicy(set, pod);
  const wanted = [...kept, ...ours.filter(({ uid }) => !kept.some((one) => one.uid === uid))];
  return isUpToDate(claim, set, pod, ours) && !isOthers ? undefined : wanted;
}

/** With both, the set owns the claim of a pod that stays, and the pod the claim of one that goes. */
function ownersByPolicy(set: StatefulSet, pod: Pod): OwnerReference[] {
  const { deletesWithSet, deletesWhenScaled } = policyOf(set);
  if (deletesWhenScaled && !isInRange(pod, set)) return [controllerRefTo(pod, podKind)];
  return deletesWithSet ? [controllerRefTo(set, statefulSetKind)] : [];
}

/** Exactly those of both own it that are to, each as its controller. */
const isUpToDate = (claim: Claim, set: StatefulSet, pod: Pod, ours: readonly OwnerReference[]): boolean =>
  [set, pod].every(({ metadata: { uid } }) => {
    const found = referencesOf(claim).find((reference) => reference.uid === uid);
    const wanted = ours.find((reference) => reference.uid === uid);
    return jsonEqual(found?.controller ?? false, wanted !== undefined) && !!found === !!wanted;
  });
