/** Defaults of batch/v1. Source: pkg/apis/batch/v1/defaults.go. */
import type { ObjectOf } from "../object-of.ts";
import type { Schemas } from "../types.ts";
import { defaultPodTemplate } from "./core-pod.ts";
import type { DefaultsContext, DefaultsTable } from "./table.ts";

const maxInt32 = 2147483647;

function defaultJobSpec(spec: Schemas["io.k8s.api.batch.v1.JobSpec"]): void {
  defaultPodTemplate(spec.template);
  for (const rule of spec.podFailurePolicy?.rules ?? []) {
    for (const pattern of rule.onPodConditions ?? []) pattern.status ||= "True";
  }
}

function defaultJob(job: ObjectOf<"io.k8s.api.batch.v1.Job">, { gates }: DefaultsContext): void {
  const { metadata, spec } = job;
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : maxInt32;
  const { labels } = spec.template?.metadata ?? {};
  // The same map, not a copy: as upstream, a Job without labels of its own gets the generated ones, too.
  if (labels && Object.keys(metadata.labels ?? {}).length === 0) metadata.labels = labels;
  spec.completionMode ??= "NonIndexed";
  spec.suspend ??= false;
  if (gates.enabled("JobPodReplacementPolicy")) {
    spec.podReplacementPolicy ??= spec.podFailurePolicy ? "Failed" : "TerminatingOrFailed";
  }
  spec.manualSelector ??= false;
  defaultJobSpec(spec);
}

function defaultCronJob({ spec }: ObjectOf<"io.k8s.api.batch.v1.CronJob">): void {
  spec.concurrencyPolicy ||= "Allow";
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
  defaultJobSpec(spec.jobTemplate.spec);
}

export const batchDefaults: DefaultsTable = { "batch/v1": { CronJob: defaultCronJob, Job: defaultJob } };
