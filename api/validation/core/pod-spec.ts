/**
 * A pod's spec, of a pod or in a template.
 * Source: ValidatePodSpec and ValidatePodTemplateSpec in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { PodSpec, PodTemplateSpec, Volume } from "../../core-types.ts";
import { goValue } from "../../go-value.ts";
import type { ObjectMeta } from "../../object.ts";
import {
  duplicate,
  type FieldError,
  type FieldPath,
  forbidden,
  invalid,
  notFound,
  required,
} from "../field.ts";
import { validateLabels } from "../labels.ts";
import { inclusiveRangeError, nameIsDnsSubdomain } from "../names.ts";
import { validateAnnotations } from "../object-meta.ts";
import { validateChoice } from "./container-restart.ts";
import { validateDns1123Label, validateQualifiedName } from "./names.ts";
import { validateAffinity } from "./pod-affinity.ts";
import { mirrorPodAnnotation, validatePodAnnotations } from "./pod-annotations.ts";
import {
  type PodFacts,
  validateContainers,
  validateEphemeralContainers,
  validateInitContainers,
} from "./pod-containers.ts";
import { coreLayout } from "./pod-go-layout.ts";
import { validateHostAliases, validateHostName, validateHostUsers, validatePodDns } from "./pod-network.ts";
import type { PodValidationOptions } from "./pod-options.ts";
import { validateOs } from "./pod-os.ts";
import { validatePodResources } from "./pod-resources.ts";
import { validateVolumes } from "./pod-volumes.ts";
import { validateProfileAnnotations } from "./profile-annotations.ts";
import { validateOverhead } from "./resource-requirements.ts";
import { validatePodSecurityContext } from "./security-context.ts";
import { validateTolerations } from "./tolerations.ts";
import { validateTopologySpread } from "./topology-spread.ts";
import { visitContainers } from "./visit-containers.ts";
import { validateHostProcesses } from "./windows-options.ts";

type Meta = Pick<ObjectMeta, "name" | "annotations">;

/** ValidatePodSpec; meta is that of a pod, undefined for a template. */
export function validatePodSpec(
  spec: PodSpec,
  meta: Meta | undefined,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.terminationGracePeriodSeconds === undefined) {
    errors.push(required(path.child("terminationGracePeriodSeconds")));
  }
  errors.push(
    ...validateParts(spec, meta, path, options),
    ...validateHostPortsOfHostNetwork(spec, path, options),
    ...validateChoices(spec, path),
    ...validateScheduling(spec, path, options),
    ...validateHostProcesses(spec, path),
    ...validateHostUsers(spec, path, options),
    ...validateHostName(spec, path),
    ...validateReferences(spec, path, options),
  );
  if (spec.os) errors.push(...validateOs(spec, spec.os, path));
  const group = spec.schedulingGroup;
  if (group) errors.push(...validateSchedulingGroup(group.podGroupName, path.child("schedulingGroup")));
  errors.push(...validateFileKeyVolumes(spec, path));
  return errors;
}

/** Volumes, claims, containers and what they need altogether. */
function validateParts(
  spec: PodSpec,
  meta: Meta | undefined,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  const volumes = new Map<string, Volume>();
  if (spec.volumes) {
    const at = path.child("volumes");
    errors.push(...validateVolumes(spec.volumes, meta?.name ?? "", volumes, at, options));
  }
  const claims = spec.resourceClaims ?? [];
  const claimNames = new Set(claims.map(({ name }) => name).filter(Boolean));
  if (claims.length > 0) errors.push(...validateResourceClaims(claims, meta, path.child("resourceClaims")));
  const facts: PodFacts = { spec, volumes, claimNames, options };
  errors.push(...validateContainers(facts, path.child("containers")));
  if (spec.initContainers) errors.push(...validateInitContainers(facts, path.child("initContainers")));
  if (spec.ephemeralContainers) {
    errors.push(...validateEphemeralContainers(facts, path.child("ephemeralContainers")));
  }
  if (options.podLevelResources && spec.resources) {
    errors.push(...validatePodResources(spec, claimNames, path.child("resources"), options));
  }
  return errors;
}

