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
import { StatusError } from "../../../api/status.ts";
import { type AdmissionAttributes, denied } from "../attributes.ts";
import { type LimitedResource, limitedNames } from "./limited-resources.ts";

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
  limited: readonly LimitedResource[] = [],
): readonly ResourceQuota[] {
  const object = attributes.object!;
  const concerned = quotas.filter((quota) => isConcerned(quota, object, evaluator, context));
  for (const quota of concerned) requireMeasurable(attributes, quota, evaluator, context);
  if (concerned.length === 0 && limited.length === 0) return quotas;
  const usage = evaluator.usage(object, context);
  const negative = [...usage].filter(([, amount]) => amount.sign < 0).map(([name]) => name);
  if (negative.length > 0) {
    throw denied(attributes, `quota usage is negative for resource(s): ${negative.sort().join(",")}`);
  }
  const { oldObject } = attributes;
  const grown = oldObject && growth(usage, evaluator.usage(oldObject, context));
  const addedTo = (quota: ResourceQuota): Amounts =>
    grown && isConcerned(quota, oldObject!, evaluator, context) ? grown : usage;
  const added = new Map(concerned.map((quota) => [quota, addedTo(quota)]));
  const isMore = (amounts: Amounts): boolean => [...amounts.values()].some((amount) => !amount.isZero);
  if (!(concerned.length === 0 ? [grown ?? usage] : [...added.values()]).some(isMore)) return quotas;
  requireCoveredNames(attributes, usage, { concerned, evaluator, limited });
  requireCoveredScopes(object, quotas, { evaluator, context, limited });
  return quotas.map((quota) => {
    const amounts = added.get(quota);
    return amounts ? charged(attributes, quota, amounts) : quota;
  });
}

interface Covering {
  concerned: readonly ResourceQuota[];
  evaluator: QuotaEvaluator;
  context: QuotaContext;
  limited: readonly LimitedResource[];
}

/** What is limited to those who have a quota for it must be measured by one. */
function requireCoveredNames(
  attributes: AdmissionAttributes,
  usage: Amounts,
  { concerned, evaluator, limited }: Omit<Covering, "context">,
): void {
  const covered = new Set(concerned.flatMap((quota) => measuredBy(quota, evaluator)));
  const names = limitedNames(usage, attributes, limited).filter((name) => !covered.has(name));
  if (names.length > 0) throw denied(attributes, `insufficient quota to consume: ${names.sort().join(",")}`);
}

/** A limited scope that the object is in must be a scope of some quota, whatever that measures; else a plain error. */
function requireCoveredScopes(
  object: KubeObject,
  quotas: readonly ResourceQuota[],
  { evaluator, context, limited }: Omit<Covering, "concerned">,
): void {
  const isIn = (scope: ScopeRequirement) => evaluator.isInScope?.(scope, object, context) ?? false;
  const own = quotas.flatMap((quota) => scopesOf(quota.spec ?? {})).filter(isIn);
  const covered = new Set<string>(own.map(({ scopeName }) => scopeName));
  const uncovered = limited
    .flatMap(({ matchScopes }) => matchScopes)
    .filter((scope) => isIn(scope) && !covered.has(scope.scopeName));
  if (uncovered.length === 0) return;
  const shown = uncovered.map(
    ({ scopeName, operator, values = [] }) => `{${scopeName} ${operator} [${values.join(" ")}]}`,
  );
  throw new StatusError(500, "", `insufficient quota to match these scopes: [${shown.join(" ")}]`);
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
