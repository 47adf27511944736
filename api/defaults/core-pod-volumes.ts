/** Defaults of a pod's volumes. Source: k8s.io/kubernetes/pkg/apis/core/v1/defaults.go. */
import type { ObjectFieldSelector, ProjectedVolumeSource, Volume } from "../core-types.ts";
import { isLatestImage } from "../image-reference.ts";
import { defaultPersistentVolumeSource } from "./persistent-volume-source.ts";
import { defaultResourceList } from "./resource-list.ts";

const fileMode = 0o644;

/** SetDefaults_Volume and the defaults of whichever source the volume has; a volume without one is an emptyDir. */
export function defaultVolume(volume: Volume): void {
  if (!hasSource(volume)) volume.emptyDir = {};
  const { secret, configMap, downwardAPI, projected, image } = volume;
  const { hostPath, rbd, iscsi, azureDisk, scaleIO } = volume;
  if (secret) secret.defaultMode ??= fileMode;
  if (configMap) configMap.defaultMode ??= fileMode;
  if (downwardAPI) {
    downwardAPI.defaultMode ??= fileMode;
    defaultFieldRefs(downwardAPI.items);
  }
  if (projected) defaultProjected(projected);
  if (image) image.pullPolicy ||= isLatestImage(image.reference ?? "") ? "Always" : "IfNotPresent";
  defaultPersistentVolumeSource({ hostPath, rbd, iscsi, azureDisk, scaleIO });
  const claim = volume.ephemeral?.volumeClaimTemplate?.spec;
  if (claim) {
    claim.volumeMode ??= "Filesystem";
    defaultResourceList(claim.resources?.limits);
    defaultResourceList(claim.resources?.requests);
  }
}

function hasSource(volume: Volume): boolean {
  for (const key in volume) {
    if (key !== "name" && volume[key as keyof Volume] != null) return true;
  }
  return false;
}

function defaultProjected(projected: ProjectedVolumeSource): void {
  projected.defaultMode ??= fileMode;
  for (const { downwardAPI, serviceAccountToken } of projected.sources ?? []) {
    if (downwardAPI) defaultFieldRefs(downwardAPI.items);
    if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= 3600;
  }
}

function defaultFieldRefs(items: readonly { fieldRef?: ObjectFieldSelector }[] | undefined): void {
  for (const { fieldRef } of items ?? []) if (fieldRef) fieldRef.apiVersion ||= "v1";
}
