/**
 * A pod's containers of all three sorts.
 * Source: validateContainers, validateInitContainers and validateEphemeralContainers in
 * k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { Container, ContainerPort, EphemeralContainer, PodSpec } from "../../core-types.ts";
import { trimGoSpace } from "../../go-space.ts";
import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notFound,
  notSupported,
  required,
} from "../field.ts";
import { checkPortName, checkPortNumber } from "../names.ts";
import { validateEnv, validateEnvFrom } from "./container-env.ts";
import { type KnownVolumes, validateVolumeDevices, validateVolumeMounts } from "./container-mounts.ts";
import { validateLifecycle, validateLivenessProbe, validateReadinessProbe } from "./container-probes.ts";
import {
  validateChoice,
  validateInitRestartRules,
  validateResizePolicy,
  validateRestartRules,
} from "./container-restart.ts";
import { validateDns1123Label } from "./names.ts";
import type { PodValidationOptions } from "./pod-options.ts";
import { validatePullPolicy } from "./pull-policy.ts";
import { validateContainerResources } from "./resource-requirements.ts";
import { validateSecurityContext } from "./security-context.ts";

/** What the checks of a container need to know of its pod. */
export interface PodFacts {
  readonly spec: PodSpec;
  readonly volumes: KnownVolumes;
  readonly claimNames: ReadonlySet<string>;
  readonly options: PodValidationOptions;
}

/** validateContainers. */
export function validateContainers(facts: PodFacts, path: FieldPath): FieldError[] {
  const { spec, options } = facts;
  if (!spec.containers?.length) return [required(path)];
  const errors: FieldError[] = [];
  const names = new Set<string>();
  spec.containers.forEach((container, index) => {
    const at = path.index(index);
    errors.push(...validateCommon(container, facts, at));
    const name = container.name ?? "";
    if (names.has(name)) errors.push(duplicate(at.child("name"), name));
    names.add(name);
    errors.push(...validateHooks(container, facts, at));
    if (options.allowContainerRestartRules) {
      errors.push(...validateRestartRules(container, at, options));
    } else if (container.restartPolicy !== undefined) {
      errors.push(forbidden(at.child("restartPolicy"), "may not be set for non-init containers"));
    }
  });
  errors.push(...validateHostPorts(spec.containers, path));
  return errors;
}

/** validateInitContainers. */
export function validateInitContainers(facts: PodFacts, path: FieldPath): FieldError[] {
  const { spec, options } = facts;
  const errors: FieldError[] = [];
  const names = new Set(spec.containers?.map(({ name }) => name));
  spec.initContainers?.forEach((container, index) => {
    const at = path.index(index);
    errors.push(...validateCommon(container, facts, at));
    errors.push(...validateInitRestartRules(container, at, options));
    if (names.has(container.name)) errors.push(duplicate(at.child("name"), container.name));
    else if (container.name) names.add(container.name);
    // The conflict is looked for in one container alone, and named as if it were the first.
    errors.push(...validateHostPorts([container], path));
    const isSidecar = container.restartPolicy === "Always";
    if (isSidecar) errors.push(...validateHooks(container, facts, at));
    else errors.push(...refuseHooks(container, at));
    if (isSidecar || options.allowRestartContainerForInitContainer) return;
    container.resizePolicy?.forEach(({ restartPolicy }, policyIndex) => {
      if (restartPolicy !== "RestartContainer") return;
      const field = at.child("resizePolicy").index(policyIndex).child("restartPolicy");
      const detail = "must not be set to 'RestartContainer' for non-sidecar initContainers";
      errors.push(invalid(field, restartPolicy, detail));
    });
  });
  return errors;
}

/** Fields that an ephemeral container has only in the type, in the order of the Go struct. */
const refusedEphemeralFields = [
  "ports",
  "resources",
  "resizePolicy",
  "restartPolicy",
  "restartPolicyRules",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
] as const;

/** validateEphemeralContainers. */
export function validateEphemeralContainers(facts: PodFacts, path: FieldPath): FieldError[] {
  const { spec } = facts;
  const errors: FieldError[] = [];
  const others = new Set(
    [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name),
  );
  const names = new Set(others);
  spec.ephemeralContainers?.forEach((container, index) => {
    const at = path.index(index);
    errors.push(...validateCommon(container, facts, at), ...validateImageSpace(container, at));
    if (names.has(container.name)) errors.push(duplicate(at.child("name"), container.name));
    names.add(container.name);
    const target = container.targetContainerName;
    if (target && !others.has(target)) errors.push(notFound(at.child("targetContainerName"), target));
    errors.push(...validateEphemeralFields(container, at));
  });
  return errors;
}

function validateEphemeralFields(container: EphemeralContainer, path: FieldPath): FieldError[] {
  const detail = "cannot be set for an Ephemeral Container";
  const errors = refusedEphemeralFields
    .filter((field) => isSet(container[field], field))
    .map((field) => forbidden(path.child(field), detail));
  container.volumeMounts?.forEach((mount, index) => {
    for (const field of ["subPath", "subPathExpr"] as const) {
      if (mount[field]) errors.push(forbidden(path.child("volumeMounts").index(index).child(field), detail));
    }
  });
  return errors;
}

