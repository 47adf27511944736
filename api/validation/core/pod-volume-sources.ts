/**
 * The kinds of volume that a pod may have, each with its own check.
 * Source: validateVolumeSource in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { Volume } from "../../core-types.ts";
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notSupported,
  notSupportedText,
  required,
} from "../field.ts";
import { byteLength, inclusiveRangeError, nameIsDnsSubdomain } from "../names.ts";
import { validateCsiDriverName } from "./csi-driver-name.ts";
import { validateDns1123Label } from "./names.ts";
import { validateFileMode, validateLocalDescendingPath, validatePathNoBacksteps } from "./paths.ts";
import { validatePersistentVolumeClaimTemplate } from "./persistent-volume-claim-spec.ts";
import type { PodValidationOptions } from "./pod-options.ts";
import {
  validateDownwardApiVolume,
  validateKeyToPath,
  validateProjectedVolume,
} from "./projected-volumes.ts";
import { validatePullPolicy } from "./pull-policy.ts";

export type VolumeSourceName = Exclude<keyof Volume, "name">;

type Source<Name extends VolumeSourceName> = NonNullable<Volume[Name]>;
type Check<Name extends VolumeSourceName> = (
  source: Source<Name>,
  path: FieldPath,
  options: PodValidationOptions,
) => FieldError[];

interface SourceRule<Name extends VolumeSourceName = VolumeSourceName> {
  name: Name;
  check: Check<Name>;
  /** What the field is called in errors of its check, where upstream calls it something else. */
  path?: string;
  /** What it is called when it is one volume type too many. */
  extra?: string;
}

/** Required value errors for the fields that are empty. */
function requireFields(source: object, path: FieldPath, ...fields: string[]): FieldError[] {
  const held = source as Readonly<Record<string, unknown>>;
  return fields.filter((field) => isUnset(held[field])).map((field) => required(path.child(field)));
}

function isUnset(value: unknown): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

const requiring =
  (...fields: string[]) =>
  (source: object, path: FieldPath): FieldError[] =>
    requireFields(source, path, ...fields);

function secretName(ref: { name?: string } | undefined, path: FieldPath): FieldError[] {
  return ref && !ref.name ? [required(path.child("secretRef", "name"))] : [];
}

function rule<Name extends VolumeSourceName>(
  name: Name,
  check: Check<Name>,
  texts: Pick<SourceRule, "path" | "extra"> = {},
): SourceRule {
  // The check is only ever called with the field of its own name.
  return { name, check, ...texts } as unknown as SourceRule;
}

/** In the order in which upstream looks at them: the first is the volume's type, further ones are forbidden. */
export const volumeSourceRules: readonly SourceRule[] = [
  rule("emptyDir", validateEmptyDir),
  rule("hostPath", validateHostPath),
  rule("gitRepo", (repo, path) => [
    ...requireFields(repo, path, "repository"),
    ...validateLocalDescendingPath(repo.directory ?? "", path.child("directory")),
  ]),
  rule("gcePersistentDisk", (disk, path) => partitioned(disk, "pdName", path), { path: "persistentDisk" }),
  rule("awsElasticBlockStore", (disk, path) => partitioned(disk, "volumeID", path)),
  rule("secret", (secret, path) => [
    ...requireFields(secret, path, "secretName"),
    ...validateKeys(secret, path),
  ]),
  rule("nfs", (nfs, path) => {
    const errors = requireFields(nfs, path, "server", "path");
    if (nfs.path?.startsWith("/")) return errors;
    return [...errors, invalid(path.child("path"), nfs.path ?? "", "must be an absolute path")];
  }),
  rule("iscsi", validateIscsi),
  rule("glusterfs", requiring("endpoints", "path")),
  rule("flocker", validateFlocker),
  rule("persistentVolumeClaim", requiring("claimName")),
  rule("rbd", requiring("monitors", "image")),
  rule("cinder", (cinder, path) => [
    ...requireFields(cinder, path, "volumeID"),
    ...secretName(cinder.secretRef, path),
  ]),
  rule("cephfs", requiring("monitors"), { extra: "cephFS" }),
  rule("quobyte", validateQuobyte),
  rule("downwardAPI", validateDownwardApiVolume, { extra: "downwarAPI" }),
  rule("fc", validateFibreChannel),
  rule("flexVolume", validateFlexVolume),
  rule("configMap", (configMap, path) => [
    ...requireFields(configMap, path, "name"),
    ...validateKeys(configMap, path),
  ]),
  rule("azureFile", requiring("secretName", "shareName")),
  rule("vsphereVolume", requiring("volumePath")),
  rule("photonPersistentDisk", requiring("pdID")),
  rule("portworxVolume", requiring("volumeID")),
  rule("azureDisk", validateAzureDisk),
  rule("storageos", validateStorageOs),
  rule("projected", validateProjectedVolume),
  rule("scaleIO", requiring("gateway", "system", "volumeName")),
  rule("csi", validateCsi),
  rule("ephemeral", (ephemeral, path) => {
    const at = path.child("volumeClaimTemplate");
    const template = ephemeral.volumeClaimTemplate;
    return template ? validatePersistentVolumeClaimTemplate(template, at) : [required(at)];
  }),
  rule("image", (image, path, options) => [
    ...(options.resourceIsPod ? requireFields(image, path, "reference") : []),
    ...validatePullPolicy(image.pullPolicy, path.child("pullPolicy")),
  ]),
];

