/**
 * Annotations by which a Deployment and its ReplicaSets remember revisions and sizes.
 * Source: pkg/controller/deployment/util/deployment_util.go.
 */
import type { KubeObject } from "../../api/object.ts";
import type { ReplicaSet } from "../replica-set/replica-sets.ts";
import { byCreation, type Deployment, maxSurge, wantedReplicas } from "./deployments.ts";

type Annotations = Readonly<Record<string, string>>;

export const revisionAnnotation = "deployment.kubernetes.io/revision";
const historyAnnotation = "deployment.kubernetes.io/revision-history";
const desiredAnnotation = "deployment.kubernetes.io/desired-replicas";
const maxAnnotation = "deployment.kubernetes.io/max-replicas";
export const rollbackAnnotation = "deprecated.deployment.rollback.to";
/** What a Deployment and its ReplicaSets do not share. */
const ownAnnotations: ReadonlySet<string> = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  ...[revisionAnnotation, historyAnnotation, desiredAnnotation, maxAnnotation, rollbackAnnotation],
]);
const longestHistory = 2000;

/** An integer as strconv.ParseInt reads it; undefined: it is none. */
export const readInteger = (text: string): number | undefined =>
  /^[+-]?\d+$/.test(text) ? Number(text) : undefined;

/** 0: it has none; undefined: what it has is no number. */
export const revisionOf = ({ metadata }: KubeObject): number | undefined =>
  readInteger(metadata.annotations?.[revisionAnnotation] ?? "0");

export const maxRevision = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((max, set) => Math.max(max, revisionOf(set) ?? 0), 0);

/** The second highest: what a rollback goes to when nobody says which. */
export function lastRevision(sets: readonly ReplicaSet[]): number {
  const revisions = sets.map((set) => revisionOf(set) ?? 0).sort((a, b) => b - a);
  return Math.max(0, revisions[1] ?? 0);
}

export function byRevision(a: ReplicaSet, b: ReplicaSet): number {
  const [first, second] = [revisionOf(a), revisionOf(b)];
  return first === undefined || second === undefined || first === second ? byCreation(a, b) : first - second;
}

/** Those of the Deployment's annotations that its ReplicaSets share. */
const shared = (annotations: Annotations = {}): Annotations =>
  Object.fromEntries(Object.entries(annotations).filter(([key]) => !ownAnnotations.has(key)));

/** How many replicas the Deployment wants and may have, for the proportions of the next scaling. */
export function sizeAnnotations(deployment: Deployment): Annotations {
  const desired = wantedReplicas(deployment);
  return { [desiredAnnotation]: `${desired}`, [maxAnnotation]: `${desired + maxSurge(deployment)}` };
}

/** What the annotation of the size says, if it is a number of replicas (a uint32 that is an int32 too). */
function sizeOf({ metadata }: ReplicaSet, annotation: string): number | undefined {
  const text = metadata.annotations?.[annotation];
  const size = text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  return size !== undefined && size < 2 ** 31 ? size : undefined;
}

export const annotatedDesired = (set: ReplicaSet): number | undefined => sizeOf(set, desiredAnnotation);
export const annotatedMax = (set: ReplicaSet): number | undefined => sizeOf(set, maxAnnotation);

/** What the annotations of the newest ReplicaSet are to be (SetNewReplicaSetAnnotations). */
export function newSetAnnotations(
  deployment: Deployment,
  before: Annotations = {},
  revision: number,
): Record<string, string> {
  const annotations = { ...before, ...shared(deployment.metadata.annotations) };
  const oldText = before[revisionAnnotation];
  const old = readInteger(oldText || "0");
  if (old === undefined || old >= revision) return annotations;
  annotations[revisionAnnotation] = `${revision}`;
  // It was the newest one before: somebody rolled back to it.
  if (oldText !== undefined) {
    const history = withRevision(before[historyAnnotation] ?? "", oldText);
    if (history !== undefined) annotations[historyAnnotation] = history;
  }
  return annotations;
}

/** As many of the latest revisions as there is room for; undefined: not even the old one. */
function withRevision(history: string, old: string): string | undefined {
  if (history === "" || history.startsWith(",")) return old;
  const revisions = history.split(",");
  let length = history.length + old.length + 1;
  while (length > longestHistory && revisions.length > 0) length -= revisions.shift()!.length + 1;
  return length <= longestHistory ? [...revisions, old].join(",") : undefined;
}

/** The Deployment's annotations when it has become what the ReplicaSet is (SetDeploymentAnnotationsTo). */
export function annotationsFrom(set: ReplicaSet, deployment: Deployment): Record<string, string> {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) =>
    ownAnnotations.has(key),
  );
  return { ...Object.fromEntries(own), ...shared(set.metadata.annotations) };
}
