/**
 * What a pod's status says of the devices that it got.
 * Source: validatePodResourceClaimStatuses, validatePodExtendedResourceClaimStatus and
 * validateNodeAllocatableResourceClaimStatus in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { PodSpec, PodStatus } from "../../core-types.ts";
import { duplicate, type FieldError, type FieldPath, invalid, required, TypedText } from "../field.ts";
import { nameIsDnsSubdomain } from "../names.ts";
import { validateDns1123Label } from "./names.ts";
import { isNativeResource } from "./resource-quantities.ts";

export function validateClaimStatuses(status: PodStatus, spec: PodSpec, path: FieldPath): FieldError[] {
  return [
    ...validateClaims(status, spec, path.child("resourceClaimStatuses")),
    ...validateExtended(status, spec, path.child("extendedResourceClaimStatus")),
    ...validateNodeAllocatable(status, spec, path.child("nodeAllocatableResourceClaimStatuses")),
  ];
}

function validateClaims({ resourceClaimStatuses }: PodStatus, spec: PodSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  resourceClaimStatuses?.forEach(({ name = "", resourceClaimName }, index) => {
    const at = path.index(index);
    if (!spec.resourceClaims?.some((claim) => claim.name === name)) {
      const detail = "must match the name of an entry in `spec.resourceClaims`";
      errors.push(invalid(at.child("name"), name, detail));
    }
    if (seen.has(name)) errors.push(duplicate(at.child("name"), name));
    seen.add(name);
    if (resourceClaimName === undefined) return;
    for (const problem of nameIsDnsSubdomain(resourceClaimName, false)) {
      errors.push(invalid(at.child("resourceClaimName"), new TypedText(resourceClaimName), problem));
    }
  });
  return errors;
}

function validateExtended(status: PodStatus, spec: PodSpec, path: FieldPath): FieldError[] {
  const extended = status.extendedResourceClaimStatus;
  if (!extended) return [];
  const { resourceClaimName = "" } = extended;
  const requestMappings = extended.requestMappings ?? [];
  const errors: FieldError[] = [];
  const mappingsPath = path.child("requestMappings");
  if (requestMappings.length === 0) {
    errors.push(required(mappingsPath, "at least one request mapping is required"));
  }
  const seen = new Set<string>();
  requestMappings.forEach((mapping, index) => {
    const { containerName = "", resourceName = "", requestName = "" } = mapping;
    const at = mappingsPath.index(index);
    errors.push(...validateMapping(spec, containerName, resourceName, at));
    errors.push(...validateDns1123Label(requestName, path.child("requestName")));
    const key = JSON.stringify([containerName, resourceName, requestName]);
    if (seen.has(key)) {
      errors.push(
        duplicate(at.child("containerName"), containerName),
        duplicate(at.child("resourceName"), resourceName),
        duplicate(at.child("requestName"), requestName),
      );
    }
    seen.add(key);
  });
  if (!resourceClaimName) return [...errors, required(path.child("resourceClaimName"))];
  for (const problem of nameIsDnsSubdomain(resourceClaimName, false)) {
    errors.push(invalid(path.child("resourceClaimName"), resourceClaimName, problem));
  }
  return errors;
}

function validateMapping(spec: PodSpec, name: string, resource: string, path: FieldPath): FieldError[] {
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  const container = containers.findLast((candidate) => candidate.name === name);
  if (!container) {
    const detail = "must match the name of an entry in spec.initContainers.name or spec.containers.name";
    return [invalid(path.child("containerName"), name, detail)];
  }
  if (Object.hasOwn(container.resources?.requests ?? {}, resource)) return [];
  const detail =
    "must match the extended resource name of an entry in spec.initContainers.resources.requests or spec.containers.resources.requests";
  return [invalid(path.child("resourceName"), resource, detail)];
}

function validateNodeAllocatable(status: PodStatus, spec: PodSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  status.nodeAllocatableResourceClaimStatuses?.forEach((allocatable, index) => {
    const { resourceClaimName = "", containers = [] } = allocatable;
    const resources = allocatable.resources ?? {};
    const at = path.index(index);
    const nameAt = at.child("resourceClaimName");
    if (!resourceClaimName) errors.push(required(nameAt, "must not be empty"));
    const claims = [...(spec.resourceClaims ?? []), ...(status.resourceClaimStatuses ?? [])];
    if (!claims.some((claim) => claim.resourceClaimName === resourceClaimName)) {
      errors.push(invalid(nameAt, resourceClaimName, "no mapping found in pod reference"));
    }
    if (containers.length === 0) errors.push(required(at.child("containers"), "must not be empty"));
    const resourcesAt = at.child("resources");
    if (Object.keys(resources).length === 0) errors.push(required(resourcesAt, "must not be empty"));
    for (const [resource, quantity] of Object.entries(resources)) {
      const field = resourcesAt.key(resource);
      if (!isNativeResource(resource)) {
        errors.push(invalid(field, new TypedText(resource), "must be a node allocatable resource name"));
      }
      if (quantity.startsWith("-")) errors.push(invalid(field, quantity, "must be non-negative"));
    }
  });
  return errors;
}