function validateEmptyDir({ sizeLimit }: Source<"emptyDir">, path: FieldPath): FieldError[] {
  if (!sizeLimit?.startsWith("-")) return [];
  return [forbidden(path.child("sizeLimit"), "SizeLimit field must be a valid resource quantity")];
}

const hostPathTypes = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

/** validateHostPathVolumeSource; a PersistentVolume's is checked alike. */
export function validateHostPath({ path: target, type }: Source<"hostPath">, path: FieldPath): FieldError[] {
  if (!target) return [required(path.child("path"))];
  const errors = validatePathNoBacksteps(target, path.child("path"));
  if (type !== undefined && !hostPathTypes.includes(type)) {
    errors.push(notSupported(path.child("type"), type, hostPathTypes));
  }
  return errors;
}

function partitioned(disk: { partition?: number }, id: string, path: FieldPath): FieldError[] {
  const errors = requireFields(disk, path, id);
  const partition = disk.partition ?? 0;
  if (partition < 0 || partition > 255) {
    errors.push(invalid(path.child("partition"), partition, inclusiveRangeError(1, 255)));
  }
  return errors;
}

function validateKeys(
  source: { defaultMode?: number; items?: Parameters<typeof validateKeyToPath>[0][] },
  path: FieldPath,
): FieldError[] {
  const errors = validateFileMode(source.defaultMode, path, "defaultMode");
  source.items?.forEach((item, index) => {
    errors.push(...validateKeyToPath(item, path.child("items").index(index)));
  });
  return errors;
}

const iscsiNames: ReadonlyMap<string, RegExp> = new Map([
  ["iqn", /iqn\.\d{4}-\d{2}\.([0-9A-Za-z\-.]+)(:[^,;*&$|\t\n\f\r ]+)$/],
  ["eui", /^eui.[0-9A-Za-z]{16}$/],
  ["naa", /^naa.[0-9A-Za-z]{32}$/],
]);

/** What is wrong with an iSCSI qualified name. */
export function iscsiNameProblem(name: string, wrongStart: string): string | undefined {
  const pattern = iscsiNames.get(name.slice(0, 3));
  if (!pattern) return wrongStart;
  // A name has at most 223 bytes; far longer ones go unread, because the first pattern isn't anchored.
  return name.length <= 1024 && pattern.test(name) ? undefined : "must be valid format";
}

function validateIscsi(iscsi: Source<"iscsi">, path: FieldPath): FieldError[] {
  const errors = requireFields(iscsi, path, "targetPortal", "iqn");
  const wrongStart = "must be valid format starting with iqn, eui, or naa";
  if (iscsi.iqn) {
    const problem = iscsiNameProblem(iscsi.iqn, wrongStart);
    if (problem) errors.push(invalid(path.child("iqn"), iscsi.iqn, problem));
  }
  const lun = iscsi.lun ?? 0;
  if (lun < 0 || lun > 255) errors.push(invalid(path.child("lun"), lun, inclusiveRangeError(0, 255)));
  if ((iscsi.chapAuthDiscovery || iscsi.chapAuthSession) && !iscsi.secretRef) {
    errors.push(required(path.child("secretRef")));
  }
  if (iscsi.initiatorName !== undefined) {
    const problem = iscsiNameProblem(iscsi.initiatorName, wrongStart);
    if (problem) errors.push(invalid(path.child("initiatorname"), iscsi.initiatorName, problem));
  }
  return errors;
}

/** The name by which a node knows an iSCSI initiator is bounded; checked also where iscsi is one type too many. */
export function validateIscsiNameLength(volume: Volume, path: FieldPath): FieldError[] {
  const { iscsi, name } = volume;
  if (iscsi?.initiatorName === undefined || byteLength(`${name}:${iscsi.targetPortal}`) <= 64) return [];
  const detail =
    "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";
  return [invalid(path.child("name"), name, detail)];
}

function validateFlocker(flocker: Source<"flocker">, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { datasetName = "", datasetUUID = "" } = flocker;
  if (!datasetName && !datasetUUID) {
    errors.push(required(path, "one of datasetName and datasetUUID is required"));
  }
  if (datasetName && datasetUUID) {
    const detail = "datasetName and datasetUUID can not be specified simultaneously";
    errors.push(invalid(path, "resource", detail));
  }
  if (datasetName.includes("/")) {
    errors.push(invalid(path.child("datasetName"), datasetName, "must not contain '/'"));
  }
  return errors;
}

