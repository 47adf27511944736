/**
 * What containers and pods ask for.
 * Source: validateResourceRequirements in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { ResourceList, ResourceRequirements } from "../../core-types.ts";
import { Quantity } from "../../quantity.ts";
import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notFound,
  required,
} from "../field.ts";
import { validateDns1123Label } from "./names.ts";
import type { PodValidationOptions } from "./pod-options.ts";
import {
  isHugePages,
  isHugePagesMultiple,
  isOvercommitAllowed,
  validateContainerResourceName,
  validatePodResourceName,
  validateResourceQuantity,
} from "./resource-quantities.ts";

type HugePagesOptions = Pick<PodValidationOptions, "allowIndivisibleHugePages">;
type NameCheck = (resource: string, path: FieldPath) => FieldError[];

/** ValidateContainerResourceRequirements; claimNames are those of the pod's resourceClaims. */
export function validateContainerResources(
  resources: ResourceRequirements,
  claimNames: ReadonlySet<string>,
  path: FieldPath,
  options: HugePagesOptions,
): FieldError[] {
  return validateRequirements(resources, validateContainerResourceName, claimNames, path, options);
}

/** validatePodResourceRequirements. */
export function validatePodLevelResources(
  resources: ResourceRequirements,
  claimNames: ReadonlySet<string>,
  path: FieldPath,
  options: HugePagesOptions,
): FieldError[] {
  return validateRequirements(resources, validatePodResourceName, claimNames, path, options);
}

/** validateOverhead: checked like limits. */
export function validateOverhead(
  overhead: ResourceList,
  path: FieldPath,
  options: HugePagesOptions,
): FieldError[] {
  return validateContainerResources({ limits: overhead }, new Set(), path, options);
}

function validateRequirements(
  { limits, requests, claims }: ResourceRequirements,
  validateName: NameCheck,
  claimNames: ReadonlySet<string>,
  path: FieldPath,
  options: HugePagesOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  const seen = { hugePages: false, compute: false };
  for (const resource of Object.keys(limits ?? {})) {
    const at = path.child("limits").key(resource);
    errors.push(...validateAmount(resource, limits![resource]!, validateName, at));
    errors.push(...validateHugePages(resource, limits![resource]!, at, options));
    note(seen, resource);
  }
  for (const resource of Object.keys(requests ?? {})) {
    const request = requests![resource]!;
    const at = path.child("requests").key(resource);
    errors.push(...validateAmount(resource, request, validateName, at));
    const limit = limits && Object.hasOwn(limits, resource) ? limits[resource] : undefined;
    errors.push(...validateAgainstLimit(resource, request, limit, path));
    errors.push(...validateHugePages(resource, request, at, options));
    note(seen, resource);
  }
  if (seen.hugePages && !seen.compute) errors.push(forbidden(path, "HugePages require cpu or memory"));
  if (claims) errors.push(...validateClaims(claims, claimNames, path.child("claims")));
  return errors;
}

function note(seen: { hugePages: boolean; compute: boolean }, resource: string): void {
  if (resource === "cpu" || resource === "memory") seen.compute = true;
  else if (isHugePages(resource)) seen.hugePages = true;
}

function validateAmount(
  resource: string,
  quantity: string,
  validateName: NameCheck,
  path: FieldPath,
): FieldError[] {
  const errors = validateName(resource, path);
  errors.push(...validateResourceQuantity(resource, quantity, path));
  return errors;
}

function validateHugePages(
  resource: string,
  quantity: string,
  path: FieldPath,
  options: HugePagesOptions,
): FieldError[] {
  if (!isHugePages(resource) || options.allowIndivisibleHugePages) return [];
  if (isHugePagesMultiple(resource, quantity)) return [];
  return [invalid(path, quantity, `${quantity} is not positive integer multiple of ${resource}`)];
}

function validateAgainstLimit(
  resource: string,
  request: string,
  limit: string | undefined,
  path: FieldPath,
): FieldError[] {
  const mayDiffer = isOvercommitAllowed(resource);
  if (limit === undefined) {
    if (mayDiffer) return [];
    return [required(path.child("limits"), "Limit must be set for non overcommitable resources")];
  }
  if (request === limit) return [];
  const order = Quantity.parse(request).compare(Quantity.parse(limit));
  if (order === 0 || (mayDiffer && order < 0)) return [];
  const relation = mayDiffer ? "must be less than or equal to" : "must be equal to";
  return [invalid(path.child("requests"), request, `${relation} ${resource} limit of ${limit}`)];
}

/** validateResourceClaimNames. */
function validateClaims(
  claims: NonNullable<ResourceRequirements["claims"]>,
  claimNames: ReadonlySet<string>,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  claims.forEach(({ name = "", request = "" }, index) => {
    const at = path.index(index);
    if (name === "") {
      errors.push(required(at));
      return;
    }
    if (seen.has(name)) {
      errors.push(duplicate(at, name));
    } else {
      if (request) errors.push(...validateDns1123Label(request, at.child("request")));
      const key = request ? `${name}/${request}` : name;
      if (seen.has(key)) {
        errors.push(duplicate(at, key));
      } else if (!request) {
        for (const other of seen) if (other.startsWith(`${name}/`)) errors.push(duplicate(at, name));
      }
      seen.add(key);
    }
    if (claimNames.has(name)) return;
    const known = claimNames.size === 0 ? " which is empty" : `: ${[...claimNames].sort().join(", ")}`;
    errors.push(notFound(at, name, `must be one of the names in pod.spec.resourceClaims${known}`));
  });
  return errors;
}
