/** Source: pkg/apis/coordination/validation/validation.go. */
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, forbidden, invalid, notSupported } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkQualifiedName, nameIsDnsSubdomain } from "../names.ts";
import { validateAnyObjectMeta, validateAnyObjectMetaUpdate } from "../object-meta.ts";

type Lease = ObjectOf<"io.k8s.api.coordination.v1.Lease">;

export const oldestEmulationVersion = "OldestEmulationVersion";

/** ValidateLease. */
export const validateLease = (lease: Lease): FieldError[] => [
  ...validateAnyObjectMeta(lease.metadata, true, nameIsDnsSubdomain),
  ...validateSpec(lease),
];

/** ValidateLeaseUpdate. */
export const validateLeaseUpdate = (lease: Lease, old: Lease): FieldError[] => [
  ...validateAnyObjectMetaUpdate(lease.metadata, old.metadata),
  ...validateSpec(lease),
];

function validateSpec({ spec = {} }: Lease): FieldError[] {
  const path = FieldPath.of("spec");
  const { leaseDurationSeconds: duration, leaseTransitions: transitions, strategy, preferredHolder } = spec;
  const errors: FieldError[] = [];
  if (duration !== undefined && duration <= 0) {
    errors.push(invalid(path.child("leaseDurationSeconds"), duration, "must be greater than 0"));
  }
  if (transitions !== undefined && transitions < 0) {
    errors.push(invalid(path.child("leaseTransitions"), transitions, "must be greater than or equal to 0"));
  }
  if (strategy !== undefined) errors.push(...validateLeaseStrategy(strategy, path.child("strategy")));
  if (preferredHolder && !strategy) {
    errors.push(forbidden(path.child("preferredHolder"), "may only be specified if `strategy` is defined"));
  }
  return errors;
}

/** ValidateCoordinatedLeaseStrategy; that the field's name comes twice is upstream's. */
export function validateLeaseStrategy(strategy: string, path: FieldPath): FieldError[] {
  const at = path.child("strategy");
  if (strategy.includes("/")) return invalidText(at, strategy, checkQualifiedName(strategy));
  return strategy === oldestEmulationVersion ? [] : [notSupported(at, strategy, [oldestEmulationVersion])];
}
