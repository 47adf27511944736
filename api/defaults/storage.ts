/** Source: pkg/apis/storage/v1/defaults.go. */
import type { ObjectOf } from "../object-of.ts";
import { defaultPersistentVolumeSource } from "./persistent-volume-source.ts";
import { defaultResourceList } from "./resource-list.ts";
import type { DefaultsContext, DefaultsTable } from "./table.ts";

function defaultStorageClass(storageClass: ObjectOf<"io.k8s.api.storage.v1.StorageClass">): void {
  storageClass.reclaimPolicy ??= "Delete";
  storageClass.volumeBindingMode ??= "Immediate";
}

function defaultCsiDriver(
  driver: ObjectOf<"io.k8s.api.storage.v1.CSIDriver">,
  { gates }: DefaultsContext,
): void {
  driver.spec ??= {};
  const { spec } = driver;
  spec.attachRequired ??= true;
  spec.podInfoOnMount ??= false;
  spec.storageCapacity ??= false;
  spec.fsGroupPolicy ??= "ReadWriteOnceWithFSType";
  if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ["Persistent"];
  spec.requiresRepublish ??= false;
  if (gates.enabled("SELinuxMountReadWriteOncePod")) spec.seLinuxMount ??= false;
  if (gates.enabled("VolumeLimitScaling")) spec.preventPodSchedulingIfMissing ??= false;
}

function defaultVolumeAttachment({ spec }: ObjectOf<"io.k8s.api.storage.v1.VolumeAttachment">): void {
  const inline = spec?.source?.inlineVolumeSpec;
  if (!inline) return;
  defaultResourceList(inline.capacity);
  defaultPersistentVolumeSource(inline);
}

export const storageDefaults: DefaultsTable = {
  "storage.k8s.io/v1": {
    StorageClass: defaultStorageClass,
    CSIDriver: defaultCsiDriver,
    VolumeAttachment: defaultVolumeAttachment,
  },
};
