import type { FeatureGates } from "../feature-gates.ts";
import type { Schemas } from "../types.ts";
import { warningsForPodTemplate } from "../validation/core/pod-warnings.ts";
import type { FieldPath } from "../validation/field.ts";

const manyCompletions = 100_000;
const muchParallelism = 10_000;

/** Source: WarningsForJobSpec of pkg/api/job/warnings.go. */
export function jobSpecWarnings(
  spec: Schemas["io.k8s.api.batch.v1.JobSpec"],
  path: FieldPath,
  gates: FeatureGates,
): string[] {
  const warnings = warningsForPodTemplate(spec.template, path.child("template"), gates);
  const { completionMode, completions = 0, parallelism = 0 } = spec;
  if (completionMode !== "Indexed" || completions <= manyCompletions || parallelism <= muchParallelism) {
    return warnings;
  }
  const message =
    "In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail";
  return [`${path}: ${message}`, ...warnings];
}
