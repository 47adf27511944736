import type { JsonObject, JsonValue } from "../../../api/object.ts";
import type { Amounts } from "../../../api/pod-resources.ts";
import type { ScopeRequirement } from "../../../api/quota/evaluator.ts";
import type { GroupResource } from "../../../api/status.ts";
import { aggregateMessage, FieldPath, required } from "../../../api/validation/field.ts";

/** What nobody may use of a resource without a quota that covers it. */
export interface LimitedResource extends GroupResource {
  /** Parts of the names of what is consumed. */
  matchContains: readonly string[];
  matchScopes: readonly ScopeRequirement[];
}

const kinds: readonly string[] = [
  "apiserver.config.k8s.io/v1, ResourceQuotaConfiguration",
  "resourcequota.admission.k8s.io/v1beta1, Configuration",
  "resourcequota.admission.k8s.io/v1alpha1, Configuration",
];

/** Reads a ResourceQuotaConfiguration; the error of one that cannot be meant says why. */
export function readLimitedResources(value: JsonObject): LimitedResource[] {
  if (!kinds.includes(`${value["apiVersion"]}, ${value["kind"]}`)) {
    throw new Error(
      `no kind ${JSON.stringify(value["kind"])} is known for version ${JSON.stringify(value["apiVersion"])}`,
    );
  }
  const limited = ((value["limitedResources"] ?? []) as JsonValue[] as JsonObject[]).map((one) => ({
    group: String(one["apiGroup"] ?? ""),
    resource: String(one["resource"] ?? ""),
    matchContains: (one["matchContains"] ?? []) as string[],
    matchScopes: (one["matchScopes"] ?? []) as JsonValue as unknown as ScopeRequirement[],
  }));
  const path = FieldPath.of("limitedResources");
  const errors = limited.flatMap(({ resource }, i) =>
    resource === "" ? [required(path.index(i).child("resource"))] : [],
  );
  if (errors.length > 0) throw new Error(aggregateMessage(errors));
  return limited;
}

/** Names of what is used that need a quota. Source: limitedByDefault of resourcequota/controller.go. */
export function limitedNames(
  usage: Amounts,
  { group, resource }: GroupResource,
  limited: readonly LimitedResource[],
): string[] {
  const parts = limited
    .filter((one) => one.group === group && one.resource === resource)
    .flatMap(({ matchContains }) => matchContains);
  return [...usage]
    .filter(([name, amount]) => amount.sign > 0 && parts.some((part) => name.includes(part)))
    .map(([name]) => name);
}
