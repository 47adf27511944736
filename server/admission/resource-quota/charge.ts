import type { ResourceList } from "../../../api/core-types.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import type { Amounts } from "../../../api/pod-resources.ts";
import { Quantity } from "../../../api/quantity.ts";
import {
  type QuotaContext,
  type QuotaEvaluator,
  type ScopeRequirement,
  scopesOf,
} from "../../../api/quota/evaluator.ts";
import { type AdmissionAttributes, denied } from "../attributes.ts";

export type ResourceQuota = ObjectOf<"io.k8s.api.core.v1.ResourceQuota">;

/**
 * The quotas as they are once the write is charged to them; those that it does not concern stay the same objects.
 * Throws a StatusError where one forbids it. Source: CheckRequest of apiserver/pkg/admission/plugin/resourcequota.
 */
export function charge(
  quotas: readonly ResourceQuota[],
  attributes: AdmissionAttributes,
  evaluator: QuotaEvaluator,
  context: QuotaContext,
): readonly ResourceQuota[] {
  const object = attributes.object!;
  const concerned = quotas.filter((quota) => isConcerned(quota, object, evaluator, context));
  for (const quota of concerned) requireMeasurable(attributes, quota, evaluator, context);
  if (concerned.length === 0) return quotas;
  const usage = evaluator.usage(object, context);
  const negative = [...usage].filter(([, amount]) => amount.sign < 0).map(([name]) => name);
  if (negative.length > 0) {
    throw denied(attributes, `quota usage is negative for resource(s): ${negative.sort().join(",")}`);
  }
  return quotas.map((quota) => {
    if (!concerned.includes(quota)) return quota;
    const { oldObject } = attributes;
    const countsAlready = oldObject && isConcerned(quota, oldObject, evaluator, context);
    const added = countsAlready ? growth(usage, evaluator.usage(oldObject, context)) : usage;
    return charged(attributes, quota, added);
  });
}

function isConcerned(
  quota: ResourceQuota,
  object: KubeObject,
  evaluator: QuotaEvaluator,
  context: QuotaContext,
): boolean {
  if (measuredBy(quota, evaluator).length === 0) return false;
  const isIn = (scope: ScopeRequirement) => evaluator.isInScope?.(scope, object, context) ?? false;
  return scopesOf(quota.spec ?? {}).every(isIn);
}

const measuredBy = ({ status }: ResourceQuota, evaluator: QuotaEvaluator): string[] =>
  Object.keys(status?.hard ?? {}).filter((name) => evaluator.measures(name));

function requireMeasurable(
  attributes: AdmissionAttributes,
  quota: ResourceQuota,
  evaluator: QuotaEvaluator,
  context: QuotaContext,
): void {
  const names = measuredBy(quota, evaluator);
  const problem = evaluator.problem?.(names, attributes.object!, context);
  if (problem !== undefined) throw denied(attributes, `failed quota: ${quota.metadata.name}: ${problem}`);
  const used = quota.status?.used ?? {};
  if (names.every((name) => Object.hasOwn(used, name))) return;
  throw denied(
    attributes,
    `status unknown for quota: ${quota.metadata.name}, resources: ${names.sort().join(",")}`,
  );
}

/** What is used more than before; less frees nothing. */
function growth(usage: Amounts, before: Amounts): Amounts {
  return new Map(
    [...usage].map(([name, amount]) => {
      const more = amount.subtract(before.get(name) ?? Quantity.zero);
      return [name, more.sign > 0 ? more : Quantity.zero];
    }),
  );
}

function charged(attributes: AdmissionAttributes, quota: ResourceQuota, added: Amounts): ResourceQuota {
  const { hard = {}, used = {} } = quota.status ?? {};
  const requested = [...added].filter(([name, amount]) => !amount.isZero && Object.hasOwn(hard, name));
  if (requested.length === 0) return quota;
  const total = requested.map(
    ([name, amount]) => [name, Quantity.parse(used[name] ?? "0").add(amount)] as const,
  );
  // A status tells what has happened already.
  const exceeded =
    attributes.subresource === "status"
      ? []
      : total.filter(([name, amount]) => amount.compare(Quantity.parse(hard[name]!)) > 0);
  if (exceeded.length > 0) {
    const names = exceeded.map(([name]) => name).sort();
    const listed = (list: ResourceList) => names.map((name) => `${name}=${list[name]}`).join(",");
    const wanted = Object.fromEntries(requested.map(([name, amount]) => [name, amount.toString()]));
    throw denied(
      attributes,
      `exceeded quota: ${quota.metadata.name}, requested: ${listed(wanted)}, used: ${listed(used)}, limited: ${listed(hard)}`,
    );
  }
  const now = Object.fromEntries(total.map(([name, amount]) => [name, amount.toString()]));
  return { ...quota, status: { ...quota.status, used: { ...used, ...now } } };
}