function validateQuobyte(quobyte: Source<"quobyte">, path: FieldPath): FieldError[] {
  const { registry = "", tenant = "" } = quobyte;
  const errors: FieldError[] = [];
  const detail = "must be a host:port pair or multiple pairs separated by commas";
  if (!registry) {
    errors.push(required(path.child("registry"), detail));
  } else if (byteLength(tenant) >= 65) {
    const tooLong = "must be a UUID and may not exceed a length of 64 characters";
    errors.push(required(path.child("tenant"), tooLong));
  } else {
    for (const pair of registry.split(",")) {
      if (!isHostPort(pair)) errors.push(invalid(path.child("registry"), registry, detail));
    }
  }
  return [...errors, ...requireFields(quobyte, path, "volume")];
}

/** net.SplitHostPort succeeds: one colon outside brackets, which stand only around the whole host. */
function isHostPort(text: string): boolean {
  return /^(?:\[[^[\]]*\]|[^[\]:]*):[^[\]:]*$/.test(text);
}

function validateFibreChannel(fc: Source<"fc">, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { targetWWNs = [], wwids = [], lun } = fc;
  const at = path.child("targetWWNs");
  if (targetWWNs.length === 0 && wwids.length === 0) {
    errors.push(required(at, "must specify either targetWWNs or wwids, but not both"));
  }
  if (targetWWNs.length > 0 && wwids.length > 0) {
    errors.push(invalid(at, targetWWNs, "targetWWNs and wwids can not be specified simultaneously"));
  }
  if (targetWWNs.length === 0) return errors;
  if (lun === undefined) {
    errors.push(required(path.child("lun"), "lun is required if targetWWNs is specified"));
  } else if (lun < 0 || lun > 255) {
    errors.push(invalid(path.child("lun"), lun, inclusiveRangeError(0, 255)));
  }
  return errors;
}

function validateFlexVolume(flex: Source<"flexVolume">, path: FieldPath): FieldError[] {
  const errors = requireFields(flex, path, "driver");
  for (const key of Object.keys(flex.options ?? {})) {
    const namespace = `.${key.split("/", 1)[0]!.toLowerCase()}`;
    if (namespace.endsWith(".kubernetes.io") || namespace.endsWith(".k8s.io")) {
      const detail = "kubernetes.io and k8s.io namespaces are reserved";
      errors.push(invalid(path.child("options").key(key), key, detail));
    }
  }
  return errors;
}

const azureCachingModes = ["None", "ReadOnly", "ReadWrite"];
const azureKinds = ["Dedicated", "Managed", "Shared"];
const azureManagedUri =
  "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}";
const azureBlobUri = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";

/** validateAzureDisk; a PersistentVolume's is checked alike. */
export function validateAzureDisk(disk: Source<"azureDisk">, path: FieldPath): FieldError[] {
  const errors = requireFields(disk, path, "diskName", "diskURI");
  const { cachingMode, kind, diskURI = "" } = disk;
  if (cachingMode !== undefined && !azureCachingModes.includes(cachingMode)) {
    errors.push(notSupported(path.child("cachingMode"), cachingMode, azureCachingModes));
  }
  if (kind === undefined) return errors;
  if (!azureKinds.includes(kind)) errors.push(notSupported(path.child("kind"), kind, azureKinds));
  const [start, example] =
    kind === "Managed" ? ["/subscriptions/", azureManagedUri] : ["https://", azureBlobUri];
  if (!diskURI.startsWith(start)) errors.push(notSupportedText(path.child("diskURI"), diskURI, [example]));
  return errors;
}

function validateStorageOs(storageos: Source<"storageos">, path: FieldPath): FieldError[] {
  const { volumeName, volumeNamespace, secretRef } = storageos;
  const at = path.child("volumeName");
  const errors = volumeName ? validateDns1123Label(volumeName, at) : [required(at)];
  if (volumeNamespace) errors.push(...validateDns1123Label(volumeNamespace, path.child("volumeNamespace")));
  return [...errors, ...secretName(secretRef, path)];
}

function validateCsi({ driver, nodePublishSecretRef }: Source<"csi">, path: FieldPath): FieldError[] {
  const errors = validateCsiDriverName(driver, path.child("driver"));
  if (!nodePublishSecretRef) return errors;
  const name = nodePublishSecretRef.name;
  if (!name) return [...errors, required(path.child("nodePublishSecretRef", "name"))];
  for (const problem of nameIsDnsSubdomain(name, false)) {
    errors.push(invalid(path.child("name"), name, problem));
  }
  return errors;
}
