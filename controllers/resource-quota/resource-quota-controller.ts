import type { KubeObject } from "../../api/object.ts";
import type { QuotaEvaluator } from "../../api/quota/evaluator.ts";
import { quotaEvaluator } from "../../api/quota/evaluators.ts";
import { StatusError } from "../../api/status.ts";
import type { ServedResource } from "../../client/client.ts";
import { objectKey } from "../../client/known-objects.ts";
import { StreamSet, type WantedStream } from "../../client/stream-set.ts";
import { again, WorkQueue } from "../../client/work-queue.ts";
import type { ControllerContext } from "../controller.ts";
import { definitionsResource } from "../custom-resource-definitions/definition-controllers.ts";
import {
  isInScopes,
  measuredIn,
  type ResourceQuota,
  sameAmounts,
  usageOf,
  withUsage,
} from "./quota-usage.ts";
import { UsageFollower } from "./usage-follower.ts";

const quotasResource = { group: "", version: "v1", resource: "resourcequotas" } as const;
const workers = 5;
/** How often it looks at what the server serves, in milliseconds. */
const discoveryPeriod = 30_000;
/** How often everything is counted anew, in milliseconds: time changes what counts, too. */
const resyncPeriod = 300_000;

interface Measured {
  resource: ServedResource;
  evaluator: QuotaEvaluator;
}

/**
 * Counts what is used of quotas, when they are new or changed and when something is used less. It follows only what
 * some quota counts, where it counts it. Source: pkg/controller/resourcequota.
 */
export function makeResourceQuotaController(context: ControllerContext): void {
  const { client, clock, random, signal, onError, informers, ready, gates } = context;
  const quotas = informers.of<ResourceQuota & KubeObject>(quotasResource);
  const byNamespace = quotas.index(({ metadata }) => [metadata.namespace ?? ""]);
  const streams = new StreamSet({ client, clock, random, signal, onError });
  const quotaContext = () => ({ gates, now: clock.now() });

  const measured = async (): Promise<Measured[]> =>
    (await client.preferredResources()).resources.flatMap((resource) => {
      const evaluator = isCountable(resource) ? quotaEvaluator(resource) : undefined;
      return evaluator ? [{ resource, evaluator }] : [];
    });

  const queue = new WorkQueue({
    ...{ clock, signal, onError, ready, workers },
    async work(key) {
      const quota = quotas.objects.get(key);
      if (!quota) return;
      const used: Record<string, string> = {};
      for (const { resource, evaluator } of await measured()) {
        if (measuredIn(quota, evaluator).length === 0) continue;
        const { items } = await client.list(placeIn(resource, quota.metadata.namespace));
        Object.assign(used, usageOf(quota, items, evaluator, quotaContext()));
      }
      const changed = withUsage(quota, used);
      if (!changed) return;
      const place = { ...quotasResource, namespace: quota.metadata.namespace ?? "" };
      try {
        await client.update(place, changed as KubeObject, { subresource: "status" });
      } catch (error) {
        // Admission has charged it meanwhile, or it is gone.
        if (error instanceof StatusError && (error.code === 409 || error.code === 404)) return again;
        throw error;
      }
    },
  });

  const replenish = (namespace: string, evaluator: QuotaEvaluator): void => {
    for (const quota of byNamespace.get(namespace)) {
      if (measuredIn(quota, evaluator).length > 0) queue.add(objectKey(quota));
    }
  };
  const footprint = (namespace: string, evaluator: QuotaEvaluator, object: KubeObject): string => {
    const now = quotaContext();
    const usage = [...evaluator.usage(object, now)].map(([name, amount]) => `${name}=${amount}`);
    const scopes = [...byNamespace.get(namespace)].map((quota) => isInScopes(quota, object, evaluator, now));
    return [...usage, ...scopes].join(",");
  };
  const streamOf = ({ resource, evaluator }: Measured, namespace: string): WantedStream => {
    const hasUpdates = evaluator.updates !== undefined;
    return {
      resource: placeIn(resource, namespace),
      metadataOnly: !hasUpdates,
      follow: () =>
        new UsageFollower(
          () => replenish(namespace, evaluator),
          hasUpdates ? (object) => footprint(namespace, evaluator, object) : undefined,
        ),
    };
  };

  const following = new WorkQueue({
    ...{ clock, signal, onError, ready },
    async work(key) {
      following.addAfter(key, discoveryPeriod);
      const wanted = new Map<string, WantedStream>();
      const all = await measured();
      for (const quota of quotas.objects.values()) {
        const { namespace = "" } = quota.metadata;
        for (const one of all) {
          if (measuredIn(quota, one.evaluator).length === 0) continue;
          const { group, version, resource } = one.resource;
          wanted.set(`${namespace}/${group}/${version}/${resource}`, streamOf(one, namespace));
        }
      }
      // Whoever is told to be complete counts.
      void streams.sync(wanted);
    },
  });
  const follow = () => following.add("resources");
  const resync = new WorkQueue({
    ...{ clock, signal, onError, ready },
    async work(key) {
      resync.addAfter(key, resyncPeriod);
      for (const quota of quotas.objects.keys()) queue.add(quota);
    },
  });

  quotas.onChange((now, before) => {
    const hardOf = (quota: KubeObject) => (quota as ResourceQuota).spec?.hard ?? {};
    if (now && before && sameAmounts(hardOf(now), hardOf(before))) return;
    follow();
    if (now) queue.add(objectKey(now));
  });
  informers.of(definitionsResource).onChange(follow);
  follow();
  resync.add("quotas");
}

const isCountable = ({ namespaced, verbs }: ServedResource): boolean =>
  namespaced && ["create", "list", "watch", "delete"].every((verb) => verbs.includes(verb));

const placeIn = ({ group, version, resource }: ServedResource, namespace = "") => ({
  ...{ group, version, resource, namespace },
});
