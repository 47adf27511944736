import { type Clock, timestamp } from "../../api/clock.ts";
import { jsonEqual } from "../../api/json-equal.ts";
import { labelSelectorFromSet } from "../../api/selectors.ts";
import { isPodAvailable, type Pod, readySince } from "../controllees/pod-facts.ts";
import {
  desiredReplicas,
  type ReplicaSet,
  type ReplicaSetCondition,
  type ReplicaSetStatus,
} from "./replica-sets.ts";

const failureType = "ReplicaFailure";

export interface Observed {
  active: readonly Pod[];
  /** undefined: nobody counts them. */
  terminating: readonly Pod[] | undefined;
  /** Why pods could not be created or deleted. */
  failure: Error | undefined;
  /** When pods were looked at, in milliseconds of the epoch. */
  now: number;
}

/** What the status is to be. Source: calculateStatus of pkg/controller/replicaset/replica_set_utils.go. */
export function replicaSetStatus(set: ReplicaSet, observed: Observed, clock: Clock): ReplicaSetStatus {
  const { active, terminating, failure, now } = observed;
  const { template, minReadySeconds = 0 } = set.spec;
  const labels = labelSelectorFromSet(template.metadata?.labels);
  const count = (is: (pod: Pod) => boolean) => active.filter(is).length;
  const conditions = conditionsOf(set, active.length, failure, clock);
  return {
    replicas: active.length,
    ...counted({
      fullyLabeledReplicas: count(({ metadata }) => labels.matches(metadata.labels)),
      readyReplicas: count((pod) => readySince(pod) !== undefined),
      availableReplicas: count((pod) => isPodAvailable(pod, minReadySeconds, now)),
      observedGeneration: set.metadata.generation ?? 0,
    }),
    ...(terminating === undefined ? {} : { terminatingReplicas: terminating.length }),
    ...(conditions.length > 0 ? { conditions } : {}),
  };
}

/** As the server writes numbers: none for 0. */
export const counted = <T extends Record<string, number>>(counts: T): Partial<T> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)) as Partial<T>;

function conditionsOf(
  set: ReplicaSet,
  active: number,
  failure: Error | undefined,
  clock: Clock,
): ReplicaSetCondition[] {
  const conditions = set.status?.conditions ?? [];
  const known = conditions.some(({ type }) => type === failureType);
  if (known === (failure !== undefined)) return conditions;
  if (!failure) return conditions.filter(({ type }) => type !== failureType);
  const missing = desiredReplicas(set) - active;
  const reason = missing > 0 ? "FailedCreate" : missing < 0 ? "FailedDelete" : "";
  return [
    ...conditions,
    {
      ...{ type: failureType, status: "True", lastTransitionTime: timestamp(clock) },
      ...(reason ? { reason } : {}),
      message: failure.message,
    },
  ];
}

export const isStatusCurrent = (set: ReplicaSet, status: ReplicaSetStatus): boolean =>
  jsonEqual(set.status, status);
