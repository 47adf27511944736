import { desiredReplicas, type ReplicaSet } from "../replica-set/replica-sets.ts";
import type { DeploymentSync } from "./deployment-sync.ts";
import {
  activeSets,
  byCreation,
  type Deployment,
  desiredCount,
  isRollingUpdate,
  maxSurge,
  revisionHistoryLimit,
  wantedReplicas,
} from "./deployments.ts";
import { allOf, type Generations } from "./new-replica-set.ts";
import { annotatedDesired, annotatedMax, byRevision } from "./revisions.ts";

/** Somebody has changed how many replicas are wanted. Source: isScalingEvent. */
export const isScalingEvent = (deployment: Deployment, generations: Generations): boolean =>
  activeSets(allOf(generations)).some((set) => {
    const desired = annotatedDesired(set);
    return desired !== undefined && desired !== wantedReplicas(deployment);
  });

/**
 * Gives the ReplicaSets the sizes that the Deployment's new size means for each, in proportion to what they have, so
 * that scaling does not hurry an update along. Source: scale of pkg/controller/deployment/sync.go.
 */
export async function scale(sync: DeploymentSync, generations: Generations): Promise<void> {
  const { deployment } = sync;
  const { newest, old } = generations;
  const wanted = wantedReplicas(deployment);
  const only = activeOrLatest(generations);
  if (only) {
    await sync.scale(only, wanted);
  } else if (newest && isSaturated(deployment, newest)) {
    for (const set of activeSets(old)) await sync.scale(set, 0);
  } else if (isRollingUpdate(deployment)) {
    for (const [set, size] of proportions(deployment, activeSets(allOf(generations))))
      await sync.scale(set, size, true);
  }
}

/** The only one that is active, or the latest if none is; undefined if there are more, or none at all. */
function activeOrLatest({ newest, old }: Generations): ReplicaSet | undefined {
  const active = activeSets(newest ? [...old, newest] : old);
  if (active.length > 0) return active.length === 1 ? active[0] : undefined;
  return newest ?? old.toSorted(byCreation).at(-1);
}

/** It has all replicas that are wanted, and knows that it is to have them. */
function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    desiredReplicas(set) === wanted &&
    annotatedDesired(set) === wanted &&
    (set.status?.availableReplicas ?? 0) === wanted
  );
}

/** The size of each active ReplicaSet; the largest has what rounding leaves. */
export function proportions(
  deployment: Deployment,
  active: readonly ReplicaSet[],
): ReadonlyMap<ReplicaSet, number> {
  const wanted = wantedReplicas(deployment);
  const allowed = wanted > 0 ? wanted + maxSurge(deployment) : 0;
  const toAdd = allowed - desiredCount(active);
  const sorted = active.toSorted(
    (a, b) => desiredReplicas(b) - desiredReplicas(a) || (toAdd > 0 ? byCreation(b, a) : byCreation(a, b)),
  );
  const sizes = new Map<ReplicaSet, number>();
  let added = 0;
  for (const set of sorted) {
    const share = proportion(set, deployment, toAdd - added, toAdd);
    added += share;
    sizes.set(set, desiredReplicas(set) + share);
  }
  const largest = sorted[0];
  if (largest) sizes.set(largest, Math.max(0, sizes.get(largest)! + toAdd - added));
  return sizes;
}

function proportion(set: ReplicaSet, deployment: Deployment, left: number, toAdd: number): number {
  if (left === 0 || toAdd === 0) return 0;
  const fraction = fractionOf(set, deployment);
  return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
}

/** By how much the set grows if it grows as the whole Deployment does. */
function fractionOf(set: ReplicaSet, deployment: Deployment): number {
  const size = desiredReplicas(set);
  const wanted = wantedReplicas(deployment);
  if (wanted === 0) return -size;
  const before = annotatedMax(set) || (deployment.status?.replicas ?? 0);
  if (before === 0) return 0;
  const grown = (size * (wanted + maxSurge(deployment))) / before;
  return Math.trunc(grown < 0 ? grown - 0.5 : grown + 0.5) - size;
}

/** Deletes old ReplicaSets that have done their work, but for the latest ones. Source: cleanupDeployment. */
export async function cleanUp(sync: DeploymentSync, old: readonly ReplicaSet[]): Promise<void> {
  const limit = revisionHistoryLimit(sync.deployment);
  if (limit === undefined) return;
  const living = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const surplus = living.length - limit;
  if (surplus <= 0) return;
  for (const set of living.toSorted(byRevision).slice(0, surplus)) {
    const { replicas = 0, observedGeneration = 0 } = set.status ?? {};
    if (replicas !== 0 || desiredReplicas(set) !== 0) continue;
    if ((set.metadata.generation ?? 0) <= observedGeneration) await sync.deleteSet(set);
  }
}
