/** What the scopes of a ResourceQuota mean. Source: pkg/apis/core/helper/helpers.go. */

const scopes = new Set([
  "Terminating",
  "NotTerminating",
  "BestEffort",
  "NotBestEffort",
  "PriorityClass",
  "VolumeAttributesClass",
  "CrossNamespacePodAffinity",
]);

/** IsStandardResourceQuotaScope. */
export const isStandardQuotaScope = (scope: string): boolean => scopes.has(scope);

const podResources = new Set([
  "pods",
  ...["cpu", "memory"].flatMap((resource) => [resource, `requests.${resource}`, `limits.${resource}`]),
]);

/** IsResourceQuotaScopeValidForResource: whether a quota of that scope can limit the resource. */
export function quotaScopeFitsResource(scope: string, resource: string): boolean {
  switch (scope) {
    case "BestEffort":
      return resource === "pods";
    case "VolumeAttributesClass":
      return resource === "persistentvolumeclaims" || resource === "requests.storage";
    default:
      return !scopes.has(scope) || podResources.has(resource);
  }
}
