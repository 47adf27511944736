import { timestamp } from "../../../api/clock.ts";
import type { Pod } from "../../../api/core-types.ts";
import type { KubeObject } from "../../../api/object.ts";
import { isPodReady, setPodCondition } from "../../../api/pod-conditions.ts";
import { labelSelectorOf } from "../../../api/selectors.ts";
import { StatusError, timeout } from "../../../api/status.ts";
import type { Schemas } from "../../../api/types.ts";
import type { ResourceRegistry } from "../../registry/registry.ts";
import type { VersionCodec } from "../../registry/resource-type.ts";
import {
  budgetInProgress,
  canIgnoreBudget,
  disruptOnce,
  evictionCondition,
  evictionOptions,
  mayEvictUnhealthy,
  mustPinVersion,
  severalBudgets,
} from "../../registry/resources/pod-eviction.ts";
import type { DeleteOptions } from "../../registry/write-request.ts";
import { successStatus } from "../answer.ts";
import { type PipelineContext, specialWrite } from "../call.ts";
import type { SpecialHandlers } from "../endpoint.ts";
import type { ApiRequest } from "../request.ts";

type Eviction = Schemas["io.k8s.api.policy.v1.Eviction"];
type Budget = Schemas["io.k8s.api.policy.v1.PodDisruptionBudget"] & KubeObject;

const attempts = 20;

interface Evictor {
  pods: ResourceRegistry;
  budgets: ResourceRegistry | undefined;
  context: PipelineContext;
  request: ApiRequest;
  options: DeleteOptions;
}

/** POST …/pods/NAME/eviction. */
export function evictions(
  codec: VersionCodec,
  pods: () => ResourceRegistry,
  budgets: () => ResourceRegistry | undefined,
  context: PipelineContext,
): SpecialHandlers {
  return {
    codec,
    async create(object, call) {
      const { request, dryRun } = call;
      const options = evictionOptions(request.name, object as unknown as Eviction, dryRun ? ["All"] : []);
      await call.validate("CREATE", object, undefined);
      const evictor = { pods: pods(), budgets: budgets(), context, request, options };
      await evict(evictor);
      return successStatus(201, undefined);
    },
  };
}

const isConflict = (error: unknown): boolean => error instanceof StatusError && error.reason === "Conflict";
const pinned = (options: DeleteOptions): boolean => options.preconditions?.resourceVersion !== undefined;

async function evict(evictor: Evictor): Promise<void> {
  const { options } = evictor;
  for (let attempt = 1; ; attempt++) {
    const pod = await readPod(evictor);
    if (!canIgnoreBudget(pod)) return evictWithinBudget(evictor, pod);
    const own = mustPinVersion(pod) && !pinned(options) ? pin(options, pod) : options;
    try {
      return await markAndDelete(evictor, own);
    } catch (error) {
      if (pinned(options) || !isConflict(error) || attempt === attempts) throw error;
    }
  }
}

async function readPod({ pods, request }: Evictor): Promise<Pod & KubeObject> {
  const entry = await pods.store.get(request.namespace, request.name);
  return pods.store.objectOf(entry) as Pod & KubeObject;
}

function pin(options: DeleteOptions, { metadata }: KubeObject): DeleteOptions {
  const { resourceVersion } = metadata;
  return { ...options, preconditions: { ...options.preconditions, resourceVersion } };
}

async function evictWithinBudget(evictor: Evictor, pod: Pod & KubeObject): Promise<void> {
  const { options } = evictor;
  const budget = await budgetOf(evictor, pod);
  const unhealthy = budget !== undefined && !isPodReady(pod) && mayEvictUnhealthy(budget);
  if (budget && !unhealthy) await takeFromBudget(evictor, budget);
  try {
    await markAndDelete(evictor, unhealthy ? pin(options, pod) : options);
  } catch (error) {
    if (unhealthy && !pinned(options) && isConflict(error))
      throw budgetInProgress(budget.metadata.name ?? "");
    throw error;
  }
}

/** The one budget that covers the pod. */
async function budgetOf({ budgets }: Evictor, { metadata }: KubeObject): Promise<Budget | undefined> {
  if (!budgets) return undefined;
  const { entries } = await budgets.storage.list(`${budgets.type.keyPrefix}${metadata.namespace}/`);
  const covering = entries
    .map((entry) => budgets.store.objectOf(entry) as Budget)
    .filter(({ spec }) => labelSelectorOf(spec?.selector).matches(metadata.labels ?? {}));
  if (covering.length > 1) throw severalBudgets();
  return covering[0];
}

async function takeFromBudget(
  { budgets, context, request, options }: Evictor,
  budget: Budget,
): Promise<void> {
  const name = budget.metadata.name ?? "";
  const dryRun = (options.dryRun?.length ?? 0) > 0;
  const now = timestamp(context.clock);
  // Upstream's eviction is a client of its own server, in the budget's first version.
  const statusFields = budgets!.type.versions.get("v1")!.fieldManager("status");
  let wanted = budget.metadata.resourceVersion;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    try {
      await budgets!.store.update(name, {
        ...specialWrite(context, request, dryRun),
        strategy: budgets!.type.definition.subresources?.["status"] ?? {},
        forceCreate: false,
        updated: async (live) => {
          const fresh = structuredClone(live) as Budget;
          fresh.status = disruptOnce(fresh, request.name, now);
          statusFields.update(live, fresh, { manager: "kube-apiserver", now });
          if (wanted) fresh.metadata.resourceVersion = wanted;
          return fresh;
        },
      });
      return;
    } catch (error) {
      if (!isConflict(error)) throw error;
      wanted = undefined;
    }
  }
  throw timeout(`couldn't update PodDisruptionBudget "${name}" due to conflicts`, 10);
}

/** The pod says why it goes, then it is deleted as a client would. */
async function markAndDelete({ pods, context, request }: Evictor, options: DeleteOptions): Promise<void> {
  const dryRun = (options.dryRun?.length ?? 0) > 0;
  const write = specialWrite(context, request, dryRun);
  let own = options;
  if (!dryRun) {
    const { object } = await pods.store.update(request.name, {
      ...write,
      strategy: pods.type.definition.strategy,
      forceCreate: false,
      ...(options.preconditions ? { preconditions: options.preconditions } : {}),
      updated: async (live) => {
        const pod = structuredClone(live) as unknown as Pod & KubeObject;
        pod.status = { ...pod.status };
        setPodCondition(pod.status, { ...evictionCondition }, timestamp(context.clock));
        return pod;
      },
    });
    if (pinned(options)) own = pin(options, object);
  }
  await pods.store.delete(request.name, own, write);
}
