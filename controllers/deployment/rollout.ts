import { isPodTerminal } from "../controllees/pod-facts.ts";
import { desiredReplicas, type ReplicaSet } from "../replica-set/replica-sets.ts";
import type { DeploymentSync } from "./deployment-sync.ts";
import {
  activeSets,
  byCreation,
  desiredCount,
  isComplete,
  maxUnavailable,
  statusCount,
  wantedReplicas,
} from "./deployments.ts";
import { findGenerations, type Generations, newReplicas } from "./new-replica-set.ts";
import { cleanUp } from "./scaling.ts";
import { writeRolloutStatus } from "./status.ts";

/** New pods come and old ones go, within the limits. Source: pkg/controller/deployment/rolling.go. */
export async function rollOut(sync: DeploymentSync): Promise<void> {
  const { newest, old } = await findGenerations(sync, true);
  const grown = await growNewest(sync, old, newest!);
  let generations: Generations = { newest: grown, old };
  if (grown === newest) {
    const shrunk = await shrinkOld(sync, old, grown);
    if (shrunk.size === 0 && isComplete(sync.deployment, sync.deployment.status)) await cleanUp(sync, old);
    generations = { newest: grown, old: old.map((set) => shrunk.get(set) ?? set) };
  }
  await writeRolloutStatus(sync, generations);
}

async function growNewest(
  sync: DeploymentSync,
  old: readonly ReplicaSet[],
  newest: ReplicaSet,
): Promise<ReplicaSet> {
  const { deployment } = sync;
  const wanted = wantedReplicas(deployment);
  const size = desiredReplicas(newest);
  if (size >= wanted) return await sync.scale(newest, wanted);
  return await sync.scale(newest, newReplicas(deployment, [...old, newest], size));
}

/** Those that have become smaller: first of pods that do not work, then of others as far as there are enough new ones. */
async function shrinkOld(
  sync: DeploymentSync,
  old: readonly ReplicaSet[],
  newest: ReplicaSet,
): Promise<ReadonlyMap<ReplicaSet, ReplicaSet>> {
  const { deployment } = sync;
  const shrunk = new Map<ReplicaSet, ReplicaSet>();
  const active = activeSets(old).sort(byCreation);
  if (active.length === 0) return shrunk;
  const minAvailable = wantedReplicas(deployment) - maxUnavailable(deployment);
  // New pods that are not available must not make old ones go.
  const newUnavailable = desiredReplicas(newest) - (newest.status?.availableReplicas ?? 0);
  const mostUnhealthy = desiredCount([...old, newest]) - minAvailable - newUnavailable;
  if (mostUnhealthy <= 0) return shrunk;
  const shrink = async (most: number, by: (set: ReplicaSet) => number): Promise<void> => {
    let left = most;
    for (const set of active) {
      const now = shrunk.get(set) ?? set;
      const size = desiredReplicas(now);
      const fewer = Math.min(by(now), left);
      if (size === 0 || fewer <= 0) continue;
      shrunk.set(set, await sync.scale(now, size - fewer));
      left -= fewer;
    }
  };
  await shrink(mostUnhealthy, (set) => desiredReplicas(set) - (set.status?.availableReplicas ?? 0));
  await shrink(statusCount([...active, newest], "availableReplicas") - minAvailable, desiredReplicas);
  return shrunk;
}

/** Old pods go first, all of them, and then new ones come. Source: pkg/controller/deployment/recreate.go. */
export async function recreate(sync: DeploymentSync): Promise<void> {
  const generations = await findGenerations(sync, false);
  const old: ReplicaSet[] = [];
  for (const set of generations.old) old.push(await sync.scale(set, 0));
  const hasScaled = old.some((set, index) => set !== generations.old[index]);
  if (hasScaled || isOldRunning(sync, { ...generations, old })) {
    await writeRolloutStatus(sync, { ...generations, old });
    return;
  }
  const { newest } = generations.newest ? generations : await findGenerations(sync, true);
  const grown = await sync.scale(newest!, wantedReplicas(sync.deployment));
  if (isComplete(sync.deployment, sync.deployment.status)) await cleanUp(sync, old);
  await writeRolloutStatus(sync, { newest: grown, old });
}

function isOldRunning(sync: DeploymentSync, { newest, old }: Generations): boolean {
  if (statusCount(old, "replicas") > 0) return true;
  return sync.sets.some(
    (set) =>
      set.metadata.uid !== newest?.metadata.uid &&
      [...sync.options.podsOf(set)].some((pod) => !isPodTerminal(pod)),
  );
}
