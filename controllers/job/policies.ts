/** Source: pkg/controller/job/pod_failure_policy.go, success_policy.go. */
import type { ContainerStatus, PodCondition } from "../../api/core-types.ts";
import type { Schemas } from "../../api/types.ts";
import type { Pod } from "../controllees/pod-facts.ts";
import { Indexes } from "./indexes.ts";
import type { Job, PodFailurePolicy } from "./jobs.ts";

type Rule = PodFailurePolicy["rules"][number];

export interface Failure {
  /** Whether it counts towards the limit. */
  counts: boolean;
  action?: string;
  /** Why the whole Job fails. */
  message?: string;
}

/** What the first rule that matches a failed pod says. */
export function judgeFailure(policy: PodFailurePolicy | undefined, pod: Pod): Failure {
  for (const [index, rule] of (policy?.rules ?? []).entries()) {
    const matched = describeMatch(rule, pod);
    if (matched === undefined) continue;
    const { action } = rule;
    if (action === "Ignore") return { counts: false, action };
    if (action !== "FailJob") return { counts: true, action };
    return { counts: true, action, message: `${matched} matching ${action} rule at index ${index}` };
  }
  return { counts: true };
}

function describeMatch({ onExitCodes, onPodConditions }: Rule, pod: Pod): string | undefined {
  const { namespace, name } = pod.metadata;
  if (onExitCodes) {
    const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
    const all = [...containerStatuses, ...initContainerStatuses];
    const container = all.find((status) => hasExitCode(status, onExitCodes));
    const code = container?.state?.terminated?.exitCode;
    return (
      container && `Container ${container.name} for pod ${namespace}/${name} failed with exit code ${code}`
    );
  }
  const condition = pod.status?.conditions?.find((one) =>
    onPodConditions?.some((pattern) => isSame(pattern, one)),
  );
  return condition && `Pod ${namespace}/${name} has condition ${condition.type}`;
}

const isSame = (pattern: { type: string; status?: string }, { type, status }: PodCondition): boolean =>
  pattern.type === type && pattern.status === status;

function hasExitCode(
  { name, state }: ContainerStatus,
  { containerName, operator, values }: NonNullable<Rule["onExitCodes"]>,
): boolean {
  const code = state?.terminated?.exitCode;
  if (!code || (containerName !== undefined && containerName !== name)) return false;
  return operator === "In" ? values.includes(code) : operator === "NotIn" && !values.includes(code);
}

type SuccessPolicy = Schemas["io.k8s.api.batch.v1.SuccessPolicy"];

/** Which rule of the policy says that enough has succeeded. */
export function successMessage(job: Job, succeeded: Indexes): string | undefined {
  const policy: SuccessPolicy | undefined = job.spec.successPolicy;
  if (!policy || succeeded.size === 0) return undefined;
  const index = policy.rules.findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined)
      return succeededCount !== undefined && succeeded.size >= succeededCount;
    const required = Indexes.parse(succeededIndexes, job.spec.completions ?? 0);
    if (required.size === 0) return false;
    const overlap = required.overlap(succeeded);
    return overlap === required.size || (succeededCount !== undefined && overlap >= succeededCount);
  });
  return index < 0 ? undefined : `Matched rules at index ${index}`;
}
