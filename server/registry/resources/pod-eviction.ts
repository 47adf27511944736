/**
 * Evicts a pod as its disruption budget allows: POST …/pods/NAME/eviction. These are the decisions; who calls them
 * reads, writes and tries again. Source: k8s.io/kubernetes/pkg/registry/core/pod/storage/eviction.go.
 */
import type { Pod, PodCondition } from "../../../api/core-types.ts";
import { disruptionCondition, withDisruptionCondition } from "../../../api/disruption-budget.ts";
import { badRequest, forbidden, invalid, StatusError, tooManyRequests } from "../../../api/status.ts";
import type { Schemas } from "../../../api/types.ts";
import { invalid as invalidField } from "../../../api/validation/field.ts";

type Eviction = Schemas["io.k8s.api.policy.v1.Eviction"];
type Budget = Schemas["io.k8s.api.policy.v1.PodDisruptionBudget"];
type DeleteOptions = NonNullable<Eviction["deleteOptions"]>;

const budgets = { group: "policy", resource: "poddisruptionbudget" };
const mostDisruptedPods = 2000;

/** The options of the deletion that the eviction asks for. dryRun is the request's own. */
export function evictionOptions(name: string, eviction: Eviction, dryRun: readonly string[]): DeleteOptions {
  if (name !== eviction.metadata?.name) {
    throw badRequest("name in URL does not match name in Eviction object");
  }
  const options = eviction.deleteOptions ?? {};
  if (options.ignoreStoreReadErrorWithClusterBreakingPotential) {
    const path = "deleteOptions.ignoreStoreReadErrorWithClusterBreakingPotential";
    const detail = "can not be set for pod eviction, try after removing the option";
    throw invalid({ group: "policy", kind: "Eviction" }, name, [invalidField(path, true, detail)]);
  }
  const own = options.dryRun ?? [];
  if (own.length === 0) return dryRun.length === 0 ? options : { ...options, dryRun: [...dryRun] };
  const isSame = own.length === dryRun.length && own.every((value, index) => value === dryRun[index]);
  if (dryRun.length === 0 || isSame) return options;
  const lists = `[${dryRun.join(" ")}] and [${own.join(" ")}]`;
  throw new StatusError(500, "", `Non-matching dry-run options in request and content: ${lists}`);
}

/** canIgnorePDB: the pod does not run, or not for long. */
export function canIgnoreBudget(pod: Pod): boolean {
  const phase: string = pod.status?.phase ?? "";
  return ["Succeeded", "Failed", "Pending"].includes(phase) || Boolean(pod.metadata.deletionTimestamp);
}

/** shouldEnforceResourceVersion: a pending pod may become ready meanwhile. */
export function mustPinVersion(pod: Pod): boolean {
  const phase: string = pod.status?.phase ?? "";
  return phase !== "Succeeded" && phase !== "Failed" && !pod.metadata.deletionTimestamp;
}

/** What the pod's status says when it goes. */
export const evictionCondition: PodCondition = {
  type: "DisruptionTarget",
  status: "True",
  reason: "EvictionByEvictionAPI",
  message: "Eviction API: evicting",
};

/** A pod that is not ready may go without counting, if the budget says so. */
export function mayEvictUnhealthy({ spec, status }: Budget): boolean {
  if (spec?.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

export const severalBudgets = (): StatusError =>
  new StatusError(
    500,
    "",
    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
  );

/** createTooManyRequestsError: the budget's controller has not caught up. */
export function budgetInProgress(budget: string): StatusError {
  return refused(10, `The disruption budget ${budget} is still being processed by the server.`);
}

function refused(retryAfterSeconds: number, message: string): StatusError {
  const text = "Cannot evict pod as it would violate the pod's disruption budget.";
  if (retryAfterSeconds === 0) {
    return new StatusError(429, "TooManyRequests", text, {
      causes: [{ reason: "DisruptionBudget", message }],
    });
  }
  const { code, reason } = tooManyRequests(text, retryAfterSeconds);
  return new StatusError(code, reason, text, {
    retryAfterSeconds,
    causes: [{ reason: "DisruptionBudget", message }],
  });
}

/**
 * checkAndDecrement: the budget's status after one more disruption, to be written unless this is a dry run.
 * @throws StatusError where the budget allows none.
 */
export function disruptOnce(budget: Budget, podName: string, now: string): NonNullable<Budget["status"]> {
  const name = budget.metadata?.name ?? "";
  const { generation = 0 } = budget.metadata ?? {};
  const status = budget.status;
  const allowed = status?.disruptionsAllowed ?? 0;
  if ((status?.observedGeneration ?? 0) < generation) throw budgetInProgress(name);
  if (allowed < 0) throw forbidden(budgets, name, "pdb disruptions allowed is negative");
  if (Object.keys(status?.disruptedPods ?? {}).length > mostDisruptedPods) {
    const detail = "DisruptedPods map too big - too many evictions not confirmed by PDB controller";
    throw forbidden(budgets, name, detail);
  }
  if (!status || allowed === 0) throw refused(0, refusalMessage(budget, name));
  const updated = {
    ...status,
    disruptionsAllowed: allowed - 1,
    disruptedPods: { ...status.disruptedPods, [podName]: now },
  };
  return allowed === 1 ? withDisruptionCondition(updated, now) : updated;
}

function refusalMessage({ status }: Budget, name: string): string {
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  const condition = disruptionCondition(status);
  const denial = condition?.status === "False" && condition.message ? condition : undefined;
  const start = `The disruption budget ${name}`;
  if (denial?.reason === "SyncFailed") {
    return `${start} does not allow evicting pods currently because it failed sync: ${denial.message}`;
  }
  if (currentHealthy <= desiredHealthy) {
    return `${start} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  }
  const why = denial ? ` (${denial.reason}): ${denial.message}` : "";
  return `${start} does not allow evicting pods currently${why}`;
}
