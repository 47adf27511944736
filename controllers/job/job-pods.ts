/** The pods that a Job creates, and those it does not need any more. Source: pkg/controller/job/indexed_job_utils.go. */
import type { Container, PodTemplateSpec } from "../../api/core-types.ts";
import { byState } from "../controllees/deletion-order.ts";
import type { Pod } from "../controllees/pod-facts.ts";
import { failureAnnotations } from "./backoff.ts";
import {
  completionIndex,
  completionsOf,
  hasLimitPerIndex,
  indexAnnotation,
  isIndexed,
  type Job,
  trackingFinalizer,
} from "./jobs.ts";
import { judgeFailure } from "./policies.ts";

const indexVariable = "JOB_COMPLETION_INDEX";
const longestGenerateName = 58;

/** For the pod of an index, or for any; replaced is the pod of the index that failed last. */
export function jobTemplate(job: Job, index: number | undefined, replaced: Pod | undefined): PodTemplateSpec {
  const { metadata, spec } = job.spec.template;
  const { finalizers = [] } = metadata ?? {};
  const tracked = finalizers.includes(trackingFinalizer) ? finalizers : [...finalizers, trackingFinalizer];
  if (index === undefined) return { metadata: { ...metadata, finalizers: tracked }, spec: spec! };
  const own = { [indexAnnotation]: `${index}` };
  const counts = replaced ? judgeFailure(job.spec.podFailurePolicy, replaced).counts : true;
  const failures = hasLimitPerIndex(job) ? failureAnnotations(replaced, counts) : {};
  const { containers, initContainers, ...rest } = spec!;
  return {
    metadata: {
      ...metadata,
      labels: { ...metadata?.labels, ...own },
      annotations: { ...metadata?.annotations, ...own, ...failures },
      finalizers: tracked,
    },
    spec: {
      ...rest,
      ...(initContainers ? { initContainers: initContainers.map(withIndexVariable) } : {}),
      containers: containers.map(withIndexVariable),
      hostname: `${job.metadata.name}-${index}`,
    },
  };
}

function withIndexVariable(container: Container): Container {
  const { env = [] } = container;
  if (env.some(({ name }) => name === indexVariable)) return container;
  const fieldRef = { fieldPath: `metadata.labels['${indexAnnotation}']` };
  return { ...container, env: [...env, { name: indexVariable, valueFrom: { fieldRef } }] };
}

/** What the names of an index's pods begin with. */
export function generateNameOf({ metadata: { name = "" } }: Job, index: number): string {
  const end = `-${index}-`;
  return `${name.slice(0, longestGenerateName - end.length)}${end}`;
}

/** At least so many active pods, those first that nobody needs: of no index, or of one that has another pod. */
export function podsToRemove(job: Job, active: readonly Pod[], atLeast: number): Pod[] {
  const [removed, left] = isIndexed(job) ? duplicates(active, completionsOf(job)) : [[], active];
  const missing = atLeast - removed.length;
  return missing > 0 ? [...removed, ...byState(left).slice(0, missing)] : [...removed];
}

function duplicates(active: readonly Pod[], completions: number): readonly [Pod[], Pod[]] {
  const removed: Pod[] = [];
  const left: Pod[] = [];
  const byIndex = Map.groupBy(active, (pod) => completionIndex(pod));
  for (const [index, pods] of byIndex) {
    if (index === undefined || index >= completions) {
      removed.push(...pods);
      continue;
    }
    const sorted = byState(pods);
    removed.push(...sorted.slice(0, -1));
    left.push(sorted.at(-1)!);
  }
  return [removed, left];
}
