/**
 * What nodes and controllers say of pods.
 * Source: ValidatePodStatusUpdate in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import { allContainersCouldRestart, containerShouldRestart } from "../../container-restart.ts";
import {
  type Container,
  type ContainerStatus,
  isRestartableInitContainer,
  type Pod,
  type PodSpec,
  type PodStatus,
} from "../../core-types.ts";
import { isIpv4, parseIp } from "../../ip.ts";
import {
  type FieldError,
  FieldPath,
  forbidden,
  internalError,
  invalid,
  required,
  tooLong,
} from "../field.ts";
import { validateLegacyIp } from "../ip.ts";
import { checkUserOrGroupId, isLongerThan, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMetaUpdate } from "../object-meta.ts";
import { validateImmutable } from "../values.ts";
import { validateAllocatedResources } from "./allocated-resources.ts";
import { validateQualifiedName } from "./names.ts";
import { validatePodAnnotationUpdate } from "./pod-annotations.ts";
import { validateClaimStatuses } from "./pod-claim-status.ts";
import type { PodValidationOptions } from "./pod-options.ts";

const statusPath = FieldPath.of("status");
const annotationsPath = FieldPath.of("metadata", "annotations");

const containerLists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] as const;

/** ValidatePodStatusUpdate. */
export function validatePodStatusUpdate(pod: Pod, old: Pod, options: PodValidationOptions): FieldError[] {
  const spec = pod.spec ?? { containers: [] };
  const status = pod.status ?? {};
  const oldStatus = old.status ?? {};
  const { annotations } = pod.metadata;
  const errors = validateObjectMetaUpdate(pod.metadata, old.metadata);
  errors.push(
    ...validatePodAnnotationUpdate(annotations, old.metadata.annotations, spec, annotationsPath, options),
    ...validateConditions(status),
  );
  if ((pod.spec?.nodeName ?? "") !== (old.spec?.nodeName ?? "")) {
    errors.push(forbidden(statusPath.child("nodeName"), "may not be changed directly"));
  }
  errors.push(...validateNominatedNode(status, old, options));
  const generation = status.observedGeneration ?? 0;
  if (generation < 0) errors.push(negativeGeneration(statusPath, generation));
  errors.push(
    ...validateImmutable(status.qosClass, oldStatus.qosClass, statusPath.child("qosClass")),
    ...validateTransitions(status, oldStatus, old.spec ?? { containers: [] }, options),
    ...validateClaimStatuses(status, spec, statusPath),
    ...validateAddresses(status.podIPs ?? [], oldStatus.podIPs ?? [], "podIPs", options),
    ...validateHostIps(status, oldStatus, options),
  );
  for (const list of containerLists) errors.push(...validateUsers(status[list] ?? [], list, spec.os?.name));
  errors.push(...validateAllocatedResources(status, spec, statusPath));
  if (options.imageVolumeDigest) {
    for (const list of containerLists) errors.push(...validateVolumeStatuses(status[list] ?? [], list));
  }
  return errors;
}

const negativeGeneration = (path: FieldPath, generation: number): FieldError =>
  invalid(path.child("observedGeneration"), generation, "must be a non-negative integer");

const systemConditions = new Set(["PodScheduled", "Ready", "Initialized"]);

function validateConditions({ conditions }: PodStatus): FieldError[] {
  const errors: FieldError[] = [];
  conditions?.forEach(({ type = "", observedGeneration = 0 }, index) => {
    const at = statusPath.child("conditions").index(index);
    if (observedGeneration < 0) errors.push(negativeGeneration(at, observedGeneration));
    if (!systemConditions.has(type)) errors.push(...validateQualifiedName(type, at.child("Type")));
  });
  return errors;
}

function validateNominatedNode(status: PodStatus, old: Pod, options: PodValidationOptions): FieldError[] {
  const name = status.nominatedNodeName;
  if (!name || name === old.status?.nominatedNodeName) return [];
  const path = statusPath.child("nominatedNodeName");
  const errors = nameIsDnsSubdomain(name, false).map((problem) => invalid(path, name, problem));
  if (old.spec?.nodeName && options.gates.enabled("ClearingNominatedNodeNameAfterBinding")) {
    errors.push(forbidden(path, "may not be set on pods that are already bound to a node"));
  }
  return errors;
}

