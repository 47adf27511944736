/** Source: pkg/apis/core/validation/validation.go. */
import type { FeatureGates } from "../../feature-gates.ts";
import { goDiff } from "../../go-diff.ts";
import { goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { Quantity } from "../../quantity.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { betaStorageClassAnnotation } from "../../volume-facts.ts";
import { type FieldError, FieldPath, forbidden, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkQualifiedName, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { immutableError, validateImmutable } from "../values.ts";
import { validateBasicResource } from "./persistent-volume.ts";
import {
  type ClaimSpec,
  type ClaimSpecOptions,
  claimSpecOptions,
  validatePersistentVolumeClaimSpec,
} from "./persistent-volume-claim-spec.ts";
import { goPersistentVolumeClaimSpec } from "./persistent-volume-layout.ts";
import { isNativeResource, validateResourceQuantity } from "./resource-quantities.ts";

type Claim = ObjectOf<"io.k8s.api.core.v1.PersistentVolumeClaim">;

const specPath = FieldPath.of("spec");
const noSpec: ClaimSpec = { resources: {} };
const storagePath = specPath.child("resources", "requests", "storage");

/** ValidatePersistentVolumeClaim. */
export const validatePersistentVolumeClaim = (claim: Claim, gates: FeatureGates): FieldError[] =>
  validateClaim(claim, claimSpecOptions(undefined, gates));

function validateClaim({ metadata, spec }: Claim, options: ClaimSpecOptions): FieldError[] {
  return [
    ...validateObjectMeta(metadata, true, nameIsDnsSubdomain),
    ...validatePersistentVolumeClaimSpec(spec ?? noSpec, specPath, options),
  ];
}

/** ValidatePersistentVolumeClaimUpdate. */
export function validatePersistentVolumeClaimUpdate(
  claim: Claim,
  old: Claim,
  gates: FeatureGates,
): FieldError[] {
  const options = claimSpecOptions(old, gates);
  return [
    ...validateObjectMetaUpdate(claim.metadata, old.metadata),
    ...validateClaim(claim, options),
    ...validateSpecChange(claim, old),
    ...validateShrinking(claim, old, options),
    ...validateImmutable(claim.spec?.volumeMode, old.spec?.volumeMode, FieldPath.of("volumeMode")),
    ...validateAttributesClassChange(claim, old, options, gates),
  ];
}

/** What may change: the volume's name once; size and attributes of a bound claim; the class's annotation into a field. */
function validateSpecChange(claim: Claim, old: Claim): FieldError[] {
  const errors: FieldError[] = [];
  const before: ClaimSpec = { ...(old.spec ?? noSpec) };
  const after: ClaimSpec = { ...(claim.spec ?? noSpec) };
  if (!before.volumeName) before.volumeName = after.volumeName;
  const oldAnnotation = old.metadata.annotations?.[betaStorageClassAnnotation];
  const annotation = claim.metadata.annotations?.[betaStorageClassAnnotation];
  const setsClass = before.storageClassName === undefined && after.storageClassName !== undefined;
  const fromAnnotation = setsClass && after.storageClassName === oldAnnotation;
  if (fromAnnotation && (annotation === undefined || annotation === oldAnnotation)) {
    after.storageClassName = undefined;
  } else {
    errors.push(...validateAnnotationUnchanged(annotation ?? "", oldAnnotation ?? ""));
    if (setsClass && (oldAnnotation === undefined || fromAnnotation)) {
      after.storageClassName = before.storageClassName;
    }
  }
  if (claim.status?.phase === "Bound") {
    after.volumeAttributesClassName = before.volumeAttributesClassName;
    if (after.resources?.requests) {
      const storage = before.resources?.requests?.["storage"] ?? "0";
      after.resources = { ...after.resources, requests: { ...after.resources.requests, storage } };
    }
  }
  if (semanticEqual(after, before)) return errors;
  const diff = goDiff(
    goValue(goPersistentVolumeClaimSpec, before),
    goValue(goPersistentVolumeClaimSpec, after),
  );
  const detail = `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${diff}`;
  return [...errors, forbidden(specPath, detail)];
}

/** ValidateImmutableAnnotation; the key is written as if it were a field. */
function validateAnnotationUnchanged(annotation: string, old: string): FieldError[] {
  if (annotation === old) return [];
  const path = FieldPath.of("metadata", "annotations", betaStorageClassAnnotation);
  return [invalid(path, annotation, immutableError)];
}

/** A claim may shrink to recover from a failed expansion, but not to what the volume has already. */
function validateShrinking(claim: Claim, old: Claim, options: ClaimSpecOptions): FieldError[] {
  const sizeOf = (list: Readonly<Record<string, string>> | undefined): Quantity =>
    Quantity.parse(list?.["storage"] ?? "0");
  const size = sizeOf(claim.spec?.resources?.requests);
  if (size.compare(sizeOf(old.spec?.resources?.requests)) >= 0) return [];
  if (!options.enableRecoverFromExpansionFailure) {
    return [forbidden(storagePath, "field can not be less than previous value")];
  }
  if (size.compare(sizeOf(old.status?.capacity)) > 0) return [];
  return [forbidden(storagePath, "field can not be less than status.capacity")];
}

function validateAttributesClassChange(
  claim: Claim,
  old: Claim,
  options: ClaimSpecOptions,
  gates: FeatureGates,
): FieldError[] {
  const name = claim.spec?.volumeAttributesClassName;
  if (name === old.spec?.volumeAttributesClassName) return [];
  const path = specPath.child("volumeAttributesClassName");
  const errors: FieldError[] = [];
  if (!gates.enabled("VolumeAttributesClass")) {
    const detail = "update is forbidden when the VolumeAttributesClass feature gate is disabled";
    errors.push(forbidden(path, detail));
  }
  const isApplied = old.status?.currentVolumeAttributesClassName !== undefined;
  if (!options.enableVolumeAttributesClass || !isApplied || name) return errors;
  const to = name === undefined ? "nil" : "empty string";
  const detail = `update to ${to} is forbidden when status.currentVolumeAttributesClassName is not nil`;
  return [...errors, forbidden(path, detail)];
}

const resizeStatuses = [
  "ControllerResizeInProgress",
  "ControllerResizeInfeasible",
  "NodeResizeInProgress",
  "NodeResizeInfeasible",
  "NodeResizePending",
].sort();

/** ValidatePersistentVolumeClaimStatusUpdate. */
export function validatePersistentVolumeClaimStatusUpdate(
  claim: Claim,
  old: Claim,
  gates: FeatureGates,
): FieldError[] {
  const errors = validateObjectMetaUpdate(claim.metadata, old.metadata);
  if (!claim.metadata.resourceVersion) errors.push(required(FieldPath.of("resourceVersion")));
  if (!claim.spec?.accessModes?.length) errors.push(required(FieldPath.of("Spec", "accessModes")));
  const { capacity = {}, allocatedResources = {}, allocatedResourceStatuses = {} } = claim.status ?? {};
  for (const [resource, quantity] of Object.entries(capacity)) {
    errors.push(...validateBasicResource(quantity, FieldPath.of("status", "capacity").key(resource)));
  }
  if (!claimSpecOptions(old, gates).enableRecoverFromExpansionFailure) return errors;
  const statusesPath = FieldPath.of("status", "allocatedResourceStatuses");
  for (const [resource, status] of Object.entries(allocatedResourceStatuses)) {
    errors.push(...validateResourceKey(resource, statusesPath));
    if (!resizeStatuses.includes(status)) errors.push(notSupported(statusesPath, resource, resizeStatuses));
  }
  const allocatedPath = FieldPath.of("status", "allocatedResources");
  for (const [resource, quantity] of Object.entries(allocatedResources)) {
    const at = allocatedPath.key(resource);
    let found = validateResourceKey(resource, allocatedPath);
    if (found.length === 0) found = validateBasicResource(quantity, at);
    if (found.length === 0) found = validateResourceQuantity("storage", quantity, at);
    errors.push(...found);
  }
  return errors;
}

/** validatePersistentVolumeClaimResourceKey. */
function validateResourceKey(resource: string, path: FieldPath): FieldError[] {
  const errors = invalidText(path, resource, checkQualifiedName(resource));
  if (errors.length > 0 || !isNativeResource(resource) || resource === "storage") return errors;
  return [notSupported(path, resource, ["storage"])];
}
