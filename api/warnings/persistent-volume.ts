/** Source: pkg/api/persistentvolume/util.go and pkg/api/persistentvolumeclaim/util.go. */
import type { ObjectOf } from "../object-of.ts";
import { Quantity } from "../quantity.ts";
import { FieldPath } from "../validation/field.ts";
import { warningsForNodeSelectorTerm } from "../validation/node-label-warnings.ts";
import { betaStorageClassAnnotation } from "../volume-facts.ts";

type Volume = ObjectOf<"io.k8s.api.core.v1.PersistentVolume">;
type Claim = ObjectOf<"io.k8s.api.core.v1.PersistentVolumeClaim">;

const annotationsPath = FieldPath.of("metadata", "annotations");
const specPath = FieldPath.of("spec");

const classAnnotationMessage = 'deprecated since v1.8; use "storageClassName" attribute instead';
const deprecatedAnnotations = [
  [betaStorageClassAnnotation, classAnnotationMessage],
  ["volume.beta.kubernetes.io/mount-options", 'deprecated since v1.31; use "mountOptions" attribute instead'],
] as const;

/** Volume sources without an implementation; storageOS is how upstream spells that one here. */
const deprecatedSources = [
  ["cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"],
] as const;

/** GetWarningsForPersistentVolume. */
export function persistentVolumeWarnings({ metadata, spec }: Volume): string[] {
  const warnings: string[] = [];
  for (const [key, message] of deprecatedAnnotations) {
    if (metadata.annotations?.[key] !== undefined) warnings.push(`${annotationsPath.key(key)}: ${message}`);
  }
  if (spec.persistentVolumeReclaimPolicy === "Recycle") {
    warnings.push(
      "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.",
    );
  }
  const terms = specPath.child("nodeAffinity", "required", "nodeSelectorTerms");
  spec.nodeAffinity?.required?.nodeSelectorTerms?.forEach((term, index) => {
    warnings.push(...warningsForNodeSelectorTerm(term, false, terms.index(index)));
  });
  for (const [field, name, message] of deprecatedSources) {
    if (spec[field]) warnings.push(`${specPath.child(name)}: ${message}`);
  }
  return warnings;
}

/** GetWarningsForPersistentVolumeClaim. */
export function persistentVolumeClaimWarnings({ metadata, spec }: Claim): string[] {
  const annotated = metadata.annotations?.[betaStorageClassAnnotation] !== undefined;
  const path = annotationsPath.key(betaStorageClassAnnotation);
  return [...(annotated ? [`${path}: ${classAnnotationMessage}`] : []), ...claimSpecWarnings(spec, specPath)];
}

/** GetWarningsForPersistentVolumeClaimSpec, also of claims that are made together with pods. */
export function claimSpecWarnings(
  { resources }: Pick<Claim["spec"], "resources">,
  path: FieldPath,
): string[] {
  return (["requests", "limits"] as const).flatMap((field) => {
    const storage = resources?.[field]?.["storage"];
    if (storage === undefined || Quantity.parse(storage).milliValue() % 1000n === 0n) return [];
    const at = path.child("resources", field).key("storage");
    return [`${at}: fractional byte value "${storage}" is invalid, must be an integer`];
  });
}
