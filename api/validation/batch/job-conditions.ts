import type { Schemas } from "../../types.ts";

interface HasConditions {
  status: Pick<Schemas["io.k8s.api.batch.v1.JobStatus"], "conditions">;
}

export function isConditionTrue({ status }: HasConditions, type: string): boolean {
  return (status.conditions ?? []).some(
    (condition) => condition.type === type && condition.status === "True",
  );
}

export const isJobFinished = (job: HasConditions): boolean =>
  isConditionTrue(job, "Complete") || isConditionTrue(job, "Failed");
