import { timestampAt } from "../../api/clock.ts";
import { goQuote } from "../../api/go-format.ts";
import { jsonEqual } from "../../api/json-equal.ts";
import { counted } from "../replica-set/replica-set-status.ts";
import { findCondition, makeCondition, withCondition, withoutCondition } from "./conditions.ts";
import type { DeploymentSync } from "./deployment-sync.ts";
import {
  type Deployment,
  type DeploymentCondition,
  type DeploymentStatus,
  desiredCount,
  hasProgressDeadline,
  isComplete,
  maxUnavailable,
  statusCount,
  terminatingCount,
  wantedReplicas,
} from "./deployments.ts";
import { allOf, type Generations } from "./new-replica-set.ts";

const progressing = "Progressing";
const replicaFailure = "ReplicaFailure";
const availableReason = "NewReplicaSetAvailable";
const timedOutReason = "ProgressDeadlineExceeded";

/** Counts, and whether enough is available. Source: syncDeploymentStatus of pkg/controller/deployment/sync.go. */
export async function writeStatus(sync: DeploymentSync, generations: Generations): Promise<void> {
  const status = calculateStatus(sync, generations);
  if (!jsonEqual(sync.deployment.status ?? {}, status))
    await sync.updateStatus({ ...sync.deployment, status });
}

/** The same, and how the update gets on. Source: syncRolloutStatus of pkg/controller/deployment/progress.go. */
export async function writeRolloutStatus(sync: DeploymentSync, generations: Generations): Promise<void> {
  const { deployment } = sync;
  const counts = calculateStatus(sync, generations);
  const failure = replicaFailureOf(generations);
  let conditions = progressConditions(sync, generations, counts);
  conditions = failure ? withCondition(conditions, failure) : withoutCondition(conditions, replicaFailure);
  const status = withConditions(counts, conditions);
  if (jsonEqual(deployment.status ?? {}, status)) lookAgainIfStuck(sync, status);
  else await sync.updateStatus({ ...deployment, status });
}

const withConditions = (
  { conditions: _, ...status }: DeploymentStatus,
  conditions: readonly DeploymentCondition[],
): DeploymentStatus => (conditions.length > 0 ? { ...status, conditions: [...conditions] } : status);

function calculateStatus(
  { deployment, options }: DeploymentSync,
  generations: Generations,
): DeploymentStatus {
  const { clock, gates } = options.context;
  const all = allOf(generations);
  const available = statusCount(all, "availableReplicas");
  const terminating = gates.enabled("DeploymentReplicaSetTerminatingReplicas")
    ? terminatingCount(all)
    : undefined;
  const { collisionCount, conditions = [] } = deployment.status ?? {};
  const isAvailable = available >= wantedReplicas(deployment) - maxUnavailable(deployment);
  const availability = makeCondition(
    clock,
    "Available",
    isAvailable ? "True" : "False",
    isAvailable ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
    `Deployment ${isAvailable ? "has" : "does not have"} minimum availability.`,
  );
  return {
    ...counted({
      observedGeneration: deployment.metadata.generation ?? 0,
      replicas: statusCount(all, "replicas"),
      updatedReplicas: statusCount(generations.newest ? [generations.newest] : [], "replicas"),
      readyReplicas: statusCount(all, "readyReplicas"),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, desiredCount(all) - available),
    }),
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating }),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    conditions: [...withCondition(conditions, availability)],
  };
}

function progressConditions(
  sync: DeploymentSync,
  { newest }: Generations,
  status: DeploymentStatus,
): readonly DeploymentCondition[] {
  const { deployment } = sync;
  const { clock } = sync.options.context;
  const { conditions = [] } = status;
  if (!hasProgressDeadline(deployment)) return withoutCondition(conditions, progressing);
  const current = findCondition(deployment.status, progressing);
  const isDone =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === availableReason;
  if (isDone) return conditions;
  const subject = newest
    ? `ReplicaSet ${goQuote(newest.metadata.name ?? "")}`
    : `Deployment ${goQuote(deployment.metadata.name ?? "")}`;
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`;
    return withCondition(conditions, makeCondition(clock, progressing, "True", availableReason, message));
  }
  if (hasProgressed(deployment.status, status)) {
    const message = `${subject} is progressing.`;
    const made = makeCondition(clock, progressing, "True", "ReplicaSetUpdated", message);
    // Each progress moves lastUpdateTime, even if the condition says the same as before.
    const { lastTransitionTime } = current?.status === "True" ? current : made;
    const condition = { ...made, ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }) };
    return withCondition(withoutCondition(conditions, progressing), condition);
  }
  if (hasTimedOut(deployment, status, clock.now())) {
    const message = `${subject} has timed out progressing.`;
    return withCondition(conditions, makeCondition(clock, progressing, "False", timedOutReason, message));
  }
  return conditions;
}

/** More new pods, fewer old ones, or more that work. Source: DeploymentProgressing. */
function hasProgressed(before: DeploymentStatus = {}, now: DeploymentStatus): boolean {
  const oldOnes = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus) => replicas - updatedReplicas;
  const isMore = (count: "updatedReplicas" | "readyReplicas" | "availableReplicas") =>
    (now[count] ?? 0) > (before[count] ?? 0);
  return (
    isMore("updatedReplicas") ||
    oldOnes(now) < oldOnes(before) ||
    isMore("readyReplicas") ||
    isMore("availableReplicas")
  );
}

/** When an update that makes no progress has failed, in milliseconds of the epoch. */
const deadlineOf = (
  deployment: Deployment,
  { lastUpdateTime = timestampAt(0) }: DeploymentCondition,
): number => Date.parse(lastUpdateTime) + (deployment.spec.progressDeadlineSeconds ?? 0) * 1000;

function hasTimedOut(deployment: Deployment, status: DeploymentStatus, now: number): boolean {
  const condition = findCondition(status, progressing);
  if (!condition || condition.reason === availableReason) return false;
  return condition.reason === timedOutReason || deadlineOf(deployment, condition) < now;
}

/** Of the newest ReplicaSet rather than of another. Source: getReplicaFailures. */
function replicaFailureOf(generations: Generations): DeploymentCondition | undefined {
  const { newest, old } = generations;
  for (const set of newest ? [newest, ...old] : old) {
    const failure = set.status?.conditions?.find(({ type }) => type === replicaFailure);
    if (!failure) continue;
    const { lastTransitionTime } = failure;
    return lastTransitionTime === undefined ? failure : { ...failure, lastUpdateTime: lastTransitionTime };
  }
  return undefined;
}

/** So that a deadline is noticed when nothing else happens. Source: requeueStuckDeployment. */
function lookAgainIfStuck({ deployment, options }: DeploymentSync, status: DeploymentStatus): void {
  const current = findCondition(deployment.status, progressing);
  if (!hasProgressDeadline(deployment) || !current) return;
  if (isComplete(deployment, status) || current.reason === timedOutReason) return;
  const left = deadlineOf(deployment, current) - options.context.clock.now();
  options.lookAgain(left < 1000 ? undefined : left + 1000);
}
