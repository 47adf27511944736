/** Source: pkg/controller/deployment/util/deployment_util.go. */
import { type Clock, timestamp } from "../../api/clock.ts";
import type { DeploymentCondition, DeploymentStatus } from "./deployments.ts";

type Conditions = readonly DeploymentCondition[];

export function makeCondition(
  clock: Clock,
  type: "Progressing" | "Available",
  status: "True" | "False" | "Unknown",
  reason: string,
  message: string,
): DeploymentCondition {
  const now = timestamp(clock);
  return { type, status, lastUpdateTime: now, lastTransitionTime: now, reason, message };
}

export const findCondition = (
  status: Pick<DeploymentStatus, "conditions"> | undefined,
  type: string,
): DeploymentCondition | undefined => status?.conditions?.find((condition) => condition.type === type);

/** At the end, unless one of the same status and reason is there already (SetDeploymentCondition). */
export function withCondition(conditions: Conditions, condition: DeploymentCondition): Conditions {
  const known = conditions.find(({ type }) => type === condition.type);
  const isSameStatus = known?.status === condition.status;
  if (isSameStatus && known.reason === condition.reason) return conditions;
  const { lastTransitionTime } = isSameStatus ? known : condition;
  const added = { ...condition, ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }) };
  return [...withoutCondition(conditions, condition.type), added];
}

export const withoutCondition = (conditions: Conditions, type: string): Conditions =>
  conditions.filter((condition) => condition.type !== type);
