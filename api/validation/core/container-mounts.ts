/**
 * Where containers mount volumes.
 * Source: ValidateVolumeMounts and its neighbours in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { Container, Volume, VolumeDevice, VolumeMount } from "../../core-types.ts";
import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
} from "../field.ts";
import { hasBackstep, validateLocalDescendingPath } from "./paths.ts";

/** Volumes of the pod that are right in themselves, by name. */
export type KnownVolumes = ReadonlyMap<string, Volume>;

/** ValidateVolumeMounts. Errors of some fields name the list, not the item, as upstream has it. */
export function validateVolumeMounts(
  container: Container,
  mounts: readonly VolumeMount[],
  volumes: KnownVolumes,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const mountPaths = new Set<string>();
  const devices = container.volumeDevices ?? [];
  mounts.forEach((mount, index) => {
    const { name = "", mountPath = "", subPath, subPathExpr } = mount;
    const at = path.index(index);
    if (!name) errors.push(required(at.child("name")));
    if (!volumes.has(name)) errors.push(notFound(at.child("name"), name));
    if (!mountPath) errors.push(required(at.child("mountPath")));
    if (mountPaths.has(mountPath)) errors.push(invalid(at.child("mountPath"), mountPath, "must be unique"));
    mountPaths.add(mountPath);
    if (devices.length > 0) errors.push(...validateNoDevice(name, mountPath, devices, at));
    if (subPath) errors.push(...validateLocalDescendingPath(subPath, path.child("subPath")));
    if (subPathExpr) {
      if (subPath) {
        const detail = "subPathExpr and subPath are mutually exclusive";
        errors.push(invalid(at.child("subPathExpr"), subPathExpr, detail));
      }
      errors.push(...validateLocalDescendingPath(subPathExpr, path.child("subPathExpr")));
    }
    if (mount.mountPropagation !== undefined) {
      errors.push(...validatePropagation(mount.mountPropagation, container, path.child("mountPropagation")));
    }
    if (mount.recursiveReadOnly !== undefined) errors.push(...validateRecursiveReadOnly(mount, path));
  });
  return errors;
}

/** What is mounted is no raw block device as well. */
function validateNoDevice(
  name: string,
  mountPath: string,
  devices: readonly VolumeDevice[],
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  if (devices.some((device) => device.name === name)) {
    errors.push(invalid(path.child("name"), name, "must not already exist in volumeDevices"));
  }
  if (lastPaths(devices, "devicePath").includes(mountPath)) {
    const detail = "must not already exist as a path in volumeDevices";
    errors.push(invalid(path.child("mountPath"), mountPath, detail));
  }
  return errors;
}

/** Of several devices (or mounts) with one name the last one counts. */
function lastPaths<Key extends "devicePath" | "mountPath">(
  items: readonly ({ name: string } & Record<Key, string>)[],
  key: Key,
): string[] {
  if (items.length === 0) return [];
  return [...new Map(items.map((item) => [item.name, item[key] ?? ""])).values()];
}

const propagations = ["Bidirectional", "HostToContainer", "None"];

function validatePropagation(propagation: string, container: Container, path: FieldPath): FieldError[] {
  if (!propagations.includes(propagation)) return [notSupported(path, propagation, propagations)];
  if (propagation !== "Bidirectional" || container.securityContext?.privileged) return [];
  return [forbidden(path, "Bidirectional mount propagation is available only to privileged containers")];
}

const readOnlyModes = ["Disabled", "Enabled", "IfPossible"];

function validateRecursiveReadOnly(mount: VolumeMount, listPath: FieldPath): FieldError[] {
  const path = listPath.child("recursiveReadOnly");
  const mode = mount.recursiveReadOnly!;
  if (mode === "Disabled") return [];
  if (!readOnlyModes.includes(mode)) return [notSupported(path, mode, readOnlyModes)];
  const errors: FieldError[] = [];
  if (!mount.readOnly) errors.push(forbidden(path, "may only be specified when readOnly is true"));
  if (mount.mountPropagation !== undefined && mount.mountPropagation !== "None") {
    errors.push(forbidden(path, "may only be specified when mountPropagation is None or not specified"));
  }
  return errors;
}

/** ValidateVolumeDevices: raw block devices come from claims only. */
export function validateVolumeDevices(
  container: Container,
  devices: readonly VolumeDevice[],
  volumes: KnownVolumes,
  path: FieldPath,
): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  const paths = new Set<string>();
  const mounts = container.volumeMounts ?? [];
  devices.forEach(({ name = "", devicePath = "" }, index) => {
    const nameAt = path.index(index).child("name");
    const pathAt = path.index(index).child("devicePath");
    const volume = volumes.get(name);
    if (!name) errors.push(required(nameAt));
    if (names.has(name)) errors.push(invalid(nameAt, name, "must be unique"));
    if (!volume) {
      errors.push(notFound(nameAt, name));
    } else if (!volume.persistentVolumeClaim && !volume.ephemeral) {
      const detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
      errors.push(invalid(nameAt, name, detail));
    }
    if (!devicePath) errors.push(required(pathAt));
    if (paths.has(devicePath)) errors.push(invalid(pathAt, devicePath, "must be unique"));
    if (hasBackstep(devicePath)) errors.push(invalid(pathAt, devicePath, "can not contain backsteps ('..')"));
    else paths.add(devicePath);
    if (mounts.some((mount) => mount.name === name)) {
      errors.push(invalid(nameAt, name, "must not already exist in volumeMounts"));
    }
    if (lastPaths(mounts, "mountPath").includes(devicePath)) {
      errors.push(invalid(pathAt, devicePath, "must not already exist as a path in volumeMounts"));
    }
    if (name) names.add(name);
  });
  return errors;
}
