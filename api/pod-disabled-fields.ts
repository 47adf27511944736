/**
 * Fields of features that are off: dropped, unless the old object already uses them.
 * Source: DropDisabledPodFields and DropDisabledTemplateFields in k8s.io/kubernetes/pkg/api/pod/util.go. Features that
 * 1.36 locks on have nothing to drop.
 */
import {
  allContainers,
  type Container,
  type ContainerStatus,
  type Pod,
  type PodSpec,
  type PodStatus,
  type PodTemplateSpec,
} from "./core-types.ts";
import type { FeatureGates } from "./feature-gates.ts";

/** Changes the pod in place. */
export function dropDisabledPodFields(pod: Pod, old: Pod | undefined, gates: FeatureGates): void {
  if (pod.spec && pod.spec !== old?.spec) specRules.apply(pod.spec, old?.spec, gates);
  if (pod.status && pod.status !== old?.status) statusRules.apply(pod.status, old?.status, gates);
}

/** Changes the template in place: for every kind that has one. */
export function dropDisabledTemplateFields(
  template: PodTemplateSpec | undefined,
  old: PodTemplateSpec | undefined,
  gates: FeatureGates,
): void {
  if (template?.spec) specRules.apply(template.spec, old?.spec, gates);
}

interface Rule<T> {
  gate: string;
  isUsed(old: T): boolean;
  drop(value: T): void;
}

class Rules<T> {
  readonly #all: readonly Rule<T>[];
  /** Pure memoisation: those whose gate is off. */
  readonly #off = new WeakMap<FeatureGates, readonly Rule<T>[]>();

  constructor(all: readonly Rule<T>[]) {
    this.#all = all;
  }

  apply(value: T, old: T | undefined, gates: FeatureGates): void {
    let rules = this.#off.get(gates);
    if (!rules) {
      rules = this.#all.filter(({ gate }) => !gates.enabled(gate));
      this.#off.set(gates, rules);
    }
    for (const rule of rules) if (old === undefined || !rule.isUsed(old)) rule.drop(value);
  }
}

type Projection = "clusterTrustBundle" | "podCertificate";

const projectionRule = (gate: string, field: Projection): Rule<PodSpec> => ({
  gate,
  isUsed: ({ volumes }) =>
    (volumes ?? []).some(({ projected }) => projected?.sources?.some((source) => source[field])),
  drop: ({ volumes }) => {
    for (const { projected } of volumes ?? []) {
      for (const source of projected?.sources ?? []) delete source[field];
    }
  },
});

/** In upstream's order. */
const specRules = new Rules<PodSpec>([
  {
    gate: "PodLevelResources",
    isUsed: ({ resources }) => hasEntries(resources?.requests) || hasEntries(resources?.limits),
    drop: (spec) => {
      delete spec.resources;
    },
  },
  {
    gate: "MatchLabelKeysInPodTopologySpread",
    isUsed: ({ topologySpreadConstraints }) =>
      (topologySpreadConstraints ?? []).some(({ matchLabelKeys }) => matchLabelKeys?.length),
    drop: ({ topologySpreadConstraints }) => {
      for (const constraint of topologySpreadConstraints ?? []) delete constraint.matchLabelKeys;
    },
  },
  projectionRule("ClusterTrustBundleProjection", "clusterTrustBundle"),
  projectionRule("PodCertificateRequest", "podCertificate"),
  {
    gate: "GenericWorkload",
    isUsed: ({ schedulingGroup }) => schedulingGroup !== undefined,
    drop: (spec) => {
      delete spec.schedulingGroup;
    },
  },
  { gate: "ContainerRestartRules", isUsed: usesContainerRestartRules, drop: dropContainerRestartRules },
  {
    gate: "HostnameOverride",
    isUsed: ({ hostnameOverride }) => hostnameOverride !== undefined,
    drop: (spec) => {
      delete spec.hostnameOverride;
    },
  },
  {
    gate: "EnvFiles",
    isUsed: (spec) => anyContainer(spec, ({ env }) => env?.some(({ valueFrom }) => valueFrom?.fileKeyRef)),
    drop: (spec) => {
      for (const { env } of allContainers(spec)) {
        for (const { valueFrom } of env ?? []) if (valueFrom) delete valueFrom.fileKeyRef;
      }
    },
  },
  {
    gate: "ContainerStopSignals",
    isUsed: (spec) => anyContainer(spec, ({ lifecycle }) => lifecycle?.stopSignal !== undefined),
    drop: dropStopSignals,
  },
]);

