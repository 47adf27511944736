import type { Schemas } from "../types.ts";

type Source = Schemas["io.k8s.api.core.v1.PersistentVolumeSpec"];

/** The defaults of volume sources in a PersistentVolumeSpec. Source: pkg/apis/core/v1/zz_generated.defaults.go. */
export function defaultPersistentVolumeSource({ hostPath, rbd, iscsi, azureDisk, scaleIO }: Source): void {
  if (hostPath) hostPath.type ??= "";
  if (rbd) {
    rbd.pool ||= "rbd";
    rbd.user ||= "admin";
    rbd.keyring ||= "/etc/ceph/keyring";
  }
  if (iscsi) iscsi.iscsiInterface ||= "default";
  if (azureDisk) {
    azureDisk.cachingMode ??= "ReadWrite";
    azureDisk.fsType ??= "ext4";
    azureDisk.readOnly ??= false;
    azureDisk.kind ??= "Shared";
  }
  if (scaleIO) {
    scaleIO.storageMode ||= "ThinProvisioned";
    scaleIO.fsType ||= "xfs";
  }
}