/** A container that ended for good does not come back. */
function validateTransitions(
  status: PodStatus,
  old: PodStatus,
  spec: PodSpec,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  const mayAllRestart =
    options.allowContainerRestartRules &&
    options.allowRestartAllContainers &&
    allContainersCouldRestart(spec);
  for (const list of containerLists) {
    const containers = { containerStatuses: spec.containers, initContainerStatuses: spec.initContainers };
    const isEphemeral = list === "ephemeralContainerStatuses";
    if (!isEphemeral && mayAllRestart) continue;
    old[list]?.forEach((before, index) => {
      const ended = before.state?.terminated;
      if (!ended) return;
      const now = status[list]?.find((candidate) => candidate.name === before.name);
      if (!now || now.state?.terminated) return;
      if (!isEphemeral) {
        const container = find(containers[list], before.name);
        if (mayRestart(container, spec, ended.exitCode ?? 0, options)) return;
      }
      const at = statusPath.child(list).index(index).child("state");
      errors.push(forbidden(at, "may not be transitioned to non-terminated state"));
    });
  }
  return errors;
}

function find(containers: readonly Container[] | undefined, name: string): Container | undefined {
  return containers?.find((container) => container.name === name);
}

function mayRestart(
  container: Container | undefined,
  { restartPolicy }: PodSpec,
  exitCode: number,
  { gates, allowContainerRestartRules }: PodValidationOptions,
): boolean {
  if (allowContainerRestartRules) {
    return container !== undefined && containerShouldRestart(container, restartPolicy, exitCode, gates);
  }
  if (restartPolicy === "Always" || isRestartableInitContainer(container)) return true;
  return restartPolicy === "OnFailure" && exitCode !== 0;
}

/** validatePodIPs and what validateHostIPs has in common with it: one address a family. */
function validateAddresses(
  addresses: readonly { ip?: string }[],
  old: readonly { ip?: string }[],
  field: "podIPs" | "hostIPs",
  options: PodValidationOptions,
): FieldError[] {
  if (addresses.length === 0) return [];
  const path = statusPath.child(field);
  const validOld = old.map(({ ip = "" }) => ip);
  const errors = addresses.flatMap(({ ip = "" }, index) =>
    validateLegacyIp(path.index(index), ip, { strict: options.strictIps, validOld }),
  );
  if (addresses.length === 1) return errors;
  const parsed = addresses.map(({ ip = "" }) => parseIp(ip));
  const broken = parsed.indexOf(undefined);
  if (broken >= 0) {
    const problem = `invalid IP[${broken}]: ${addresses[broken]!.ip ?? ""}`;
    errors.push(internalError(path, `failed to check for dual stack with error:${problem}`));
  }
  const families = new Set(parsed.map((ip) => ip && isIpv4(ip.bytes)));
  if (broken >= 0 || families.size < 2 || addresses.length > 2) {
    const value = addresses.map(({ ip = "" }) => ({ IP: ip }));
    errors.push(invalid(path, value, "may specify no more than one IP for each IP family"));
  }
  return errors;
}

function validateHostIps(status: PodStatus, old: PodStatus, options: PodValidationOptions): FieldError[] {
  const [first] = status.hostIPs ?? [];
  if (!first) return [];
  const errors = validateAddresses(status.hostIPs!, old.hostIPs ?? [], "hostIPs", options);
  if (status.hostIP === first.ip) return errors;
  const at = statusPath.child("hostIPs").index(0).child("ip");
  return [invalid(at, first.ip ?? "", "must be equal to `hostIP`"), ...errors];
}

/** validateContainerStatusUsers. */
function validateUsers(
  statuses: readonly ContainerStatus[],
  list: string,
  os: string | undefined,
): FieldError[] {
  const errors: FieldError[] = [];
  statuses.forEach(({ user }, index) => {
    if (!user?.linux) return;
    const at = statusPath.child(list).index(index).child("user", "linux");
    if (os === "windows") errors.push(forbidden(at, "cannot be set for a windows pod"));
    if (os !== undefined && os !== "linux") return;
    const { uid = 0, gid = 0, supplementalGroups = [] } = user.linux;
    errors.push(...validateId(uid, at.child("uid")), ...validateId(gid, at.child("gid")));
    supplementalGroups.forEach((group, groupIndex) => {
      errors.push(...validateId(group, at.child("supplementalGroups").index(groupIndex)));
    });
  });
  return errors;
}

function validateId(id: number, path: FieldPath): FieldError[] {
  return checkUserOrGroupId(id).map((problem) => invalid(path, id, problem));
}

const longestImageRef = 256;

function validateVolumeStatuses(statuses: readonly ContainerStatus[], list: string): FieldError[] {
  const errors: FieldError[] = [];
  statuses.forEach(({ volumeMounts }, index) => {
    volumeMounts?.forEach(({ volumeStatus }, mountIndex) => {
      if (!volumeStatus?.image) return;
      const mount = statusPath.child(list).index(index).child("volumeMounts").index(mountIndex);
      const at = mount.child("volumeStatus", "imageVolumeStatus", "imageRef");
      const { imageRef = "" } = volumeStatus.image;
      if (!imageRef) errors.push(required(at, "imageRef must not be empty"));
      if (isLongerThan(imageRef, longestImageRef)) errors.push(tooLong(at, longestImageRef));
    });
  });
  return errors;
}
