/**
 * What a check of a pod allows: features that are on, and whatever the old object already has.
 * Source: GetValidationOptionsFromPodSpecAndMeta in k8s.io/kubernetes/pkg/api/pod/util.go. Gates that 1.36 locks
 * are no options.
 */
import {
  allContainers,
  type Container,
  type PodSpec,
  type PodTemplateSpec,
  type ResourceList,
} from "../../core-types.ts";
import type { FeatureGates } from "../../feature-gates.ts";
import type { ObjectMeta } from "../../object.ts";
import { usesContainerRestartRules } from "../../pod-disabled-fields.ts";
import { FieldPath } from "../field.ts";
import { validateLabelSelector } from "../labels.ts";
import { checkLabelValue } from "../names.ts";
import { validateLocalNonReservedPath } from "./paths.ts";
import { hasBadDeletionCost } from "./pod-deletion-cost.ts";
import { isHugePages, isHugePagesMultiple } from "./resource-quantities.ts";
import { hostSysctlProblem } from "./sysctls.ts";
import { validateLabelKeys, validateLegacyMatchLabelKeys } from "./topology-spread.ts";

export interface PodValidationOptions {
  readonly gates: FeatureGates;
  /** The object is a pod, not a template of one. */
  readonly resourceIsPod: boolean;
  readonly allowInvalidDeletionCost: boolean;
  readonly allowInvalidLabelValueInSelector: boolean;
  readonly allowInvalidLabelValueInNodeAffinity: boolean;
  readonly allowInvalidTopologySpreadSelector: boolean;
  readonly allowIndivisibleHugePages: boolean;
  readonly allowNonLocalProjectedTokenPath: boolean;
  readonly allowNamespacedSysctlsForHost: boolean;
  readonly allowOnlyRecursiveSelinuxChangePolicy: boolean;
  readonly allowEnvFiles: boolean;
  readonly allowContainerRestartRules: boolean;
  readonly allowRestartAllContainers: boolean;
  readonly allowRestartContainerForInitContainer: boolean;
  readonly allowHostUsersWithVolumeDevices: boolean;
  readonly allowHostUsersWithHostNetwork: boolean;
  readonly allowTolerationComparison: boolean;
  readonly podLevelResources: boolean;
  readonly resizePodLevelResources: boolean;
  readonly matchLabelKeys: "merged" | "legacy";
  readonly imageVolumeDigest: boolean;
  readonly strictIps: boolean;
}

type Meta = Pick<ObjectMeta, "annotations">;

/** Pure memoisation: all new pods have the same options, and so have all new templates. */
const ofNewPods = new WeakMap<FeatureGates, PodValidationOptions>();
const ofNewTemplates = new WeakMap<FeatureGates, PodValidationOptions>();

/** The options for a new object (old is undefined) or a change. */
export function podValidationOptions(
  gates: FeatureGates,
  resourceIsPod: boolean,
  old?: { spec?: PodSpec; metadata?: Meta },
): PodValidationOptions {
  if (old) return optionsFor(gates, resourceIsPod, old);
  const known = resourceIsPod ? ofNewPods : ofNewTemplates;
  let options = known.get(gates);
  if (!options) {
    options = optionsFor(gates, resourceIsPod, undefined);
    known.set(gates, options);
  }
  return options;
}

function optionsFor(
  gates: FeatureGates,
  resourceIsPod: boolean,
  old: { spec?: PodSpec; metadata?: Meta } | undefined,
): PodValidationOptions {
  const spec = old?.spec;
  const on = (gate: string): boolean => gates.enabled(gate);
  const inOld = (check: (spec: PodSpec) => boolean): boolean => spec !== undefined && check(spec);
  return {
    gates,
    resourceIsPod,
    allowInvalidDeletionCost: !on("PodDeletionCost") || hasBadDeletionCost(old?.metadata?.annotations),
    allowInvalidLabelValueInSelector: inOld(hasInvalidAffinitySelector),
    allowInvalidLabelValueInNodeAffinity: inOld(hasInvalidNodeAffinityValue),
    allowInvalidTopologySpreadSelector: inOld(hasInvalidSpreadSelector),
    allowIndivisibleHugePages: inOld(hasIndivisibleHugePages),
    allowNonLocalProjectedTokenPath: inOld(hasNonLocalTokenPath),
    allowNamespacedSysctlsForHost: inOld(hasHostSysctl),
    allowOnlyRecursiveSelinuxChangePolicy:
      !on("SELinuxMount") && spec?.securityContext?.seLinuxChangePolicy === undefined,
    allowEnvFiles: on("EnvFiles") || inOld(usesEnvFiles),
    allowContainerRestartRules: on("ContainerRestartRules") || inOld(usesContainerRestartRules),
    allowRestartAllContainers: on("RestartAllContainersOnContainerExits") || inOld(usesRestartAllContainers),
    allowRestartContainerForInitContainer: inOld(hasRestartContainerForInitContainer),
    allowHostUsersWithVolumeDevices: inOld(hasHostUsersWithVolumeDevices),
    allowHostUsersWithHostNetwork:
      on("UserNamespacesHostNetworkSupport") ||
      inOld(({ hostUsers, hostNetwork }) => hostUsers === false && hostNetwork === true),
    allowTolerationComparison:
      on("TaintTolerationComparisonOperators") ||
      inOld(({ tolerations }) =>
        (tolerations ?? []).some(({ operator }) => operator === "Lt" || operator === "Gt"),
      ),
    podLevelResources: on("PodLevelResources"),
    resizePodLevelResources: on("InPlacePodLevelResourcesVerticalScaling"),
    matchLabelKeys: matchLabelKeysRule(gates, spec),
    imageVolumeDigest: on("ImageVolumeWithDigest"),
    strictIps: on("StrictIPCIDRValidation"),
  };
}

