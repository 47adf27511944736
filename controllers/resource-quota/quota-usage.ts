import type { KubeObject } from "../../api/object.ts";
import type { ObjectOf } from "../../api/object-of.ts";
import { Quantity } from "../../api/quantity.ts";
import { type QuotaContext, type QuotaEvaluator, scopesOf } from "../../api/quota/evaluator.ts";

export type ResourceQuota = ObjectOf<"io.k8s.api.core.v1.ResourceQuota">;
type Amounts = Readonly<Record<string, string>>;

/** The resources that a quota limits and the evaluator measures. */
export const measuredIn = ({ spec }: ResourceQuota, evaluator: QuotaEvaluator): string[] =>
  Object.keys(spec?.hard ?? {}).filter((name) => evaluator.measures(name));

export function isInScopes(
  { spec }: ResourceQuota,
  object: KubeObject,
  evaluator: QuotaEvaluator,
  context: QuotaContext,
): boolean {
  return scopesOf(spec ?? {}).every((scope) => evaluator.isInScope?.(scope, object, context) ?? false);
}

/** What these objects use of a quota. Source: CalculateUsageStats of k8s.io/apiserver/pkg/quota/v1/generic. */
export function usageOf(
  quota: ResourceQuota,
  objects: readonly KubeObject[],
  evaluator: QuotaEvaluator,
  context: QuotaContext,
): Amounts {
  const used = new Map(measuredIn(quota, evaluator).map((name) => [name, Quantity.zero]));
  for (const object of objects) {
    if (!isInScopes(quota, object, evaluator, context)) continue;
    for (const [name, amount] of evaluator.usage(object, context)) {
      const before = used.get(name);
      if (before) used.set(name, before.add(amount));
    }
  }
  return Object.fromEntries([...used].map(([name, amount]) => [name, amount.toString()]));
}

/** The quota with what was found to be used; undefined: it says so already. Source: syncResourceQuota. */
export function withUsage(quota: ResourceQuota, found: Amounts): ResourceQuota | undefined {
  const { spec, status } = quota;
  const hard = spec?.hard ?? {};
  const all = { ...status?.used, ...found };
  const used = Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(hard, name)));
  const isSame =
    status?.hard && status.used && sameAmounts(status.hard, hard) && sameAmounts(status.used, used);
  return isSame ? undefined : { ...quota, status: { hard, used } };
}

export function sameAmounts(a: Amounts, b: Amounts): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => {
      const other = b[name];
      return other !== undefined && Quantity.parse(a[name]!).compare(Quantity.parse(other)) === 0;
    })
  );
}