type ResourceClaims = NonNullable<PodSpec["resourceClaims"]>;

function validateResourceClaims(
  claims: ResourceClaims,
  meta: Meta | undefined,
  path: FieldPath,
): FieldError[] {
  if (meta?.annotations && Object.hasOwn(meta.annotations, mirrorPodAnnotation)) {
    return claims.map(() => forbidden("", "static pods do not support resource claims"));
  }
  const errors: FieldError[] = [];
  const names = new Set<string>();
  claims.forEach((claim, index) => {
    const { name = "", resourceClaimName, resourceClaimTemplateName } = claim;
    const at = path.index(index);
    if (!name) errors.push(required(at.child("name")));
    else if (names.has(name)) errors.push(duplicate(at.child("name"), name));
    else errors.push(...validateDns1123Label(name, at.child("name")));
    names.add(name);
    const refuse = (detail: string): void => {
      errors.push(invalid(at, goValue(coreLayout("PodResourceClaim"), claim), detail));
    };
    if (resourceClaimName !== undefined && resourceClaimTemplateName !== undefined) {
      refuse("at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
    } else if (resourceClaimName === undefined && resourceClaimTemplateName === undefined) {
      refuse("must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
    }
    errors.push(
      ...validateName(resourceClaimName, at, "resourceClaimName"),
      ...validateName(resourceClaimTemplateName, at, "resourceClaimTemplateName"),
    );
  });
  return errors;
}

function validateName(name: string | undefined, path: FieldPath, field: string): FieldError[] {
  if (name === undefined) return [];
  return nameIsDnsSubdomain(name, false).map((problem) => invalid(path.child(field), name, problem));
}

/** validatePodHostNetworkDeps: on the host's network a container has the host's ports. */
function validateHostPortsOfHostNetwork(
  spec: PodSpec,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  if (!spec.hostNetwork) return [];
  const errors: FieldError[] = [];
  spec.containers?.forEach(({ ports }, index) => {
    ports?.forEach(({ hostPort = 0, containerPort = 0 }, portIndex) => {
      if (hostPort === containerPort || (hostPort === 0 && !options.resourceIsPod)) return;
      const at = path.child("containers").index(index).child("ports").index(portIndex);
      const detail = "must match `containerPort` when `hostNetwork` is true";
      errors.push(invalid(at.child("hostPort"), hostPort, detail));
    });
  });
  return errors;
}

const restartPolicies = ["Always", "OnFailure", "Never"];
const dnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

function validateChoices(spec: PodSpec, path: FieldPath): FieldError[] {
  return [
    ...validateChoice(spec.restartPolicy ?? "", restartPolicies, path.child("restartPolicy")),
    ...validateChoice(spec.dnsPolicy ?? "", dnsPolicies, path.child("dnsPolicy")),
  ];
}

function validateScheduling(spec: PodSpec, path: FieldPath, options: PodValidationOptions): FieldError[] {
  const errors = spec.nodeSelector ? validateLabels(spec.nodeSelector, path.child("nodeSelector")) : [];
  const { securityContext, affinity, topologySpreadConstraints } = spec;
  if (securityContext) {
    const at = path.child("securityContext");
    errors.push(...validatePodSecurityContext(securityContext, spec, at, options));
  }
  if (affinity) errors.push(...validateAffinity(affinity, path.child("affinity"), options));
  errors.push(...validatePodDns(spec, path.child("dnsConfig"), options));
  spec.readinessGates?.forEach(({ conditionType = "" }, index) => {
    const at = path.child("readinessGates").index(index).child("conditionType");
    errors.push(...validateQualifiedName(conditionType, at));
  });
  const gates = new Set<string>();
  spec.schedulingGates?.forEach(({ name = "" }, index) => {
    const at = path.child("schedulingGates").index(index);
    errors.push(...validateQualifiedName(name, at));
    if (gates.has(name)) errors.push(duplicate(at, name));
    gates.add(name);
  });
  if (topologySpreadConstraints) {
    const at = path.child("topologySpreadConstraints");
    errors.push(...validateTopologySpread(topologySpreadConstraints, at, options));
  }
  return errors;
}

const longestDeadline = 2147483647;

/** Names of other objects, and the plain fields between them. */
function validateReferences(spec: PodSpec, path: FieldPath, options: PodValidationOptions): FieldError[] {
  const errors = [
    ...validateName(spec.serviceAccountName || undefined, path, "serviceAccountName"),
    ...validateName(spec.nodeName || undefined, path, "nodeName"),
  ];
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > longestDeadline)) {
    const at = path.child("activeDeadlineSeconds");
    errors.push(invalid(at, deadline, inclusiveRangeError(1, longestDeadline)));
  }
  if (spec.hostname) errors.push(...validateDns1123Label(spec.hostname, path.child("hostname")));
  if (spec.subdomain) errors.push(...validateDns1123Label(spec.subdomain, path.child("subdomain")));
  if (spec.tolerations) {
    errors.push(...validateTolerations(spec.tolerations, path.child("tolerations"), options));
  }
  if (spec.hostAliases) {
    errors.push(...validateHostAliases(spec.hostAliases, path.child("hostAliases"), options));
  }
  errors.push(
    ...validateName(spec.priorityClassName || undefined, path, "priorityClassName"),
    ...validateName(spec.runtimeClassName, path, "runtimeClassName"),
  );
  if (spec.preemptionPolicy !== undefined) {
    errors.push(...validatePreemptionPolicy(spec.preemptionPolicy, path.child("preemptionPolicy")));
  }
  if (spec.overhead) errors.push(...validateOverhead(spec.overhead, path.child("overhead"), options));
  return errors;
}

