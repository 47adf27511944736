/** Source: pkg/apis/core/validation/validation.go and pkg/volume/validation. */
import { posix } from "node:path";
import type { NodeSelectorTerm } from "../../core-types.ts";
import type { FeatureGates } from "../../feature-gates.ts";
import { goDiff } from "../../go-diff.ts";
import { goValue } from "../../go-value.ts";
import type { ObjectOf } from "../../object-of.ts";
import { Quantity } from "../../quantity.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { type FieldError, FieldPath, forbidden, invalid, notSupported, required } from "../field.ts";
import { invalidText } from "../invalid-text.ts";
import { checkLabelValue, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { immutableError, validateImmutable } from "../values.ts";
import { validateNodeSelector } from "./node-selectors.ts";
import { validateAccessModes, validateVolumeMode } from "./persistent-volume-claim-spec.ts";
import { goPersistentVolumeSource, goVolumeNodeAffinity } from "./persistent-volume-layout.ts";
import {
  type PersistentVolumeSpec,
  persistentVolumeSourceFields,
  validatePersistentVolumeSource,
} from "./persistent-volume-source.ts";
import { validatePositiveQuantity } from "./resource-quantities.ts";

type Volume = ObjectOf<"io.k8s.api.core.v1.PersistentVolume">;

interface Options {
  enableVolumeAttributesClass: boolean;
  /** For updates of volumes whose affinity is already wrong. */
  allowInvalidLabelValue: boolean;
}

const specPath = FieldPath.of("spec");

/** What the strategy's Validate checks. */
export const validatePersistentVolume = (volume: Volume, gates: FeatureGates): FieldError[] => [
  ...validateVolume(volume, optionsFor(undefined, gates)),
  ...validateMountOptions(volume),
];

/** ValidationOptionsForPersistentVolume. */
function optionsFor(old: Volume | undefined, gates: FeatureGates): Options {
  return {
    enableVolumeAttributesClass:
      gates.enabled("VolumeAttributesClass") || old?.spec?.volumeAttributesClassName !== undefined,
    allowInvalidLabelValue: (old?.spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []).some(
      hasInvalidValue,
    ),
  };
}

/** HasInvalidLabelValueInNodeSelectorTerms: then an update may keep such values. */
const hasInvalidValue = ({ matchExpressions = [] }: NodeSelectorTerm): boolean =>
  matchExpressions.some(({ values = [] }) => values.some((value) => checkLabelValue(value).length > 0));

function validateVolume({ metadata, spec = {} }: Volume, options: Options): FieldError[] {
  return [
    ...validateObjectMeta(metadata, false, nameIsDnsSubdomain),
    ...validatePersistentVolumeSpec(spec, metadata.name ?? "", options, specPath),
  ];
}

function validatePersistentVolumeSpec(
  spec: PersistentVolumeSpec,
  name: string,
  options: Options,
  path: FieldPath,
): FieldError[] {
  const { accessModes = [], capacity, persistentVolumeReclaimPolicy: policy, nodeAffinity } = spec;
  const errors = accessModes.length === 0 ? [required(path.child("accessModes"))] : [];
  errors.push(...validateAccessModes(accessModes, path.child("accessModes")));
  errors.push(...validateCapacity(capacity, path.child("capacity")));
  const policyPath = path.child("persistentVolumeReclaimPolicy");
  if (policy && !reclaimPolicies.includes(policy)) {
    errors.push(notSupported(policyPath, policy, reclaimPolicies));
  }
  if (nodeAffinity)
    errors.push(...validateVolumeNodeAffinity(nodeAffinity, options, path.child("nodeAffinity")));
  errors.push(...validatePersistentVolumeSource(spec, name, nodeAffinity !== undefined, path));
  if (policy === "Recycle" && isRoot(spec.hostPath?.path)) {
    errors.push(forbidden(policyPath, "may not be 'recycle' for a hostPath mount of '/'"));
  }
  if (spec.storageClassName) {
    errors.push(...validateClassName(spec.storageClassName, path.child("storageClassName")));
  }
  if (spec.volumeMode !== undefined) {
    errors.push(...validateVolumeMode(spec.volumeMode, path.child("volumeMode")));
  }
  if (options.enableVolumeAttributesClass) errors.push(...validateAttributesClass(spec, path));
  return errors;
}

const reclaimPolicies = ["Delete", "Recycle", "Retain"];

const isRoot = (hostPath: string | undefined): boolean =>
  hostPath !== undefined && posix.normalize(hostPath) === "/";

const validateClassName = (name: string, path: FieldPath): FieldError[] =>
  invalidText(path, name, nameIsDnsSubdomain(name, false));

function validateCapacity(
  capacity: Readonly<Record<string, string>> | undefined,
  path: FieldPath,
): FieldError[] {
  const resources = Object.keys(capacity ?? {});
  const errors = resources.length === 0 ? [required(path)] : [];
  if (!resources.includes("storage") || resources.length > 1) {
    errors.push(notSupported(path, capacity, ["storage"]));
  }
  for (const resource of resources) {
    const quantity = capacity![resource]!;
    errors.push(...validateBasicResource(quantity, path.key(resource)));
    errors.push(...validatePositiveQuantity(quantity, path.key(resource)));
  }
  return errors;
}

/** validateBasicResource. */
export function validateBasicResource(text: string, path: FieldPath): FieldError[] {
  const value = Quantity.parse(text).value();
  return value < 0n ? [invalid(path, value, "must be a valid resource quantity")] : [];
}

type NodeAffinity = NonNullable<PersistentVolumeSpec["nodeAffinity"]>;

function validateVolumeNodeAffinity(affinity: NodeAffinity, options: Options, path: FieldPath): FieldError[] {
  const at = path.child("required");
  if (!affinity.required) return [required(at, "must specify required node constraints")];
  return validateNodeSelector(affinity.required, options.allowInvalidLabelValue, at);
}

function validateAttributesClass({ volumeAttributesClassName, csi }: PersistentVolumeSpec, path: FieldPath) {
  if (volumeAttributesClassName === undefined) return [];
  const at = path.child("volumeAttributesClassName");
  const errors =
    volumeAttributesClassName === ""
      ? [required(at, "an empty string is disallowed")]
      : validateClassName(volumeAttributesClassName, at);
  if (csi) return errors;
  return [...errors, required(path.child("csi"), "has to be specified when using volumeAttributesClassName")];
}

/** ValidatePersistentVolumeSpec of a volume that stands inside a VolumeAttachment: little but the CSI source. */
export function validateInlineVolumeSpec(spec: PersistentVolumeSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const unset = (field: string): FieldError =>
    forbidden(path.child(field), "may not be specified in the context of inline volumes");
  if (spec.claimRef) errors.push(unset("claimRef"));
  if (Object.keys(spec.capacity ?? {}).length > 0) errors.push(unset("capacity"));
  if (!spec.csi)
    errors.push(required(path.child("csi"), "has to be specified in the context of inline volumes"));
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(required(path.child("accessModes")));
  errors.push(...validateAccessModes(modes, path.child("accessModes")));
  const policy = spec.persistentVolumeReclaimPolicy;
  const policyPath = path.child("persistentVolumeReclaimPolicy");
  if (policy && policy !== "Retain") {
    errors.push(forbidden(policyPath, "may only be Retain in the context of inline volumes"));
  }
  if (spec.nodeAffinity) errors.push(unset("nodeAffinity"));
  errors.push(...validatePersistentVolumeSource(spec, "", false, path));
  if (policy === "Recycle" && isRoot(spec.hostPath?.path)) {
    errors.push(forbidden(policyPath, "may not be 'recycle' for a hostPath mount of '/'"));
  }
  if (spec.storageClassName) errors.push(unset("storageClassName"));
  if (spec.volumeMode !== undefined && spec.volumeMode !== "Filesystem") {
    const detail = "may not specify volumeMode other than Filesystem in the context of inline volumes";
    errors.push(forbidden(path.child("volumeMode"), detail));
  }
  return errors;
}

const mountOptionsAnnotation = "volume.beta.kubernetes.io/mount-options";
const mountableSources = [
  "gcePersistentDisk",
  "awsElasticBlockStore",
  "glusterfs",
  "nfs",
  "rbd",
  "quobyte",
  "iscsi",
  "cinder",
  "cephfs",
  "azureFile",
  "vsphereVolume",
  "azureDisk",
  "photonPersistentDisk",
] as const;

/** ValidatePersistentVolume of pkg/volume/validation. */
function validateMountOptions({ metadata, spec }: Volume): FieldError[] {
  if (metadata.annotations?.[mountOptionsAnnotation] === undefined) return [];
  if (mountableSources.some((source) => spec?.[source] !== undefined)) return [];
  const path = FieldPath.of("metadata", "annotations", mountOptionsAnnotation);
  return [forbidden(path, "may not specify mount options for this volume type")];
}

/** What the strategy's ValidateUpdate checks; that the volume itself is checked twice is upstream's. */
export function validatePersistentVolumeUpdate(
  volume: Volume,
  old: Volume,
  gates: FeatureGates,
): FieldError[] {
  const options = optionsFor(old, gates);
  return [
    ...validateVolume(volume, options),
    ...validateMountOptions(volume),
    ...validateVolume(volume, options),
    ...validateSourceUnchanged(volume, old),
    ...validateImmutable(volume.spec?.volumeMode, old.spec?.volumeMode, FieldPath.of("volumeMode")),
    ...(gates.enabled("MutablePVNodeAffinity") ? [] : validateAffinityUnchanged(volume, old)),
    ...validateAttributesClassChange(volume, old, options, gates),
  ];
}

function sourceOf({ spec = {} }: Volume): Partial<PersistentVolumeSpec> {
  return Object.fromEntries(persistentVolumeSourceFields.map((field) => [field, spec[field]]));
}

function validateSourceUnchanged(volume: Volume, old: Volume): FieldError[] {
  const before = sourceOf(old);
  const after = sourceOf(volume);
  // A secret for expansion may be added later.
  if (before.csi && !before.csi.controllerExpandSecretRef && after.csi) {
    after.csi = { ...after.csi, controllerExpandSecretRef: undefined };
  }
  if (semanticEqual(after, before)) return [];
  const diff = goDiff(goValue(goPersistentVolumeSource, before), goValue(goPersistentVolumeSource, after));
  const detail = `spec.persistentvolumesource is immutable after creation\n${diff}`;
  return [forbidden(FieldPath.of("spec", "persistentvolumesource"), detail)];
}

const betaToGaLabels = new Map([
  ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"],
  ["failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"],
  ["beta.kubernetes.io/os", "kubernetes.io/os"],
  ["beta.kubernetes.io/arch", "kubernetes.io/arch"],
  ["beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"],
]);

/** An affinity may be added, and beta labels may be replaced by what came after them. */
function validateAffinityUnchanged(volume: Volume, old: Volume): FieldError[] {
  const before = old.spec?.nodeAffinity;
  const after = volume.spec?.nodeAffinity;
  if (!before || semanticEqual(after, withGaLabels(before, after))) return [];
  const value = after && goValue(goVolumeNodeAffinity, after);
  const detail = `${immutableError}, except for updating from beta label to GA`;
  return [invalid(FieldPath.of("nodeAffinity"), value, detail)];
}

/**
 * before, with each beta key replaced for which after has the GA one in the same place. Of a key that is no beta
 * label upstream takes the empty one for its successor.
 */
function withGaLabels(before: NodeAffinity, after: NodeAffinity | undefined): NodeAffinity {
  const newTerms = after?.required?.nodeSelectorTerms ?? [];
  const renamed = (term: NodeSelectorTerm, newTerm: NodeSelectorTerm | undefined) => {
    const rename = (field: "matchExpressions" | "matchFields") =>
      term[field]?.map((requirement, index) => {
        const key = newTerm?.[field]?.[index]?.key;
        const successor = betaToGaLabels.get(requirement.key ?? "") ?? "";
        return key === successor ? { ...requirement, key } : requirement;
      });
    return { matchExpressions: rename("matchExpressions"), matchFields: rename("matchFields") };
  };
  const terms = before.required?.nodeSelectorTerms?.map((term, index) => renamed(term, newTerms[index]));
  return { required: before.required && { nodeSelectorTerms: terms } } as NodeAffinity;
}

function validateAttributesClassChange(volume: Volume, old: Volume, options: Options, gates: FeatureGates) {
  const before = old.spec?.volumeAttributesClassName;
  const after = volume.spec?.volumeAttributesClassName;
  if (before === after) return [];
  const path = specPath.child("volumeAttributesClassName");
  const errors: FieldError[] = [];
  if (!gates.enabled("VolumeAttributesClass")) {
    const detail = "update is forbidden when the VolumeAttributesClass feature gate is disabled";
    errors.push(forbidden(path, detail));
  }
  if (options.enableVolumeAttributesClass && after === undefined) {
    errors.push(forbidden(path, "update from non-nil value to nil is forbidden"));
  }
  return errors;
}

/** ValidatePersistentVolumeStatusUpdate. */
export function validatePersistentVolumeStatusUpdate(volume: Volume, old: Volume): FieldError[] {
  const errors = validateObjectMetaUpdate(volume.metadata, old.metadata);
  return volume.metadata.resourceVersion ? errors : [...errors, required(FieldPath.of("resourceVersion"))];
}
