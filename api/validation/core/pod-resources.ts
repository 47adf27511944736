/**
 * What a pod asks for as a whole, beside what its containers ask for.
 * Source: validatePodResources in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { PodSpec } from "../../core-types.ts";
import { containerLimits, containerRequests } from "../../pod-resources.ts";
import { Quantity } from "../../quantity.ts";
import { type FieldError, type FieldPath, forbidden, invalid } from "../field.ts";
import type { PodValidationOptions } from "./pod-options.ts";
import { isHugePages } from "./resource-quantities.ts";
import { validatePodLevelResources } from "./resource-requirements.ts";

export function validatePodResources(
  spec: PodSpec,
  claimNames: ReadonlySet<string>,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const resources = spec.resources;
  if (!resources) return [];
  if (spec.os?.name === "windows") return [forbidden(path, "may not be set for a windows pod")];
  const errors: FieldError[] = [];
  if (resources.claims) {
    errors.push(forbidden(path.child("claims"), "claims may not be set for Resources at pod-level"));
  }
  errors.push(
    ...validatePodLevelResources(resources, claimNames, path, options),
    ...validateAgainstContainers(spec, path),
  );
  return errors;
}

/** validatePodResourceConsistency. */
function validateAgainstContainers(spec: PodSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { requests = {}, limits = {} } = spec.resources!;
  for (const [resource, sum] of containerRequests(spec)) {
    const own = Object.hasOwn(requests, resource) ? requests[resource]! : undefined;
    if (own === undefined || sum.compare(Quantity.parse(own)) <= 0) continue;
    const detail = `must be greater than or equal to aggregate container requests of ${sum}`;
    errors.push(invalid(path.child("requests").key(resource), own, detail));
  }
  for (const [resource, sum] of containerLimits(spec)) {
    const own = Object.hasOwn(limits, resource) ? limits[resource]! : undefined;
    if (own === undefined || !isHugePages(resource) || sum.compare(Quantity.parse(own)) <= 0) continue;
    const detail = `must be greater than or equal to aggregate container limits of ${sum}`;
    errors.push(invalid(path.child("limits").key(resource), own, detail));
  }
  spec.containers?.forEach((container, index) => {
    for (const [resource, limit] of Object.entries(container.resources?.limits ?? {})) {
      const own = Object.hasOwn(limits, resource) ? limits[resource]! : undefined;
      if (own === undefined || Quantity.parse(limit).compare(Quantity.parse(own)) <= 0) continue;
      const at = path.child("containers").index(index).key(resource).child("limits");
      errors.push(invalid(at, limit, `must be less than or equal to pod limits of ${own}`));
    }
  });
  return errors;
}
