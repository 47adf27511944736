/**
 * Volumes made of API data: secret, configMap and downwardAPI items, and projections of them.
 * Source: validateProjectionSources and its neighbours in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type {
  DownwardApiVolumeFile,
  KeyToPath,
  ProjectedVolumeSource,
  VolumeProjection,
} from "../../core-types.ts";
import { goMetaValue, goValue } from "../../go-value.ts";
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notSupportedText,
  required,
  tooLong,
} from "../field.ts";
import { validateLabelSelector } from "../labels.ts";
import { checkQualifiedName } from "../names.ts";
import { annotationsTooLarge, totalAnnotationSizeLimit } from "../object-meta.ts";
import {
  validateContainerResourceFieldSelector,
  validateObjectFieldSelector,
} from "./downward-api-fields.ts";
import { validateFileMode, validateLocalNonReservedPath } from "./paths.ts";
import { coreLayout } from "./pod-go-layout.ts";
import type { PodValidationOptions } from "./pod-options.ts";
import {
  clusterTrustBundleNameCheck,
  isKubernetesSignerName,
  signerNameOfTrustBundle,
  validateSignerName,
} from "./signer-names.ts";

const volumeFieldPaths = new Set([
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
]);

/** validateKeyToPath. */
export function validateKeyToPath(item: KeyToPath, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (!item.key) errors.push(required(path.child("key")));
  if (!item.path) errors.push(required(path.child("path")));
  errors.push(...validateLocalNonReservedPath(item.path ?? "", path.child("path")));
  errors.push(...validateFileMode(item.mode, path, "mode"));
  return errors;
}

/** validateDownwardAPIVolumeFile. */
function validateDownwardApiFile(file: DownwardApiVolumeFile, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  if (!file.path) errors.push(required(path.child("path")));
  errors.push(...validateLocalNonReservedPath(file.path ?? "", path.child("path")));
  if (file.fieldRef) {
    errors.push(...validateObjectFieldSelector(file.fieldRef, volumeFieldPaths, path.child("fieldRef")));
    if (file.resourceFieldRef) {
      errors.push(
        invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"),
      );
    }
  } else if (file.resourceFieldRef) {
    const at = path.child("resourceFieldRef");
    errors.push(...validateContainerResourceFieldSelector(file.resourceFieldRef, at, true));
  } else {
    errors.push(required(path, "one of fieldRef and resourceFieldRef is required"));
  }
  errors.push(...validateFileMode(file.mode, path, "mode"));
  return errors;
}

/** validateDownwardAPIVolumeSource: errors of a file name the volume, as upstream has it. */
export function validateDownwardApiVolume(
  source: { defaultMode?: number; items?: DownwardApiVolumeFile[] },
  path: FieldPath,
): FieldError[] {
  const errors = validateFileMode(source.defaultMode, path, "defaultMode");
  for (const file of source.items ?? []) errors.push(...validateDownwardApiFile(file, path));
  return errors;
}

/** validateProjectedVolumeSource. */
export function validateProjectedVolume(
  projected: ProjectedVolumeSource,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors = validateFileMode(projected.defaultMode, path, "defaultMode");
  const paths = new UsedPaths(path);
  projected.sources?.forEach((source, index) => {
    const at = path.child("sources").index(index);
    errors.push(...validateProjection(source, path, at, paths, options));
  });
  return errors;
}

/** Paths that earlier sources write; one that comes again is a conflict. */
class UsedPaths {
  readonly #used = new Set<string>();
  readonly #volumePath: FieldPath;

  constructor(volumePath: FieldPath) {
    this.#volumePath = volumePath;
  }

