/** Kernel parameters of a pod. Sources: validateSysctls in pkg/apis/core/validation and component-helpers/node/util/sysctl. */
import type { PodSpec } from "../../core-types.ts";
import { duplicate, type FieldError, type FieldPath, invalid, required } from "../field.ts";
import { isLongerThan } from "../names.ts";
import type { PodValidationOptions } from "./pod-options.ts";

const segment = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const sysctlSource = `(${segment}[\\./])*${segment}`;
/** The same language, written so that it matches in linear time. */
const sysctlPattern = /^[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?(?:[./][a-z0-9](?:[-_a-z0-9]*[a-z0-9])?)*$/;
const mismatch = `must have at most 253 characters and match regex ^${sysctlSource}$`;

interface Sysctl {
  name: string;
}

export function validateSysctls(
  sysctls: readonly Sysctl[],
  spec: PodSpec,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  sysctls.forEach(({ name = "" }, index) => {
    const at = path.index(index).child("name");
    if (!name) errors.push(required(at));
    else if (isLongerThan(name, 253) || !sysctlPattern.test(name)) errors.push(invalid(at, name, mismatch));
    else if (names.has(name)) errors.push(duplicate(at, name));
    const problem = options.allowNamespacedSysctlsForHost ? undefined : hostSysctlProblem(name, spec);
    if (problem) errors.push(invalid(at, name, problem));
    names.add(name);
  });
  return errors;
}

/** ValidateHostSysctl: a pod in the host's namespace must not change what all pods there share. */
export function hostSysctlProblem(name: string, spec: PodSpec): string | undefined {
  const namespace = sysctlNamespace(name);
  if (spec.hostNetwork && namespace === "net") return "may not be specified when 'hostNetwork' is true";
  if (spec.hostIPC && namespace === "ipc") return "may not be specified when 'hostIPC' is true";
  return undefined;
}

const ipcParameters = new Set([
  "kernel.sem",
  "kernel.shm",
  "kernel.shmall",
  "kernel.shmmax",
  "kernel.shmmni",
  "kernel.shm_rmid_forced",
  "kernel.msg",
  "kernel.msgmax",
  "kernel.msgmnb",
  "kernel.msgmni",
]);

/** sysctl.GetNamespace: the kernel namespace that a parameter belongs to, as far as a "*" leaves it known. */
function sysctlNamespace(written: string): "ipc" | "net" | undefined {
  const name = normalized(written).split("*", 1)[0]!;
  if (ipcParameters.has(name) || name.startsWith("fs.mqueue.")) return "ipc";
  return name.startsWith("net.") ? "net" : undefined;
}

/** Slashes may separate instead of dots; whichever comes first is the separator. */
function normalized(name: string): string {
  if (/[./]/.exec(name)?.[0] !== "/") return name;
  return name.replace(/[./]/g, (character) => (character === "/" ? "." : "/"));
}
