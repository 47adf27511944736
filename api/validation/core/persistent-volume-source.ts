/** The volume of a PersistentVolumeSpec. Source: pkg/apis/core/validation/validation.go. */
import type { Schemas } from "../../types.ts";
import { type FieldError, type FieldPath, forbidden, invalid, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import {
  byteLength,
  checkDns1123Label,
  checkDns1123Subdomain,
  inclusiveRangeError,
  nameIsDnsLabel,
} from "../names.ts";
import { validateCsiDriverName } from "./csi-driver-name.ts";
import { validatePathNoBacksteps } from "./paths.ts";
import { iscsiNameProblem, volumeSourceRules } from "./pod-volume-sources.ts";

export type PersistentVolumeSpec = Schemas["io.k8s.api.core.v1.PersistentVolumeSpec"];
type Source<Name extends keyof PersistentVolumeSpec> = NonNullable<PersistentVolumeSpec[Name]>;
type Check = (source: never, path: FieldPath, volumeName: string) => FieldError[];

interface SourceRule {
  field: keyof PersistentVolumeSpec;
  check: Check;
  /** What the field is called in errors of its check, where upstream calls it something else. */
  path?: string;
  /** What it is called when it is one volume type too many. */
  extra?: string;
}

/** A source that pods have in the same form. */
function likeInPods(field: keyof PersistentVolumeSpec): SourceRule {
  const rule = volumeSourceRules.find(({ name }) => name === field);
  if (!rule) throw new Error(`pods have no volume source ${field}`);
  return { field, check: rule.check as unknown as Check, ...(rule.path ? { path: rule.path } : {}) };
}

/** In the order in which upstream looks at them: the first is the volume's type, further ones are forbidden. */
const rules: readonly SourceRule[] = [
  likeInPods("hostPath"),
  likeInPods("gcePersistentDisk"),
  likeInPods("awsElasticBlockStore"),
  { field: "glusterfs", check: validateGlusterfs },
  likeInPods("flocker"),
  likeInPods("nfs"),
  likeInPods("rbd"),
  likeInPods("quobyte"),
  { ...likeInPods("cephfs"), extra: "cephFS" },
  { field: "iscsi", check: validateIscsi },
  { field: "cinder", check: validateCinder },
  likeInPods("fc"),
  likeInPods("flexVolume"),
  { field: "azureFile", check: validateAzureFile },
  likeInPods("vsphereVolume"),
  likeInPods("photonPersistentDisk"),
  likeInPods("portworxVolume"),
  likeInPods("azureDisk"),
  likeInPods("scaleIO"),
  { field: "local", check: validateLocal },
  { field: "storageos", check: validateStorageOs },
  { field: "csi", check: validateCsi },
];

/** The names of all volume sources in a PersistentVolumeSpec. */
export const persistentVolumeSourceFields: readonly (keyof PersistentVolumeSpec)[] = rules.map(
  ({ field }) => field,
);

/** Checks the one source that a volume must have. */
export function validatePersistentVolumeSource(
  spec: PersistentVolumeSpec,
  volumeName: string,
  hasNodeAffinity: boolean,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  let count = 0;
  for (const { field, check, path: name = field, extra = field } of rules) {
    const source = spec[field];
    if (source === undefined) continue;
    // Upstream lets a flexVolume stand beside another.
    if (count > 0 && field !== "flexVolume") {
      errors.push(forbidden(path.child(extra), "may not specify more than 1 volume type"));
      continue;
    }
    count++;
    errors.push(...check(source as never, path.child(name), volumeName));
    if (field === "local" && !hasNodeAffinity) {
      errors.push(required(path.child("nodeAffinity"), "Local volume requires node affinity"));
    }
  }
  return count === 0 ? [...errors, required(path, "must specify a volume type")] : errors;
}

interface NamespacedReference {
  name?: string;
  namespace?: string;
}

function requireNameAndNamespace(ref: NamespacedReference | undefined, path: FieldPath): FieldError[] {
  if (!ref) return [];
  const errors = ref.name ? [] : [required(path.child("name"))];
  return ref.namespace ? errors : [...errors, required(path.child("namespace"))];
}

function validateGlusterfs(
  { endpoints, path: volume, endpointsNamespace: namespace }: Source<"glusterfs">,
  path: FieldPath,
) {
  const errors = endpoints ? [] : [required(path.child("endpoints"))];
  if (!volume) errors.push(required(path.child("path")));
  if (namespace === undefined) return errors;
  const at = path.child("endpointsNamespace");
  if (namespace !== "") return [...errors, ...invalidText(at, namespace, nameIsDnsLabel(namespace, false))];
  const detail = "if the endpointnamespace is set, it must be a valid namespace name";
  return [...errors, invalid(at, namespace, detail)];
}

function validateIscsi(iscsi: Source<"iscsi">, path: FieldPath, volumeName: string): FieldError[] {
  const { targetPortal = "", iqn = "", lun = 0, secretRef, initiatorName } = iscsi;
  const malformed = "must be valid format";
  const errors: FieldError[] = [];
  if (targetPortal === "") errors.push(required(path.child("targetPortal")));
  if (initiatorName !== undefined && byteLength(`${volumeName}:${targetPortal}`) > 64) {
    const detail =
      "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";
    errors.push(invalid(path.child("targetportal"), targetPortal, detail));
  }
  const problem = iscsiNameProblem(iqn, malformed);
  if (iqn === "") errors.push(required(path.child("iqn")));
  else if (problem) errors.push(invalid(path.child("iqn"), iqn, problem));
  if (lun < 0 || lun > 255) errors.push(invalid(path.child("lun"), lun, inclusiveRangeError(0, 255)));
  if ((iscsi.chapAuthDiscovery || iscsi.chapAuthSession) && !secretRef) {
    errors.push(required(path.child("secretRef")));
  }
  if (secretRef && !secretRef.name) errors.push(required(path.child("secretRef", "name")));
  if (initiatorName === undefined) return errors;
  const initiatorProblem = iscsiNameProblem(initiatorName, malformed);
  if (!initiatorProblem) return errors;
  return [...errors, invalid(path.child("initiatorname"), initiatorName, initiatorProblem)];
}

function validateCinder({ volumeID, secretRef }: Source<"cinder">, path: FieldPath): FieldError[] {
  const errors = volumeID ? [] : [required(path.child("volumeID"))];
  return [...errors, ...requireNameAndNamespace(secretRef, path.child("secretRef"))];
}

function validateAzureFile({ secretName, shareName, secretNamespace }: Source<"azureFile">, path: FieldPath) {
  const errors = secretName ? [] : [required(path.child("secretName"))];
  if (!shareName) errors.push(required(path.child("shareName")));
  if (secretNamespace === "") errors.push(required(path.child("secretNamespace")));
  return errors;
}

function validateLocal({ path: target }: Source<"local">, path: FieldPath): FieldError[] {
  return target ? validatePathNoBacksteps(target, path.child("path")) : [required(path.child("path"))];
}

function validateStorageOs({ volumeName, volumeNamespace, secretRef }: Source<"storageos">, path: FieldPath) {
  const at = path.child("volumeName");
  const errors = volumeName ? invalidText(at, volumeName, checkDns1123Label(volumeName)) : [required(at)];
  if (volumeNamespace) {
    const problems = checkDns1123Label(volumeNamespace);
    errors.push(...invalidText(path.child("volumeNamespace"), volumeNamespace, problems));
  }
  return [...errors, ...requireNameAndNamespace(secretRef, path.child("secretRef"))];
}

const checkedSecretRefs = [
  "controllerPublishSecretRef",
  "controllerExpandSecretRef",
  "nodePublishSecretRef",
  "nodeExpandSecretRef",
] as const;

function validateCsi(csi: Source<"csi">, path: FieldPath): FieldError[] {
  const errors = validateCsiDriverName(csi.driver, path.child("driver"));
  if (!csi.volumeHandle) errors.push(required(path.child("volumeHandle")));
  for (const field of checkedSecretRefs) {
    const ref = csi[field];
    if (ref) errors.push(...validateSecretReference(ref, path.child(field)));
  }
  return errors;
}

/** validatePVSecretReference. */
function validateSecretReference({ name, namespace }: NamespacedReference, path: FieldPath): FieldError[] {
  const errors = name
    ? invalidText(path.child("name"), name, checkDns1123Subdomain(name))
    : [required(path.child("name"))];
  const at = path.child("namespace");
  if (!namespace) return [...errors, required(at)];
  return [...errors, ...invalidText(at, namespace, checkDns1123Label(namespace))];
}
