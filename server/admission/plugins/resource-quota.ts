import type { Clock } from "../../../api/clock.ts";
import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { QuotaEvaluator } from "../../../api/quota/evaluator.ts";
import { quotaEvaluator } from "../../../api/quota/evaluators.ts";
import { StatusError } from "../../../api/status.ts";
import { type AdmissionAttributes, resourceKey } from "../attributes.ts";
import type { AdmissionPlugin } from "../chain.ts";
import { type AdmissionObjects, core } from "../objects.ts";
import { charge, type ResourceQuota } from "../resource-quota/charge.ts";
import type { LimitedResource } from "../resource-quota/limited-resources.ts";

export interface QuotaDependencies {
  objects: AdmissionObjects;
  gates: FeatureGates;
  clock: Clock;
  /** What nobody may use without a quota. */
  limitedResources: readonly LimitedResource[];
  /** Writes a quota's status; throws the StatusError of a conflict where it is not the newest. */
  updateStatus(quota: KubeObject): Promise<void>;
}

/** A write that waits for its namespace's quotas. */
interface Waiting {
  attributes: AdmissionAttributes;
  evaluator: QuotaEvaluator;
  admit(): void;
  refuse(reason: unknown): void;
}

const resourceQuotas = core("resourcequotas");

/** How often quotas that somebody else has written meanwhile are read again. */
const retries = 3;

/**
 * Lets a namespace use no more than its quotas allow. Writes that arrive together are charged together, with one update
 * of each quota. Source: k8s.io/apiserver/pkg/admission/plugin/resourcequota.
 */
export function resourceQuota(dependencies: QuotaDependencies): AdmissionPlugin {
  const queue = new QuotaQueue(dependencies);
  const validate = (attributes: AdmissionAttributes) => queue.validate(attributes);
  const updated = ["pods", "pods/resize", "services", "resourceclaims.resource.k8s.io"];
  return {
    name: "ResourceQuota",
    rules: [
      { operations: ["CREATE"], resources: "*", validate },
      {
        operations: ["UPDATE"],
        resources: [...updated, "persistentvolumeclaims", "persistentvolumeclaims/status"],
        validate,
      },
    ],
  };
}

class QuotaQueue {
  readonly #dependencies: QuotaDependencies;
  readonly #evaluators = new Map<string, QuotaEvaluator | undefined>();
  /** By namespace, as long as somebody works on it. */
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(dependencies: QuotaDependencies) {
    this.#dependencies = dependencies;
  }

  async validate(attributes: AdmissionAttributes): Promise<void> {
    const { namespace, group, resource } = attributes;
    const isNamespace = group === "" && resource === "namespaces";
    if (namespace === "" || isNamespace) return;
    const evaluator = this.#evaluatorOf(attributes);
    if (!evaluator || !handles(evaluator, attributes)) return;
    const { objects, limitedResources } = this.#dependencies;
    const isLimited =
      limitedResources.length > 0 || (await objects.list(resourceQuotas, namespace)).length > 0;
    if (isLimited) await this.#enqueue({ attributes, evaluator });
  }

  #evaluatorOf(attributes: AdmissionAttributes): QuotaEvaluator | undefined {
    const key = resourceKey(attributes, "");
    if (!this.#evaluators.has(key)) {
      this.#evaluators.set(key, quotaEvaluator(attributes));
    }
    return this.#evaluators.get(key);
  }

  #enqueue(write: Pick<Waiting, "attributes" | "evaluator">): Promise<void> {
    const { namespace } = write.attributes;
    return new Promise((admit, refuse) => {
      const waiting = { ...write, admit, refuse };
      const others = this.#waiting.get(namespace);
      if (others) {
        others.push(waiting);
        return;
      }
      this.#waiting.set(namespace, [waiting]);
      void this.#work(namespace);
    });
  }

  async #work(namespace: string): Promise<void> {
    for (;;) {
      const batch = this.#waiting.get(namespace)!;
      if (batch.length === 0) break;
      this.#waiting.set(namespace, []);
      try {
        await this.#chargeAll(batch, await this.#quotas(namespace), retries);
      } catch (error) {
        for (const { refuse } of batch) refuse(error);
      }
    }
    this.#waiting.delete(namespace);
  }

  async #quotas(namespace: string): Promise<readonly ResourceQuota[]> {
    return (await this.#dependencies.objects.list(resourceQuotas, namespace)) as readonly ResourceQuota[];
  }

  /** Answers every write of the batch. */
  async #chargeAll(
    batch: readonly Waiting[],
    before: readonly ResourceQuota[],
    attempts: number,
  ): Promise<void> {
    const { gates, clock, limitedResources } = this.#dependencies;
    const charging: Waiting[] = [];
    let quotas = before;
    for (const waiting of batch) {
      try {
        const { attributes, evaluator } = waiting;
        const after = charge(quotas, attributes, evaluator, { gates, now: clock.now() }, limitedResources);
        if (attributes.dryRun || after.every((quota, i) => quota === quotas[i])) {
          waiting.admit();
          continue;
        }
        quotas = after;
        charging.push(waiting);
      } catch (error) {
        waiting.refuse(error);
      }
    }
    const changed = quotas.filter((quota, i) => quota !== before[i]);
    const { failed, error } = await this.#write(changed);
    if (failed.size === 0) {
      for (const { admit } of charging) admit();
    } else if (attempts === 0) {
      for (const { refuse } of charging) refuse(error);
    } else {
      const newest = await this.#quotas(charging[0]!.attributes.namespace);
      // The others have been charged.
      const again = newest.filter(({ metadata }) => failed.has(metadata.name));
      await this.#chargeAll(charging, again, attempts - 1);
    }
  }

  async #write(quotas: readonly ResourceQuota[]) {
    const failed = new Set<string | undefined>();
    let error: unknown;
    for (const quota of quotas) {
      try {
        await this.#dependencies.updateStatus(quota as KubeObject);
      } catch (problem) {
        if (!(problem instanceof StatusError)) throw problem;
        failed.add(quota.metadata.name);
        error = problem;
      }
    }
    return { failed, error };
  }
}

function handles({ updates = [], changes }: QuotaEvaluator, attributes: AdmissionAttributes): boolean {
  const { operation, subresource, object, oldObject } = attributes;
  if (operation === "CREATE") return subresource === "";
  if (!updates.includes(subresource)) return false;
  return subresource !== "" || !changes || changes(object!, oldObject!);
}
