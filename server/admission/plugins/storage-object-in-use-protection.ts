import type { FeatureGates } from "../../../api/feature-gates.ts";
import type { AdmissionPlugin, AdmissionRule } from "../chain.ts";

/**
 * Volumes, claims and attribute classes are born with a finalizer, which goes when nobody uses them any more.
 * Source: plugin/pkg/admission/storage/storageobjectinuseprotection.
 */
export function storageObjectInUseProtection(gates: FeatureGates): AdmissionPlugin {
  const attributesClasses = protecting(
    "volumeattributesclasses.storage.k8s.io",
    "kubernetes.io/vac-protection",
  );
  return {
    name: "StorageObjectInUseProtection",
    rules: [
      protecting("persistentvolumes", "kubernetes.io/pv-protection"),
      protecting("persistentvolumeclaims", "kubernetes.io/pvc-protection"),
      ...(gates.enabled("VolumeAttributesClass") ? [attributesClasses] : []),
    ],
  };
}

/** The same for groups of pods. Source: plugin/pkg/admission/scheduling/podgroupprotection. */
export function podGroupProtection(gates: FeatureGates): AdmissionPlugin {
  const rule = protecting("podgroups.scheduling.k8s.io", "scheduling.k8s.io/podgroup-protection");
  return { name: "PodGroupProtection", rules: gates.enabled("GenericWorkload") ? [rule] : [] };
}

function protecting(resource: string, finalizer: string): AdmissionRule {
  return {
    operations: ["CREATE"],
    resources: [resource],
    admit({ object }) {
      const { metadata } = object!;
      const finalizers = metadata.finalizers ?? [];
      if (!finalizers.includes(finalizer)) metadata.finalizers = [...finalizers, finalizer];
    },
  };
}
