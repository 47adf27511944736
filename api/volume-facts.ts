/** What follows from volumes and claims. Source: pkg/apis/core/helper/helpers.go. */
import type { ObjectMeta } from "./object.ts";

/** The annotation that came before storageClassName, and still wins over it. */
export const betaStorageClassAnnotation = "volume.beta.kubernetes.io/storage-class";

/** GetPersistentVolumeClass and GetPersistentVolumeClaimClass. */
export function storageClassOf(object: {
  metadata: ObjectMeta;
  spec?: { storageClassName?: string };
}): string {
  return object.metadata.annotations?.[betaStorageClassAnnotation] ?? object.spec?.storageClassName ?? "";
}

const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: "RWO",
  ReadOnlyMany: "ROX",
  ReadWriteMany: "RWX",
  ReadWriteOncePod: "RWOP",
};

/** GetAccessModesAsString: "RWO,RWX", always in this order. */
export function accessModesText(modes: readonly string[] | undefined): string {
  return Object.keys(shortModes)
    .filter((mode) => modes?.includes(mode))
    .map((mode) => shortModes[mode])
    .join(",");
}