  /** The value is what upstream shows: the path, or the name of what is projected. */
  add(path: string, value = path): FieldError[] {
    if (!this.#used.has(path)) {
      this.#used.add(path);
      return [];
    }
    return [invalid(this.#volumePath, value, "conflicting duplicate paths")];
  }
}

function validateProjection(
  source: VolumeProjection,
  volumePath: FieldPath,
  path: FieldPath,
  paths: UsedPaths,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = source;
  if (secret) errors.push(...validateItems(secret, path.child("secret"), paths));
  if (configMap) errors.push(...validateItems(configMap, path.child("configMap"), paths));
  if (downwardAPI) {
    for (const file of downwardAPI.items ?? []) {
      errors.push(...validateDownwardApiFile(file, path.child("downwardAPI")));
      if (file.path) errors.push(...paths.add(file.path));
    }
  }
  if (serviceAccountToken) {
    const at = path.child("serviceAccountToken");
    errors.push(...validateToken(serviceAccountToken, volumePath, at, options));
  }
  if (clusterTrustBundle) {
    errors.push(...validateTrustBundle(clusterTrustBundle, path.child("clusterTrustBundle"), paths));
  }
  if (podCertificate) {
    errors.push(...validatePodCertificate(podCertificate, path.child("podCertificate"), paths));
  }
  const count = [
    secret,
    configMap,
    downwardAPI,
    serviceAccountToken,
    clusterTrustBundle,
    podCertificate,
  ].filter(Boolean).length;
  if (count > 1) errors.push(forbidden(path, "may not specify more than 1 volume type per source"));
  return errors;
}

function validateItems(
  source: { name?: string; items?: KeyToPath[] },
  path: FieldPath,
  paths: UsedPaths,
): FieldError[] {
  const errors = source.name ? [] : [required(path.child("name"))];
  source.items?.forEach((item, index) => {
    errors.push(...validateKeyToPath(item, path.child("items").index(index)));
    if (item.path) errors.push(...paths.add(item.path, source.name ?? ""));
  });
  return errors;
}

function validateToken(
  token: NonNullable<VolumeProjection["serviceAccountToken"]>,
  volumePath: FieldPath,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  const seconds = token.expirationSeconds ?? 0;
  const at = path.child("expirationSeconds");
  if (seconds < 600) errors.push(invalid(at, seconds, "may not specify a duration less than 10 minutes"));
  if (seconds > 2 ** 32) {
    errors.push(invalid(at, seconds, "may not specify a duration larger than 2^32 seconds"));
  }
  if (!token.path) {
    errors.push(required(volumePath.child("path")));
  } else if (!options.allowNonLocalProjectedTokenPath) {
    errors.push(...validateLocalNonReservedPath(token.path, volumePath.child("path")));
  }
  return errors;
}

function validateTrustBundle(
  bundle: NonNullable<VolumeProjection["clusterTrustBundle"]>,
  path: FieldPath,
  paths: UsedPaths,
): FieldError[] {
  const errors: FieldError[] = [];
  const { name, signerName, labelSelector, path: target = "" } = bundle;
  if (name !== undefined && signerName !== undefined) {
    const value = goValue(coreLayout("ClusterTrustBundleProjection"), bundle);
    errors.push(invalid(path, value, "only one of name and signerName may be used"));
  } else if (name !== undefined) {
    if (name === "") errors.push(required(path.child("name"), "must be a valid object name"));
    for (const problem of clusterTrustBundleNameCheck(signerNameOfTrustBundle(name))(name, false)) {
      errors.push(invalid(path.child("name"), name, `not a valid clustertrustbundlename: ${problem}`));
    }
    if (labelSelector) {
      const detail = "labelSelector must be unset if name is specified";
      errors.push(invalid(path.child("labelSelector"), goMetaValue("LabelSelector", labelSelector), detail));
    }
  } else if (signerName !== undefined) {
    const at = path.child("signerName");
    if (signerName === "") errors.push(required(at, "must be a valid signer name"));
    errors.push(...validateSignerName(signerName, at));
    errors.push(...validateLabelSelector(labelSelector, {}, path.child("labelSelector")));
  } else {
    errors.push(required(path, "either name or signerName must be specified"));
  }
  if (target === "") errors.push(required(path.child("path")));
  errors.push(...validateLocalNonReservedPath(target, path.child("path")), ...paths.add(target));
  return errors;
}

const keyTypes = ["RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"];
const shortestCertificateSeconds = 3600;
const longestCertificateSeconds = 91 * 86400;
const longestKubernetesCertificateSeconds = 86400;

function validatePodCertificate(
  certificate: NonNullable<VolumeProjection["podCertificate"]>,
  path: FieldPath,
  paths: UsedPaths,
): FieldError[] {
  const { signerName = "", keyType = "", maxExpirationSeconds: seconds } = certificate;
  const errors = validateSignerName(signerName, path.child("signerName"));
  if (certificate.userAnnotations) {
    errors.push(...validateUserAnnotations(certificate.userAnnotations, path.child("userAnnotations")));
  }
  if (!keyTypes.includes(keyType)) errors.push(notSupportedText(path.child("keyType"), keyType, keyTypes));
  if (seconds !== undefined) {
    const at = path.child("maxExpirationSeconds");
    if (seconds < shortestCertificateSeconds) {
      errors.push(invalid(at, seconds, "if provided, maxExpirationSeconds must be >= 3600"));
    }
    const longest = isKubernetesSignerName(signerName)
      ? longestKubernetesCertificateSeconds
      : longestCertificateSeconds;
    if (seconds > longest) {
      errors.push(invalid(at, seconds, `if provided, maxExpirationSeconds must be <= ${longest}`));
    }
  }
  let written = 0;
  for (const field of ["credentialBundlePath", "keyPath", "certificateChainPath"] as const) {
    const target = certificate[field];
    if (!target) continue;
    written++;
    errors.push(...validateLocalNonReservedPath(target, path.child(field)), ...paths.add(target));
  }
  if (written === 0) {
    const detail = "specify at least one of credentialBundlePath, keyPath, and certificateChainPath";
    errors.push(required(path, detail));
  }
  return errors;
}

/** ValidateUserAnnotations: keys have a domain, all together at most 256 KiB. */
export function validateUserAnnotations(
  annotations: Readonly<Record<string, string>>,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const written of Object.keys(annotations)) {
    const key = written.toLowerCase();
    if (key === "") {
      errors.push(required(path));
      continue;
    }
    const problems = checkQualifiedName(key);
    for (const problem of problems) errors.push(invalid(path, key, problem));
    if (problems.length === 0 && !key.includes("/")) {
      errors.push(invalid(path, key, 'must be a domain-prefixed key (such as "acme.io/foo")'));
    }
  }
  if (annotationsTooLarge(annotations)) errors.push(tooLong(path, totalAnnotationSizeLimit));
  return errors;
}
