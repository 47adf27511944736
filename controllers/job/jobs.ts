/** What is asked of Jobs and their pods. Source: pkg/controller/job. */
import type { PodTemplateSpec } from "../../api/core-types.ts";
import type { KubeObject } from "../../api/object.ts";
import type { Schemas } from "../../api/types.ts";
import type { Pod } from "../controllees/pod-facts.ts";

export type JobStatus = Schemas["io.k8s.api.batch.v1.JobStatus"];
export type JobCondition = Schemas["io.k8s.api.batch.v1.JobCondition"];
export type PodFailurePolicy = Schemas["io.k8s.api.batch.v1.PodFailurePolicy"];

export interface Job extends KubeObject {
  spec: Omit<Schemas["io.k8s.api.batch.v1.JobSpec"], "template"> & { template: PodTemplateSpec };
  status?: JobStatus;
}

export const jobKind = { group: "batch", version: "v1", kind: "Job" } as const;
export const jobsResource = { group: "batch", version: "v1", resource: "jobs" } as const;
/** Pods have it until the Job's status counts them. */
export const trackingFinalizer = "batch.kubernetes.io/job-tracking";
export const indexAnnotation = "batch.kubernetes.io/job-completion-index";
const ownControllerName = "kubernetes.io/job-controller";

export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === "Indexed";
export const isSuspended = ({ spec }: Job): boolean => spec.suspend ?? false;
export const hasLimitPerIndex = ({ spec }: Job): boolean => spec.backoffLimitPerIndex !== undefined;
export const completionsOf = ({ spec }: Job): number => spec.completions ?? 0;

/** Somebody else sees to it. */
export const isManagedElsewhere = ({ spec }: Job): boolean =>
  spec.managedBy !== undefined && spec.managedBy !== ownControllerName;

/** A pod that is being deleted is replaced only when it has failed. */
export const replacesOnlyFailed = ({ spec }: Job): boolean =>
  spec.podReplacementPolicy === "Failed" || spec.podFailurePolicy !== undefined;

export const findCondition = (status: JobStatus | undefined, type: string): JobCondition | undefined =>
  status?.conditions?.find((condition) => condition.type === type);

const isTrue = (status: JobStatus | undefined, type: string): boolean =>
  findCondition(status, type)?.status === "True";

export const isFinished = ({ status }: Job): boolean =>
  isTrue(status, "Complete") || isTrue(status, "Failed");

export const isTracked = ({ metadata }: KubeObject): boolean =>
  metadata.finalizers?.includes(trackingFinalizer) ?? false;

/** The index that a pod completes; undefined: none. */
export function completionIndex({ metadata }: KubeObject): number | undefined {
  const text = metadata.annotations?.[indexAnnotation] ?? "";
  return /^\+?\d+$/.test(text) ? Number(text) : undefined;
}

/** The index if the Job has so many. */
export function validIndex(job: Job, pod: KubeObject): number | undefined {
  const index = completionIndex(pod);
  return index !== undefined && index < completionsOf(job) ? index : undefined;
}

export const isPodFailed = (job: Job, { metadata, status }: Pod): boolean =>
  status?.phase === "Failed" ||
  (!replacesOnlyFailed(job) && metadata.deletionTimestamp !== undefined && status?.phase !== "Succeeded");
