/**
 * Security contexts of containers and pods.
 * Source: ValidateSecurityContext, validatePodSpecSecurityContext and their neighbours in
 * k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type {
  AppArmorProfile,
  PodSecurityContext,
  PodSpec,
  SeccompProfile,
  SecurityContext,
} from "../../core-types.ts";
import { trimGoSpace } from "../../go-space.ts";
import { goValue } from "../../go-value.ts";
import {
  type FieldError,
  type FieldPath,
  invalid,
  notSupported,
  required,
  TypedText,
  tooLong,
} from "../field.ts";
import { checkUserOrGroupId, isLongerThan } from "../names.ts";
import { validateLocalDescendingPath } from "./paths.ts";
import { coreLayout } from "./pod-go-layout.ts";
import type { PodValidationOptions } from "./pod-options.ts";
import { validateSysctls } from "./sysctls.ts";
import { validateWindowsOptions } from "./windows-options.ts";

/** ValidateSecurityContext; hostUsers is false where the pod has its own user namespace. */
export function validateSecurityContext(
  context: SecurityContext,
  path: FieldPath,
  hostUsers: boolean,
): FieldError[] {
  const errors = [
    ...validateId(context.runAsUser, path, "runAsUser"),
    ...validateId(context.runAsGroup, path, "runAsGroup"),
  ];
  const { procMount, seccompProfile, windowsOptions, appArmorProfile } = context;
  if (procMount !== undefined) {
    const at = path.child("procMount");
    if (procMount !== "Default" && procMount !== "Unmasked") {
      errors.push(notSupported(at, procMount, ["Default", "Unmasked"]));
    }
    if (hostUsers && procMount === "Unmasked") {
      errors.push(invalid(at, procMount, "`hostUsers` must be false to use `Unmasked`"));
    }
  }
  if (seccompProfile) errors.push(...validateSeccompProfile(seccompProfile, path.child("seccompProfile")));
  if (context.allowPrivilegeEscalation === false) errors.push(...validateNoEscalation(context, path));
  if (windowsOptions) errors.push(...validateWindowsOptions(windowsOptions, path.child("windowsOptions")));
  if (appArmorProfile) {
    errors.push(...validateAppArmorProfile(appArmorProfile, path.child("appArmorProfile")));
  }
  return errors;
}

function validateNoEscalation(context: SecurityContext, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (what: string): void => {
    const value = goValue(coreLayout("SecurityContext"), context);
    errors.push(invalid(path, value, `cannot set \`allowPrivilegeEscalation\` to false and ${what}`));
  };
  if (context.privileged) refuse("`privileged` to true");
  for (const capability of context.capabilities?.add ?? []) {
    if (capability === "CAP_SYS_ADMIN") refuse("`capabilities.Add` CAP_SYS_ADMIN");
  }
  return errors;
}

function validateId(id: number | undefined, path: FieldPath, field: string): FieldError[] {
  if (id === undefined) return [];
  return checkUserOrGroupId(id).map((problem) => invalid(path.child(field), id, problem));
}

const fsGroupChangePolicies = ["Always", "OnRootMismatch"];
const supplementalGroupsPolicies = ["Merge", "Strict"];

/** validatePodSpecSecurityContext. */
export function validatePodSecurityContext(
  context: PodSecurityContext,
  spec: PodSpec,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors = [
    ...validateId(context.fsGroup, path, "fsGroup"),
    ...validateId(context.runAsUser, path, "runAsUser"),
    ...validateId(context.runAsGroup, path, "runAsGroup"),
  ];
  context.supplementalGroups?.forEach((group, index) => {
    for (const problem of checkUserOrGroupId(group)) {
      errors.push(invalid(path.child("supplementalGroups").index(index), group, problem));
    }
  });
  if (spec.shareProcessNamespace && spec.hostPID) {
    const detail = "ShareProcessNamespace and HostPID cannot both be enabled";
    errors.push(invalid(path.child("shareProcessNamespace"), true, detail));
  }
  if (context.sysctls?.length) {
    errors.push(...validateSysctls(context.sysctls, spec, path.child("sysctls"), options));
  }
  errors.push(...validateOneOf(context, "fsGroupChangePolicy", fsGroupChangePolicies, path));
  const { seccompProfile, windowsOptions, appArmorProfile } = context;
  if (seccompProfile) errors.push(...validateSeccompProfile(seccompProfile, path.child("seccompProfile")));
  if (windowsOptions) errors.push(...validateWindowsOptions(windowsOptions, path.child("windowsOptions")));
  if (appArmorProfile) {
    errors.push(...validateAppArmorProfile(appArmorProfile, path.child("appArmorProfile")));
  }
  const changePolicies = options.allowOnlyRecursiveSelinuxChangePolicy
    ? ["Recursive"]
    : ["MountOption", "Recursive"];
  errors.push(
    ...validateOneOf(context, "supplementalGroupsPolicy", supplementalGroupsPolicies, path),
    ...validateOneOf(context, "seLinuxChangePolicy", changePolicies, path),
  );
  return errors;
}

function validateOneOf(
  context: PodSecurityContext,
  field: "fsGroupChangePolicy" | "supplementalGroupsPolicy" | "seLinuxChangePolicy",
  supported: readonly string[],
  path: FieldPath,
): FieldError[] {
  const value = context[field];
  return value === undefined || supported.includes(value)
    ? []
    : [notSupported(path.child(field), value, supported)];
}

const profileTypes = ["Localhost", "RuntimeDefault", "Unconfined"];

/** validateSeccompProfileField. */
function validateSeccompProfile(profile: SeccompProfile, path: FieldPath): FieldError[] {
  const { type, localhostProfile } = profile;
  const errors: FieldError[] = [];
  if (!type) {
    errors.push(required(path.child("type"), "type is required when seccompProfile is set"));
  } else if (!profileTypes.includes(type)) {
    errors.push(notSupported(path.child("type"), type, profileTypes));
  }
  const at = path.child("localhostProfile");
  if (type === "Localhost") {
    if (localhostProfile === undefined) {
      errors.push(required(at, "must be set when seccomp type is Localhost"));
    } else {
      errors.push(...validateLocalDescendingPath(localhostProfile, at));
    }
  } else if (localhostProfile !== undefined) {
    const value = goValue(coreLayout("SeccompProfile"), profile);
    errors.push(invalid(at, value, "can only be set when seccomp type is Localhost"));
  }
  return errors;
}

/** PATH_MAX - 1 */
const longestProfile = 4095;

/** ValidateAppArmorProfileField. */
export function validateAppArmorProfile(profile: AppArmorProfile, path: FieldPath): FieldError[] {
  const { type, localhostProfile } = profile;
  const at = path.child("localhostProfile");
  switch (type) {
    case "Localhost": {
      if (localhostProfile === undefined || localhostProfile === "") {
        return [required(at, "must be set when AppArmor type is Localhost")];
      }
      const errors: FieldError[] = [];
      if (trimGoSpace(localhostProfile) !== localhostProfile) {
        errors.push(invalid(at, localhostProfile, "must not be padded with whitespace"));
      }
      if (isLongerThan(localhostProfile, longestProfile)) errors.push(tooLong(at, longestProfile));
      return errors;
    }
    case "RuntimeDefault":
    case "Unconfined":
      if (localhostProfile === undefined) return [];
      return [
        invalid(at, new TypedText(localhostProfile), "can only be set when AppArmor type is Localhost"),
      ];
    default:
      if (!type) return [required(path.child("type"), "type is required when appArmorProfile is set")];
      return [notSupported(path.child("type"), type, profileTypes)];
  }
}
