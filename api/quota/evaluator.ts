/** What objects count for in a ResourceQuota. Sources: k8s.io/apiserver/pkg/quota/v1, pkg/quota/v1/evaluator/core. */
import type { FeatureGates } from "../feature-gates.ts";
import type { KubeObject } from "../object.ts";
import type { Amounts } from "../pod-resources.ts";
import { Quantity } from "../quantity.ts";
import type { GroupResource } from "../status.ts";
import type { Schemas } from "../types.ts";

export type ScopeRequirement = Schemas["io.k8s.api.core.v1.ScopedResourceSelectorRequirement"];

export interface QuotaContext {
  gates: FeatureGates;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Measures the objects of one resource. */
export interface QuotaEvaluator<T extends KubeObject = KubeObject> {
  /** Whether it measures this resource of a quota. */
  measures(name: string): boolean;
  usage(object: T, context: QuotaContext): Amounts;
  /** Whether the object is in a scope; objects that know no scopes are in none. */
  isInScope?(requirement: ScopeRequirement, object: T, context: QuotaContext): boolean;
  /** What the object must say, but doesn't, to be measured in these resources. */
  problem?(names: readonly string[], object: T, context: QuotaContext): string | undefined;
  /** Subresources whose updates may change the usage; "": the object itself. Default: none. */
  updates?: readonly string[];
  /** Whether this update of the object itself may change what it counts for. Default: each may. */
  changes?(object: T, old: T): boolean;
}

export const one = Quantity.of(1);

/** "count/deployments.apps" */
export const objectCountName = ({ group, resource }: GroupResource): string =>
  group === "" ? `count/${resource}` : `count/${resource}.${group}`;

/** Names from the time before all objects could be counted. */
const aliases: readonly string[] = ["configmaps", "resourcequotas", "replicationcontrollers", "secrets"];

/** Measures objects by their number. */
export function objectCount(resource: GroupResource): QuotaEvaluator {
  const hasAlias = resource.group === "" && aliases.includes(resource.resource);
  const names = [objectCountName(resource), ...(hasAlias ? [resource.resource] : [])];
  return {
    measures: (name) => names.includes(name),
    usage: () => new Map(names.map((name) => [name, one])),
  };
}

/** Whether a name that an object has, or none (""), meets a requirement of a scope. */
export function meets({ operator, values = [] }: ScopeRequirement, names: readonly string[]): boolean {
  const isOneOf = names.some((name) => values.includes(name));
  switch (operator) {
    case "In":
      return isOneOf;
    case "NotIn":
      return names.length === 0 || names.some((name) => !values.includes(name));
    case "Exists":
      return names.length > 0;
    default:
      return names.length === 0;
  }
}

type QuotaSpec = NonNullable<Schemas["io.k8s.api.core.v1.ResourceQuota"]["spec"]>;

/** The scopes of a quota, however they are written. */
export function scopesOf({ scopes = [], scopeSelector }: QuotaSpec): ScopeRequirement[] {
  const plain = scopes.map((scopeName) => ({ scopeName, operator: "Exists" }) as ScopeRequirement);
  return [...plain, ...(scopeSelector?.matchExpressions ?? [])];
}