function anyContainer(spec: PodSpec, check: (container: Container) => unknown): boolean {
  for (const container of allContainers(spec)) if (check(container)) return true;
  return false;
}

const hasEntries = (map: object | undefined): boolean => map !== undefined && Object.keys(map).length > 0;

/** containerRestartRulesInUse: any policy of a container's own but that of a sidecar. */
export function usesContainerRestartRules({ initContainers, containers }: PodSpec): boolean {
  for (const { restartPolicy, restartPolicyRules } of initContainers ?? []) {
    if (restartPolicy !== undefined && restartPolicy !== "Always") return true;
    if (restartPolicyRules?.length) return true;
  }
  return (containers ?? []).some(({ restartPolicy }) => restartPolicy !== undefined);
}

function dropContainerRestartRules(spec: PodSpec): void {
  for (const container of allContainers(spec)) {
    const isSidecar = spec.initContainers?.includes(container) && container.restartPolicy === "Always";
    if (!isSidecar) delete container.restartPolicy;
    delete container.restartPolicyRules;
  }
}

function dropStopSignals(spec: PodSpec): void {
  for (const container of allContainers(spec)) {
    const { lifecycle } = container;
    if (lifecycle?.stopSignal === undefined) continue;
    delete lifecycle.stopSignal;
    if (!lifecycle.postStart && !lifecycle.preStop) delete container.lifecycle;
  }
}

const statusRules = new Rules<PodStatus>([
  {
    gate: "InPlacePodLevelResourcesVerticalScaling",
    isUsed: ({ resources, allocatedResources }) =>
      resources !== undefined || allocatedResources !== undefined,
    drop: (status) => {
      delete status.resources;
      delete status.allocatedResources;
    },
  },
  {
    gate: "DRAExtendedResource",
    isUsed: ({ extendedResourceClaimStatus }) => extendedResourceClaimStatus !== undefined,
    drop: (status) => {
      delete status.extendedResourceClaimStatus;
    },
  },
  {
    gate: "ResourceHealthStatus",
    isUsed: (status) => anyStatus(status, ({ allocatedResourcesStatus }) => allocatedResourcesStatus?.length),
    drop: (status) => {
      for (const container of containerStatuses(status)) delete container.allocatedResourcesStatus;
    },
  },
  {
    gate: "ResourceHealthStatusMessage",
    isUsed: (status) =>
      anyStatus(status, ({ allocatedResourcesStatus }) =>
        allocatedResourcesStatus?.some(({ resources }) =>
          resources?.some(({ message }) => message !== undefined),
        ),
      ),
    drop: (status) => {
      for (const { allocatedResourcesStatus } of containerStatuses(status)) {
        for (const { resources } of allocatedResourcesStatus ?? []) {
          for (const health of resources ?? []) delete health.message;
        }
      }
    },
  },
  {
    gate: "ImageVolumeWithDigest",
    isUsed: (status) =>
      anyStatus(status, ({ volumeMounts }) => volumeMounts?.some(({ volumeStatus }) => volumeStatus)),
    drop: (status) => {
      for (const { volumeMounts } of containerStatuses(status)) {
        for (const mount of volumeMounts ?? []) delete mount.volumeStatus;
      }
    },
  },
  {
    gate: "DRANodeAllocatableResources",
    isUsed: ({ nodeAllocatableResourceClaimStatuses }) =>
      Boolean(nodeAllocatableResourceClaimStatuses?.length),
    drop: (status) => {
      delete status.nodeAllocatableResourceClaimStatuses;
    },
  },
]);

function* containerStatuses(status: PodStatus): Generator<ContainerStatus> {
  if (status.containerStatuses) yield* status.containerStatuses;
  if (status.initContainerStatuses) yield* status.initContainerStatuses;
  if (status.ephemeralContainerStatuses) yield* status.ephemeralContainerStatuses;
}

function anyStatus(status: PodStatus, check: (container: ContainerStatus) => unknown): boolean {
  for (const container of containerStatuses(status)) if (check(container)) return true;
  return false;
}
