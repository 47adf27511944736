/** The spec of a claim, also inside templates. Source: pkg/apis/core/validation/validation.go. */
import type { FeatureGates } from "../../feature-gates.ts";
import type { ObjectMeta } from "../../object.ts";
import type { ObjectOf } from "../../object-of.ts";
import { type FieldError, FieldPath, forbidden, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { validateLabelSelector } from "../labels.ts";
import { checkDns1123Subdomain, nameIsDnsLabel, nameIsDnsSubdomain } from "../names.ts";
import { validatePositiveQuantity, validateResourceQuantity } from "./resource-quantities.ts";
import { validateTemplateMeta } from "./template-object-meta.ts";

type Claim = ObjectOf<"io.k8s.api.core.v1.PersistentVolumeClaim">;
export type ClaimSpec = NonNullable<Claim["spec"]>;
type DataSource = NonNullable<ClaimSpec["dataSourceRef"]>;

/** PersistentVolumeClaimSpecValidationOptions. */
export interface ClaimSpecOptions {
  allowInvalidLabelValue?: boolean;
  /** For updates of claims that name an API group already. */
  allowInvalidApiGroup?: boolean;
  enableVolumeAttributesClass: boolean;
  enableRecoverFromExpansionFailure: boolean;
}

/** ValidationOptionsForPersistentVolumeClaim. */
export function claimSpecOptions(old: Claim | undefined, gates: FeatureGates): ClaimSpecOptions {
  const { spec, status } = old ?? {};
  return {
    enableVolumeAttributesClass:
      gates.enabled("VolumeAttributesClass") || spec?.volumeAttributesClassName !== undefined,
    enableRecoverFromExpansionFailure:
      gates.enabled("RecoverVolumeExpansionFailure") ||
      status?.allocatedResources !== undefined ||
      status?.allocatedResourceStatuses !== undefined,
    allowInvalidApiGroup: (spec?.dataSource?.apiGroup ?? spec?.dataSourceRef?.apiGroup) != null,
    allowInvalidLabelValue: validateLabelSelector(spec?.selector, {}, FieldPath.of("spec")).length > 0,
  };
}

/** ValidatePersistentVolumeClaimTemplate, of a claim that is made together with a pod. */
export function validatePersistentVolumeClaimTemplate(
  template: { metadata?: ObjectMeta; spec?: ClaimSpec },
  path: FieldPath,
  options: ClaimSpecOptions = { enableVolumeAttributesClass: true, enableRecoverFromExpansionFailure: false },
): FieldError[] {
  return [
    ...validateTemplateMeta(template.metadata ?? {}, path.child("metadata")),
    ...validatePersistentVolumeClaimSpec(template.spec ?? { resources: {} }, path.child("spec"), options),
  ];
}

/** ValidatePersistentVolumeClaimSpec. */
export function validatePersistentVolumeClaimSpec(
  spec: ClaimSpec,
  path: FieldPath,
  options: ClaimSpecOptions,
): FieldError[] {
  const { accessModes = [], selector, storageClassName, volumeMode, volumeAttributesClassName } = spec;
  const errors: FieldError[] = [];
  if (accessModes.length === 0) {
    errors.push(required(path.child("accessModes"), "at least 1 access mode is required"));
  }
  if (selector) errors.push(...validateLabelSelector(selector, options, path.child("selector")));
  errors.push(...validateAccessModes(accessModes, path.child("accessModes")));
  errors.push(...validateRequestedStorage(spec, path.child("resources").key("storage")));
  if (storageClassName) {
    const problems = nameIsDnsSubdomain(storageClassName, false);
    errors.push(...invalidText(path.child("storageClassName"), storageClassName, problems));
  }
  if (volumeMode !== undefined) errors.push(...validateVolumeMode(volumeMode, path.child("volumeMode")));
  errors.push(...validateDataSources(spec, path, options));
  if (volumeAttributesClassName && options.enableVolumeAttributesClass) {
    const problems = nameIsDnsSubdomain(volumeAttributesClassName, false);
    errors.push(...invalidText(path.child("volumeAttributesClassName"), volumeAttributesClassName, problems));
  }
  return errors;
}

const accessModeNames = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"];

export function validateAccessModes(modes: readonly string[], path: FieldPath): FieldError[] {
  const errors = modes
    .filter((mode) => !accessModeNames.includes(mode))
    .map((mode) => notSupported(path, mode, accessModeNames));
  const known = modes.filter((mode) => accessModeNames.includes(mode));
  if (known.includes("ReadWriteOncePod") && known.some((mode) => mode !== "ReadWriteOncePod")) {
    errors.push(forbidden(path, "may not use ReadWriteOncePod with other access modes"));
  }
  return errors;
}

const volumeModes = ["Block", "Filesystem"];

export function validateVolumeMode(mode: string, path: FieldPath): FieldError[] {
  return volumeModes.includes(mode) ? [] : [notSupported(path, mode, volumeModes)];
}

function validateRequestedStorage({ resources }: ClaimSpec, path: FieldPath): FieldError[] {
  const storage = resources?.requests?.["storage"];
  if (storage === undefined) return [required(path)];
  const errors = validatePositiveQuantity(storage, path);
  return errors.length > 0 ? errors : validateResourceQuantity("storage", storage, path);
}

function validateDataSources(spec: ClaimSpec, path: FieldPath, options: ClaimSpecOptions): FieldError[] {
  const { dataSource, dataSourceRef } = spec;
  const errors: FieldError[] = [];
  if (dataSource) errors.push(...validateDataSource(dataSource, path.child("dataSource"), options));
  if (dataSourceRef) {
    const at = path.child("dataSourceRef");
    errors.push(...validateDataSource(dataSourceRef, at, options));
    const namespace = dataSourceRef.namespace ?? "";
    if (namespace !== "") {
      errors.push(...invalidText(at.child("namespace"), namespace, nameIsDnsLabel(namespace, false)));
    }
  }
  if (!dataSource || !dataSourceRef) return errors;
  // Upstream passes the path of the other field as the value: an object without fields of its own.
  if (dataSourceRef.namespace) {
    errors.push(invalid(path, {}, "may not be specified when dataSourceRef.namespace is specified"));
  } else if (
    dataSource.apiGroup !== dataSourceRef.apiGroup ||
    dataSource.kind !== dataSourceRef.kind ||
    dataSource.name !== dataSourceRef.name
  ) {
    errors.push(invalid(path, {}, "must match dataSourceRef"));
  }
  return errors;
}

function validateDataSource(
  { name, kind = "", ...rest }: DataSource,
  path: FieldPath,
  options: ClaimSpecOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  // A missing group is null, because Go writes this field always.
  const apiGroup = rest.apiGroup ?? "";
  if (!name) errors.push(required(path.child("name")));
  if (kind === "") errors.push(required(path.child("kind")));
  if (apiGroup === "" && kind !== "PersistentVolumeClaim") {
    const detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
    errors.push(invalid(path, kind, detail));
  }
  if (apiGroup !== "" && !options.allowInvalidApiGroup) {
    errors.push(...invalidText(path.child("apiGroup"), apiGroup, checkDns1123Subdomain(apiGroup)));
  }
  return errors;
}
