/** Which resource names mean what. Source: pkg/apis/core/helper/helpers.go. */
import { checkQualifiedName } from "./validation/names.ts";

const computeResources = ["cpu", "memory", "ephemeral-storage"];
const withRequestsAndLimits = computeResources.flatMap((name) => [name, `requests.${name}`, `limits.${name}`]);
/** Counted, so only whole numbers make sense. */
const countedResources = [
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
];

const quotaResources = new Set([...withRequestsAndLimits, ...countedResources, "requests.storage"]);
const containerResources = new Set(computeResources);
const integerResources = new Set(countedResources);

export const isHugePageResource = (name: string): boolean => name.startsWith("hugepages-");

const isQuotaHugePageResource = (name: string): boolean =>
  isHugePageResource(name) || name.startsWith("requests.hugepages-");

/** IsStandardResourceName. */
export const isStandardResource = (name: string): boolean =>
  name === "storage" || isStandardQuotaResource(name);

/** IsStandardQuotaResourceName. */
export const isStandardQuotaResource = (name: string): boolean =>
  quotaResources.has(name) || isQuotaHugePageResource(name);

/** IsStandardContainerResourceName. */
export const isStandardContainerResource = (name: string): boolean =>
  containerResources.has(name) || isHugePageResource(name);

/** IsNativeResource: without a domain, or in kubernetes.io. */
export const isNativeResource = (name: string): boolean =>
  !name.includes("/") || name.includes("kubernetes.io/");

/** IsExtendedResourceName: of somebody else's domain, and still a name with "requests." before it. */
export function isExtendedResource(name: string): boolean {
  if (isNativeResource(name) || name.startsWith("requests.")) return false;
  return checkQualifiedName(`requests.${name}`).length === 0;
}

/** IsIntegerResourceName. */
export const isIntegerResource = (name: string): boolean =>
  integerResources.has(name) || isExtendedResource(name);

/** IsOvercommitAllowed: whether limits may be greater than requests. */
export const isOvercommitAllowed = (name: string): boolean =>
  isNativeResource(name) && !isHugePageResource(name);

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

const podComputeResources = new Set([
  "pods",
  ...["cpu", "memory"].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
]);

/** IsResourceQuotaScopeValidForResource: whether a quota of that scope can limit the resource. */
export function quotaScopeFitsResource(scope: string, resource: string): boolean {
  switch (scope) {
    case "BestEffort":
      return resource === "pods";
    case "VolumeAttributesClass":
      return resource === "persistentvolumeclaims" || resource === "requests.storage";
    default:
      return !scopes.has(scope) || podComputeResources.has(resource);
  }
}
