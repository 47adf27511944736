/** What a disruption budget's status says of whether pods may go. Source: component-helpers/apps/poddisruptionbudget. */
import type { KubeObject } from "./object.ts";
import type { Schemas } from "./types.ts";

export type DisruptionBudget = Omit<Schemas["io.k8s.api.policy.v1.PodDisruptionBudget"], "metadata"> &
  KubeObject;
export type DisruptionBudgetStatus = NonNullable<DisruptionBudget["status"]>;
type Condition = NonNullable<DisruptionBudgetStatus["conditions"]>[number];

const type = "DisruptionAllowed";

export const disruptionCondition = (status: DisruptionBudgetStatus | undefined): Condition | undefined =>
  status?.conditions?.find((condition) => condition.type === type);

/** Status and reason that the condition must have. */
export const expectedCondition = ({ disruptionsAllowed = 0 }: DisruptionBudgetStatus) =>
  disruptionsAllowed > 0
    ? ({ status: "True", reason: "SufficientPods" } as const)
    : ({ status: "False", reason: "InsufficientPods" } as const);

/** The status with this condition; now (a timestamp) counts where the condition's status changes. */
export function withDisruptionCondition(
  status: DisruptionBudgetStatus,
  now: string,
  its: { status: "True" | "False"; reason: string; message?: string } = expectedCondition(status),
): DisruptionBudgetStatus {
  const conditions = status.conditions ?? [];
  const index = conditions.findIndex((condition) => condition.type === type);
  const old = conditions[index];
  const condition: Condition = {
    ...{ type, message: "", ...its, observedGeneration: status.observedGeneration },
    lastTransitionTime: old?.status === its.status ? old.lastTransitionTime : now,
  };
  return {
    ...status,
    conditions: index < 0 ? [...conditions, condition] : conditions.with(index, condition),
  };
}