/** ValidatePreemptionPolicy: of a pod or a PriorityClass. */
export function validatePreemptionPolicy(policy: string, path: FieldPath): FieldError[] {
  return validateChoice(policy, ["PreemptLowerPriority", "Never"], path);
}

function validateSchedulingGroup(name: string | undefined, path: FieldPath): FieldError[] {
  if (name !== undefined) return validateName(name, path, "podGroupName");
  return [invalid(path.child("podGroupName"), null, "must specify one of: `podGroupName`")];
}

/** validateFileKeyRefVolumes: variables come from files in volumes that the pod itself writes. */
function validateFileKeyVolumes(spec: PodSpec, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  visitContainers(spec, path, ({ env }, at) => {
    env?.forEach(({ valueFrom }, index) => {
      if (!valueFrom?.fileKeyRef) return;
      const name = valueFrom.fileKeyRef.volumeName ?? "";
      const volume = spec.volumes?.findLast((candidate) => candidate.name === name);
      const field = at.child("env").index(index).child("valueFrom", "fileKeyRef", "volumeName");
      if (!volume) errors.push(notFound(field, name));
      else if (!volume.emptyDir) {
        errors.push(invalid(field, name, "referenced volume must be of type emptyDir"));
      }
    });
  });
  return errors;
}

/** ValidatePodTemplateSpec. */
export function validatePodTemplateSpec(
  template: PodTemplateSpec,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const { labels, annotations } = template.metadata ?? {};
  const spec = template.spec ?? { containers: [] };
  const specPath = path.child("spec");
  const errors = labels ? validateLabels(labels, path.child("labels")) : [];
  if (annotations) {
    const at = path.child("annotations");
    errors.push(...validateAnnotations(annotations, at));
    errors.push(...validatePodAnnotations(annotations, spec, at, options));
  }
  errors.push(...validatePodSpec(spec, undefined, specPath, options));
  errors.push(...validateProfileAnnotations(annotations, spec, specPath));
  if (spec.ephemeralContainers?.length) {
    const detail = "ephemeral containers not allowed in pod template";
    errors.push(forbidden(specPath.child("ephemeralContainers"), detail));
  }
  return errors;
}
