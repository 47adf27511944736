import type { PodTemplateSpec } from "../../api/core-types.ts";
import { goQuote } from "../../api/go-format.ts";
import { jsonEqual } from "../../api/json-equal.ts";
import type { LabelSelectorObject } from "../../api/selectors.ts";
import { semanticEqual } from "../../api/semantic-equal.ts";
import { isNamespaceTerminating, StatusError } from "../../api/status.ts";
import { controllerRefTo, isControlledBy } from "../controllees/controller-ref.ts";
import { templateHash } from "../controllees/template-hash.ts";
import { desiredReplicas, type ReplicaSet } from "../replica-set/replica-sets.ts";
import { findCondition, makeCondition, withCondition } from "./conditions.ts";
import type { DeploymentSync } from "./deployment-sync.ts";
import {
  byCreation,
  type Deployment,
  type DeploymentStatus,
  deploymentKind,
  desiredCount,
  hashLabel,
  hasProgressDeadline,
  isRollingUpdate,
  maxSurge,
  wantedReplicas,
} from "./deployments.ts";
import { maxRevision, newSetAnnotations, revisionAnnotation, sizeAnnotations } from "./revisions.ts";

/** The ReplicaSet that has the Deployment's template, and the others. */
export interface Generations {
  newest: ReplicaSet | undefined;
  old: readonly ReplicaSet[];
}

export const allOf = ({ newest, old }: Generations): readonly ReplicaSet[] =>
  newest ? [...old, newest] : old;

const longestName = 253;

/**
 * Finds the newest ReplicaSet and sees to its annotations, revision and the Deployment's conditions; creates it if it
 * is not there and createMissing. Source: getAllReplicaSetsAndSyncRevision of pkg/controller/deployment/sync.go.
 */
export async function findGenerations(sync: DeploymentSync, createMissing: boolean): Promise<Generations> {
  const sets = sync.sets.toSorted(byCreation);
  const { template } = sync.deployment.spec;
  const found = sets.find(({ spec }) => equalTemplates(spec.template, template));
  const old = sets.filter((set) => set !== found);
  const revision = maxRevision(old) + 1;
  if (found) return { newest: await bringUpToDate(sync, found, revision), old };
  if (!createMissing) return { newest: undefined, old };
  return { newest: await createNewest(sync, old, revision), old };
}

/** Equal but for the label that tells them apart (EqualIgnoreHash). */
export const equalTemplates = (a: PodTemplateSpec, b: PodTemplateSpec): boolean =>
  semanticEqual(withoutHash(a), withoutHash(b));

export function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  const { labels: __, ...metadata } = template.metadata ?? {};
  return { ...template, metadata: Object.keys(labels).length > 0 ? { ...metadata, labels } : metadata };
}

async function bringUpToDate(sync: DeploymentSync, set: ReplicaSet, revision: number): Promise<ReplicaSet> {
  const { deployment } = sync;
  const { minReadySeconds = 0 } = deployment.spec;
  const { annotations: before = {} } = set.metadata;
  const annotations = newSetAnnotations(deployment, before, revision);
  if (!jsonEqual(annotations, before) || (set.spec.minReadySeconds ?? 0) !== minReadySeconds) {
    const metadata = { ...set.metadata, annotations };
    return await sync.updateSet({ ...set, metadata, spec: { ...set.spec, minReadySeconds } });
  }
  const isNoticed = !hasProgressDeadline(deployment) || !!findCondition(deployment.status, "Progressing");
  const found = ["FoundNewReplicaSet", `Found new replica set ${goQuote(set.metadata.name ?? "")}`] as const;
  await note(sync, annotations[revisionAnnotation] ?? "", isNoticed ? undefined : found);
  return set;
}

/** Writes the Deployment's revision, and why it is progressing, if they are not there. */
async function note(
  sync: DeploymentSync,
  revision: string,
  progress: readonly [reason: string, message: string] | undefined,
): Promise<void> {
  const { deployment } = sync;
  const { annotations, ...metadata } = deployment.metadata;
  if (annotations?.[revisionAnnotation] === revision && !progress) return;
  await sync.updateStatus({
    ...deployment,
    metadata: { ...metadata, annotations: { ...annotations, [revisionAnnotation]: revision } },
    status: progress ? progressing(sync, "True", ...progress) : (deployment.status ?? {}),
  });
}