/** GetValidationOptionsFromPodTemplate. */
export function templateValidationOptions(gates: FeatureGates, old?: PodTemplateSpec): PodValidationOptions {
  return podValidationOptions(gates, false, old);
}

/** The newer rule for matchLabelKeys, unless it is off or the old object breaks it. */
function matchLabelKeysRule(gates: FeatureGates, old: PodSpec | undefined): "merged" | "legacy" {
  if (!gates.enabled("MatchLabelKeysInPodTopologySpread")) return "legacy";
  const constraints = old?.topologySpreadConstraints ?? [];
  const path = FieldPath.of("");
  if (gates.enabled("MatchLabelKeysInPodTopologySpreadSelectorMerge")) {
    const broken = constraints.some(
      ({ matchLabelKeys, labelSelector }) =>
        validateLabelKeys(path, matchLabelKeys ?? [], [], labelSelector).length > 0,
    );
    return broken ? "legacy" : "merged";
  }
  const broken = constraints.some(
    ({ matchLabelKeys, labelSelector }) =>
      validateLegacyMatchLabelKeys(path, matchLabelKeys ?? [], labelSelector).length > 0,
  );
  return broken ? "merged" : "legacy";
}

function hasInvalidAffinitySelector({ affinity }: PodSpec): boolean {
  if (!affinity) return false;
  for (const half of [affinity.podAffinity, affinity.podAntiAffinity]) {
    const preferred = half?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    const terms = [
      ...(half?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...preferred.map(({ podAffinityTerm }) => podAffinityTerm),
    ];
    const path = FieldPath.of("");
    for (const { labelSelector, namespaceSelector } of terms) {
      if (validateLabelSelector(labelSelector, {}, path).length > 0) return true;
      if (validateLabelSelector(namespaceSelector, {}, path).length > 0) return true;
    }
  }
  return false;
}

function hasInvalidNodeAffinityValue({ affinity }: PodSpec): boolean {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return (terms ?? []).some(({ matchExpressions }) =>
    (matchExpressions ?? []).some(({ values }) =>
      (values ?? []).some((value) => checkLabelValue(value).length > 0),
    ),
  );
}

function hasInvalidSpreadSelector({ topologySpreadConstraints }: PodSpec): boolean {
  if (!topologySpreadConstraints) return false;
  const path = FieldPath.of("");
  return topologySpreadConstraints.some(
    ({ labelSelector }) => validateLabelSelector(labelSelector, {}, path).length > 0,
  );
}

function hasIndivisibleHugePages(spec: PodSpec): boolean {
  for (const { resources } of allContainers(spec)) {
    if (holdsIndivisibleHugePages(resources?.limits) || holdsIndivisibleHugePages(resources?.requests)) {
      return true;
    }
  }
  return holdsIndivisibleHugePages(spec.overhead);
}

function holdsIndivisibleHugePages(list: ResourceList | undefined): boolean {
  for (const resource in list) {
    if (isHugePages(resource) && !isHugePagesMultiple(resource, list[resource]!)) return true;
  }
  return false;
}

function hasNonLocalTokenPath({ volumes = [] }: PodSpec): boolean {
  return volumes.some(({ projected }) =>
    projected?.sources?.some(
      ({ serviceAccountToken }) =>
        serviceAccountToken &&
        validateLocalNonReservedPath(serviceAccountToken.path ?? "", FieldPath.of("")).length > 0,
    ),
  );
}

function hasHostSysctl(spec: PodSpec): boolean {
  return (spec.securityContext?.sysctls ?? []).some(({ name }) => hostSysctlProblem(name, spec));
}

function usesEnvFiles(spec: PodSpec): boolean {
  for (const { env } of allContainers(spec)) {
    if (env?.some(({ valueFrom }) => valueFrom?.fileKeyRef)) return true;
  }
  return false;
}

function usesRestartAllContainers(spec: PodSpec): boolean {
  const { containers = [], initContainers = [] } = spec;
  const restartsAll = ({ restartPolicyRules }: Container) =>
    restartPolicyRules?.some(({ action }) => action === "RestartAllContainers");
  return (
    containers.some(restartsAll) ||
    initContainers.some(restartsAll) ||
    initContainers.some(
      ({ restartPolicy, restartPolicyRules }) => restartPolicy === "Always" && restartPolicyRules?.length,
    )
  );
}

function hasRestartContainerForInitContainer({ initContainers }: PodSpec): boolean {
  return (initContainers ?? []).some(
    ({ restartPolicy, resizePolicy }) =>
      restartPolicy !== "Always" &&
      resizePolicy?.some((policy) => policy.restartPolicy === "RestartContainer"),
  );
}

function hasHostUsersWithVolumeDevices(spec: PodSpec): boolean {
  if (spec.hostUsers !== false) return false;
  for (const { volumeDevices } of allContainers(spec)) if (volumeDevices?.length) return true;
  return false;
}
