/** What is asked of Deployments and their ReplicaSets. Source: pkg/controller/deployment/util/deployment_util.go. */
import { scaledIntOrPercent } from "../../api/int-or-string.ts";
import type { KubeObject } from "../../api/object.ts";
import type { Schemas } from "../../api/types.ts";
import { desiredReplicas, type ReplicaSet } from "../replica-set/replica-sets.ts";

export type DeploymentStatus = Schemas["io.k8s.api.apps.v1.DeploymentStatus"];
export type DeploymentCondition = Schemas["io.k8s.api.apps.v1.DeploymentCondition"];

export interface Deployment extends KubeObject {
  spec: Schemas["io.k8s.api.apps.v1.DeploymentSpec"];
  status?: DeploymentStatus;
}

export const deploymentKind = { group: "apps", version: "v1", kind: "Deployment" } as const;
export const deploymentsResource = { group: "apps", version: "v1", resource: "deployments" } as const;
/** The label by which ReplicaSets of a Deployment and their pods differ. */
export const hashLabel = "pod-template-hash";
/** A deadline or limit of this size is none. */
const unlimited = 2 ** 31 - 1;

export const wantedReplicas = ({ spec }: Deployment): number => spec.replicas ?? 0;

export const isRollingUpdate = ({ spec }: Deployment): boolean => spec.strategy?.type === "RollingUpdate";

export const hasProgressDeadline = ({ spec }: Deployment): boolean =>
  spec.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== unlimited;

/** How many old ReplicaSets are kept; undefined: all. */
export const revisionHistoryLimit = ({ spec }: Deployment): number | undefined =>
  spec.revisionHistoryLimit === unlimited ? undefined : spec.revisionHistoryLimit;

/** ResolveFenceposts: both limits of a rolling update in pods. */
function fenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  const { maxSurge = 0, maxUnavailable = 0 } = deployment.spec.strategy?.rollingUpdate ?? {};
  const desired = wantedReplicas(deployment);
  const surge = scaledIntOrPercent(maxSurge, desired, true);
  const unavailable = scaledIntOrPercent(maxUnavailable, desired, false);
  // Both may round to zero, and then nothing would ever move.
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export const maxSurge = (deployment: Deployment): number =>
  isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0;

export function maxUnavailable(deployment: Deployment): number {
  const desired = wantedReplicas(deployment);
  if (!isRollingUpdate(deployment) || desired === 0) return 0;
  return Math.min(fenceposts(deployment).unavailable, desired);
}

type Counted = "replicas" | "readyReplicas" | "availableReplicas";

/** The sum of what their status says. */
export const statusCount = (sets: readonly ReplicaSet[], count: Counted): number =>
  sets.reduce((sum, { status }) => sum + (status?.[count] ?? 0), 0);

/** The sum of what they are asked for. */
export const desiredCount = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + desiredReplicas(set), 0);

/** undefined: a set that was looked at does not tell. Source: GetTerminatingReplicaCountForReplicaSets. */
export function terminatingCount(sets: readonly ReplicaSet[]): number | undefined {
  let sum = 0;
  for (const { status } of sets) {
    if (status?.terminatingReplicas !== undefined) sum += status.terminatingReplicas;
    else if (status?.observedGeneration) return undefined;
  }
  return sum;
}

export const activeSets = (sets: readonly ReplicaSet[]): ReplicaSet[] =>
  sets.filter((set) => desiredReplicas(set) > 0);

/** Older ones first, then by name. */
export const byCreation = (a: ReplicaSet, b: ReplicaSet): number =>
  compareText(a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? "") ||
  compareText(a.metadata.name ?? "", b.metadata.name ?? "");

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** All that is wanted is new and available, and nothing old is left (DeploymentComplete). */
export function isComplete(deployment: Deployment, status: DeploymentStatus | undefined): boolean {
  const wanted = wantedReplicas(deployment);
  return (
    (status?.updatedReplicas ?? 0) === wanted &&
    (status?.replicas ?? 0) === wanted &&
    (status?.availableReplicas ?? 0) === wanted &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}