function progressing(
  { deployment, options }: DeploymentSync,
  status: "True" | "False",
  reason: string,
  message: string,
): DeploymentStatus {
  const condition = makeCondition(options.context.clock, "Progressing", status, reason, message);
  return {
    ...deployment.status,
    conditions: [...withCondition(deployment.status?.conditions ?? [], condition)],
  };
}

async function createNewest(
  sync: DeploymentSync,
  old: readonly ReplicaSet[],
  revision: number,
): Promise<ReplicaSet> {
  const { deployment } = sync;
  const wanted = newestSet(deployment, old, revision);
  const { name = "" } = wanted.metadata;
  let created: ReplicaSet;
  try {
    created = await sync.createSet(wanted);
  } catch (error) {
    if (error instanceof StatusError && error.reason === "AlreadyExists")
      return await resolveCollision(sync, name, revision, error);
    if (!isNamespaceTerminating(error)) await tellFailure(sync, name, error);
    throw error;
  }
  const replicas = desiredReplicas(wanted);
  if (replicas > 0)
    sync.record("Normal", "ScalingReplicaSet", `Scaled up replica set ${name} from 0 to ${replicas}`);
  const message = `Created new replica set ${goQuote(name)}`;
  const hasDeadline = hasProgressDeadline(deployment);
  await note(sync, `${revision}`, hasDeadline ? ["NewReplicaSetCreated", message] : undefined);
  return created;
}

function newestSet(deployment: Deployment, old: readonly ReplicaSet[], revision: number): ReplicaSet {
  const { selector, template, minReadySeconds = 0 } = deployment.spec;
  const hash = templateHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const { name = "", namespace = "" } = deployment.metadata;
  return {
    ...{ kind: "ReplicaSet", apiVersion: "apps/v1" },
    metadata: {
      name: `${name.slice(0, longestName - 1 - hash.length)}-${hash}`,
      ...{ namespace, labels },
      ownerReferences: [controllerRefTo(deployment, deploymentKind)],
      annotations: { ...newSetAnnotations(deployment, {}, revision), ...sizeAnnotations(deployment) },
    },
    spec: {
      replicas: newReplicas(deployment, old, 0),
      minReadySeconds,
      selector: withLabel(selector, hash),
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

const withLabel = (selector: LabelSelectorObject, hash: string): LabelSelectorObject => ({
  ...selector,
  matchLabels: { ...selector.matchLabels, [hashLabel]: hash },
});

/**
 * How many replicas the newest ReplicaSet is to have that has so many: as many more as the surge allows.
 * Source: NewRSNewReplicas.
 */
export function newReplicas(deployment: Deployment, sets: readonly ReplicaSet[], replicas: number): number {
  const wanted = wantedReplicas(deployment);
  if (!isRollingUpdate(deployment)) return wanted;
  const room = wanted + maxSurge(deployment) - desiredCount(sets);
  return room <= 0 ? replicas : replicas + Math.min(room, wanted - replicas);
}

/** The ReplicaSet of that name is ours, known too late, or has another template with the same hash. */
async function resolveCollision(
  sync: DeploymentSync,
  name: string,
  revision: number,
  error: StatusError,
): Promise<ReplicaSet> {
  const { deployment } = sync;
  const set = (await sync.options.context.client.get(sync.setsResource, name)) as ReplicaSet;
  if (isControlledBy(set, deployment) && equalTemplates(set.spec.template, deployment.spec.template)) {
    await note(sync, `${revision}`, undefined);
    return set;
  }
  const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
  await sync.updateStatus({ ...deployment, status: { ...deployment.status, collisionCount } });
  throw error;
}

async function tellFailure(sync: DeploymentSync, name: string, error: unknown): Promise<void> {
  const reason = "ReplicaSetCreateError";
  const text = error instanceof Error ? error.message : String(error);
  const message = `Failed to create new replica set ${goQuote(name)}: ${text}`;
  if (hasProgressDeadline(sync.deployment)) {
    const status = progressing(sync, "False", reason, message);
    // That it could not be created is what matters.
    await sync.updateStatus({ ...sync.deployment, status }).catch(() => undefined);
  }
  sync.record("Warning", reason, message);
}
