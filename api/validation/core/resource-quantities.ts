/**
 * Names of resources and amounts of them. Sources: k8s.io/kubernetes/pkg/apis/core/helper/helpers.go and
 * validateResourceName and its neighbours in pkg/apis/core/validation/validation.go. A quantity here is the canonical
 * text that decoding gives, so its sign is its first character.
 */
import { Quantity } from "../../quantity.ts";
import { type FieldError, type FieldPath, invalid, notSupported, TypedText } from "../field.ts";
import { checkQualifiedName } from "../names.ts";
import { notIntegerError, notNegativeError, notPositiveError } from "../values.ts";

const hugePagesPrefix = "hugepages-";

export const isHugePages = (resource: string): boolean => resource.startsWith(hugePagesPrefix);

const containerResources = new Set(["cpu", "memory", "ephemeral-storage"]);

/** Resources that are counted, not measured; extended ones are too. */
const countedResources = new Set([
  "pods",
  "resourcequotas",
  "services",
  "replicationcontrollers",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
]);

/** Resources that a ResourceQuota may bound. */
const quotaResources = new Set([
  ...["cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage"],
  ...["requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage"],
  ...countedResources,
]);

/** IsNativeResource: no domain, or one of Kubernetes. */
export const isNativeResource = (resource: string): boolean =>
  !resource.includes("/") || resource.includes("kubernetes.io/");

/** IsOvercommitAllowed: only native resources but huge pages may have a limit above the request. */
export const isOvercommitAllowed = (resource: string): boolean =>
  isNativeResource(resource) && !isHugePages(resource);

/** IsExtendedResourceName: of a device plugin or another vendor. */
export function isExtendedResource(resource: string): boolean {
  if (isNativeResource(resource) || resource.startsWith("requests.")) return false;
  return checkQualifiedName(`requests.${resource}`).length === 0;
}

/** IsIntegerResourceName. */
export const isIntegerResource = (resource: string): boolean =>
  countedResources.has(resource) || isExtendedResource(resource);

export const isStandardQuotaResource = (resource: string): boolean =>
  quotaResources.has(resource) || isHugePages(resource) || resource.startsWith("requests.hugepages-");

export const isStandardResource = (resource: string): boolean =>
  resource === "storage" || isStandardQuotaResource(resource);

export const isStandardContainerResource = (resource: string): boolean =>
  containerResources.has(resource) || isHugePages(resource);

/** validateResourceName. */
export function validateResourceName(resource: string, path: FieldPath): FieldError[] {
  const problems = checkQualifiedName(resource);
  if (problems.length > 0) return problems.map((problem) => invalid(path, new TypedText(resource), problem));
  if (resource.includes("/") || isStandardResource(resource)) return [];
  return [invalid(path, new TypedText(resource), "must be a standard resource type or fully qualified")];
}

/** validateContainerResourceName. */
export function validateContainerResourceName(resource: string, path: FieldPath): FieldError[] {
  if (containerResources.has(resource)) return [];
  const errors = validateResourceName(resource, path);
  if (!resource.includes("/")) {
    if (!isStandardContainerResource(resource)) {
      errors.push(invalid(path, new TypedText(resource), "must be a standard resource for containers"));
    }
  } else if (!isNativeResource(resource) && !isExtendedResource(resource)) {
    errors.push(invalid(path, new TypedText(resource), "doesn't follow extended resource name standard"));
  }
  return errors;
}

/** Resources that a pod may ask for as a whole: IsSupportedPodLevelResource. */
export const isPodLevelResource = (resource: string): boolean =>
  resource === "cpu" || resource === "memory" || isHugePages(resource);

/** validatePodResourceName. */
export function validatePodResourceName(resource: string, path: FieldPath): FieldError[] {
  const errors = validateResourceName(resource, path);
  if (errors.length > 0 || isPodLevelResource(resource)) return errors;
  return [notSupported(path, resource, ["cpu", hugePagesPrefix, "memory"])];
}

const isNegative = (quantity: string): boolean => quantity.startsWith("-");

/** ValidateNonnegativeQuantity. */
export function validateNonnegativeQuantity(quantity: string, path: FieldPath): FieldError[] {
  return isNegative(quantity) ? [invalid(path, quantity, notNegativeError)] : [];
}

/** ValidatePositiveQuantityValue. */
export function validatePositiveQuantity(quantity: string, path: FieldPath): FieldError[] {
  if (!isNegative(quantity) && quantity !== "0") return [];
  return [invalid(path, quantity, notPositiveError)];
}

/** ValidateResourceQuantityValue. */
export function validateResourceQuantity(resource: string, quantity: string, path: FieldPath): FieldError[] {
  const errors = validateNonnegativeQuantity(quantity, path);
  if (containerResources.has(resource) || !isIntegerResource(resource)) return errors;
  // Whole in thousandths: upstream looks no closer.
  if (Quantity.parse(quantity).milliValue() % 1000n === 0n) return errors;
  return [...errors, invalid(path, quantity, notIntegerError)];
}

/** IsHugePageResourceValueDivisible: a whole number of pages. */
export function isHugePagesMultiple(resource: string, quantity: string): boolean {
  let page: Quantity;
  try {
    page = Quantity.parse(resource.slice(hugePagesPrefix.length));
  } catch {
    return false;
  }
  if (page.sign <= 0 || page.milliValue() % 1000n !== 0n || page.value() === 0n) return false;
  return Quantity.parse(quantity).value() % page.value() === 0n;
}