/** resources is held by value: decoding writes an empty one where it is left out. */
function isSet(value: unknown, field: string): boolean {
  if (value === undefined || value === null) return false;
  if (field === "resources") return Object.keys(value).length > 0;
  return !Array.isArray(value) || value.length > 0;
}

function validateHooks(container: Container, { spec }: PodFacts, path: FieldPath): FieldError[] {
  const { lifecycle, livenessProbe, readinessProbe, startupProbe } = container;
  const gracePeriod = spec.terminationGracePeriodSeconds;
  const errors: FieldError[] = [];
  if (lifecycle) errors.push(...validateLifecycle(lifecycle, gracePeriod, path.child("lifecycle"), spec.os));
  if (livenessProbe) {
    errors.push(...validateLivenessProbe(livenessProbe, gracePeriod, path.child("livenessProbe")));
  }
  if (readinessProbe) {
    errors.push(...validateReadinessProbe(readinessProbe, gracePeriod, path.child("readinessProbe")));
  }
  // A startup probe follows the rules of a liveness probe.
  if (startupProbe) {
    errors.push(...validateLivenessProbe(startupProbe, gracePeriod, path.child("startupProbe")));
  }
  return errors;
}

const hooks = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const;

function refuseHooks(container: Container, path: FieldPath): FieldError[] {
  const detail = "may not be set for init containers without restartPolicy=Always";
  return hooks.filter((hook) => container[hook]).map((hook) => forbidden(path.child(hook), detail));
}

const messagePolicies = ["File", "FallbackToLogsOnError"];

/** validateContainerCommon. */
function validateCommon(container: Container, facts: PodFacts, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { ports, env, envFrom, volumeMounts, volumeDevices, resources, resizePolicy, securityContext } =
    container;
  if (!container.name) errors.push(required(path.child("name")));
  else errors.push(...validateDns1123Label(container.name, path.child("name")));
  if (!container.image) errors.push(required(path.child("image")));
  const messagePolicy = container.terminationMessagePolicy ?? "";
  if (messagePolicy !== "File") {
    errors.push(...validateChoice(messagePolicy, messagePolicies, path.child("terminationMessagePolicy")));
  }
  if (ports) errors.push(...validatePorts(ports, path.child("ports")));
  if (env) errors.push(...validateEnv(env, path.child("env"), facts.options));
  if (envFrom) errors.push(...validateEnvFrom(envFrom, path.child("envFrom")));
  if (volumeMounts) {
    const at = path.child("volumeMounts");
    errors.push(...validateVolumeMounts(container, volumeMounts, facts.volumes, at));
  }
  if (volumeDevices) {
    const at = path.child("volumeDevices");
    errors.push(...validateVolumeDevices(container, volumeDevices, facts.volumes, at));
  }
  errors.push(...validatePullPolicy(container.imagePullPolicy, path.child("imagePullPolicy")));
  if (resources) {
    const at = path.child("resources");
    errors.push(...validateContainerResources(resources, facts.claimNames, at, facts.options));
  }
  if (resizePolicy) {
    errors.push(...validateResizePolicy(resizePolicy, facts.spec.restartPolicy, path.child("resizePolicy")));
  }
  if (securityContext) {
    const hostUsers = facts.spec.hostUsers ?? true;
    errors.push(...validateSecurityContext(securityContext, path.child("securityContext"), hostUsers));
  }
  return errors;
}

const protocols = ["SCTP", "TCP", "UDP"];

/** validateContainerPorts. */
function validatePorts(ports: readonly ContainerPort[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  ports.forEach(({ name, containerPort, hostPort, protocol }, index) => {
    const at = path.index(index);
    if (name) {
      const problems = checkPortName(name);
      // Upstream's loop over the problems reuses the port's index; the path was made before it.
      for (const problem of problems) errors.push(invalid(at.child("name"), name, problem));
      if (problems.length === 0 && names.has(name)) errors.push(duplicate(at.child("name"), name));
      if (problems.length === 0) names.add(name);
    }
    if (!containerPort) errors.push(required(at.child("containerPort")));
    else errors.push(...validatePort(containerPort, at, "containerPort"));
    if (hostPort) errors.push(...validatePort(hostPort, at, "hostPort"));
    if (!protocol) errors.push(required(at.child("protocol")));
    else if (!protocols.includes(protocol)) {
      errors.push(notSupported(at.child("protocol"), protocol, protocols));
    }
  });
  return errors;
}

function validatePort(port: number, path: FieldPath, field: string): FieldError[] {
  return checkPortNumber(port).map((problem) => invalid(path.child(field), port, problem));
}

/** checkHostPortConflicts: a node has each port once. */
function validateHostPorts(containers: readonly Container[], path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const used = new Set<string>();
  containers.forEach(({ ports }, index) => {
    ports?.forEach(({ protocol, hostIP, hostPort }, portIndex) => {
      if (!hostPort) return;
      const text = `${protocol}/${hostIP ?? ""}/${hostPort}`;
      if (used.has(text)) {
        const at = path.index(index).child("ports").index(portIndex);
        errors.push(duplicate(at.child("hostPort"), text));
      }
      used.add(text);
    });
  });
  return errors;
}

/** validateContainerOnlyForPod: templates may still hold such images. */
export function validateImageSpace({ image = "" }: Container, path: FieldPath): FieldError[] {
  if (trimGoSpace(image) === image) return [];
  return [invalid(path.child("image"), image, "must not have leading or trailing whitespace")];
}
