/**
 * Fields that a pod of one operating system can't have.
 * Source: validateOS, validateLinux and validateWindows in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { PodSpec } from "../../core-types.ts";
import { type FieldError, type FieldPath, forbidden, notSupported, required } from "../field.ts";
import { visitContainers } from "./visit-containers.ts";

export function validateOs(spec: PodSpec, os: { name: string }, path: FieldPath): FieldError[] {
  switch (os.name) {
    case "linux":
      return validateLinux(spec, path);
    case "windows":
      return validateWindows(spec, path);
    default:
      if (!os.name) return [required(path.child("os", "name"))];
      return [notSupported(path.child("os"), os.name, ["linux", "windows"])];
  }
}

function validateLinux(spec: PodSpec, path: FieldPath): FieldError[] {
  const detail = "windows options cannot be set for a linux pod";
  const errors: FieldError[] = [];
  const at = path.child("securityContext", "windowsOptions");
  if (spec.securityContext?.windowsOptions) errors.push(forbidden(at, detail));
  visitContainers(spec, path, ({ securityContext }, containerPath) => {
    if (!securityContext?.windowsOptions) return;
    errors.push(forbidden(containerPath.child("securityContext", "windowsOptions"), detail));
  });
  return errors;
}

/** In the order in which upstream looks; those without a dot are fields of the spec. */
const notOnWindows = [
  "securityContext.appArmorProfile",
  "securityContext.seLinuxOptions",
  "hostUsers",
  "hostPID",
  "hostIPC",
  "securityContext.seccompProfile",
  "securityContext.fsGroup",
  "securityContext.fsGroupChangePolicy",
  "securityContext.sysctls",
  "shareProcessNamespace",
  "securityContext.runAsUser",
  "securityContext.runAsGroup",
  "securityContext.supplementalGroups",
  "securityContext.supplementalGroupsPolicy",
  "securityContext.seLinuxChangePolicy",
];

const notInWindowsContainers = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "capabilities",
  "readOnlyRootFilesystem",
  "privileged",
  "allowPrivilegeEscalation",
  "procMount",
  "runAsUser",
  "runAsGroup",
];

const flags = new Set(["hostPID", "hostIPC"]);

function validateWindows(spec: PodSpec, path: FieldPath): FieldError[] {
  const detail = "cannot be set for a windows pod";
  const errors: FieldError[] = [];
  for (const place of notOnWindows) {
    const [first = "", second] = place.split(".");
    const holder: object | undefined = second ? spec.securityContext : spec;
    const value = holder && (holder as Readonly<Record<string, unknown>>)[second ?? first];
    const isSet = flags.has(place) ? value === true : value !== undefined;
    if (!isSet || (Array.isArray(value) && value.length === 0)) continue;
    errors.push(forbidden(second ? path.child(first, second) : path.child(first), detail));
  }
  visitContainers(spec, path, ({ securityContext }, at) => {
    const held = securityContext as Readonly<Record<string, unknown>> | undefined;
    for (const field of notInWindowsContainers) {
      if (held?.[field] === undefined) continue;
      errors.push(forbidden(at.child("securityContext", field), detail));
    }
  });
  return errors;
}
