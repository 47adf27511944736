/** Pods. Source: k8s.io/kubernetes/pkg/registry/core/pod/strategy.go. */
import { timestamp } from "../../../api/clock.ts";
import { adoptServiceAccountAlias } from "../../../api/conversion/core-pod.ts";
import { allContainers, type Container, type Pod, type PodSpec } from "../../../api/core-types.ts";
import type { ObjectMeta } from "../../../api/object.ts";
import { setPodCondition } from "../../../api/pod-conditions.ts";
import { dropDisabledPodFields } from "../../../api/pod-disabled-fields.ts";
import { podQosClass } from "../../../api/pod-resources.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import {
  validateEphemeralContainersUpdate,
  validatePodCreate,
  validatePodUpdate,
} from "../../../api/validation/core/pod.ts";
import { type PodValidationOptions, podValidationOptions } from "../../../api/validation/core/pod-options.ts";
import { validatePodResize } from "../../../api/validation/core/pod-resize.ts";
import { validatePodStatusUpdate } from "../../../api/validation/core/pod-status.ts";
import { appArmorWarning, warningsForPod } from "../../../api/validation/core/pod-warnings.ts";
import {
  appArmorAnnotationPrefix,
  appArmorProfileOf,
} from "../../../api/validation/core/profile-annotations.ts";
import { alignQuantities } from "../../../api/validation/core/resource-alignment.ts";
import { validateAppArmorProfile } from "../../../api/validation/core/security-context.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import { warningsForIp } from "../../../api/validation/ip.ts";
import { checkDns1123Label } from "../../../api/validation/names.ts";
import { keepMetadata } from "../status-metadata.ts";
import { defineResource, type WriteContext, type WriteStrategy } from "../strategy.ts";
import { mergeLabelKeys } from "./pod-label-keys.ts";

/** A pod as the registry hands it over. */
type StoredPod = Pod & { metadata: ObjectMeta };

const annotationsPath = FieldPath.of("metadata", "annotations");
const statusPath = FieldPath.of("status");

const optionsFor = ({ gates }: WriteContext, old?: StoredPod): PodValidationOptions =>
  podValidationOptions(gates, true, old);

function prepareForCreate(pod: StoredPod, context: WriteContext): void {
  const { gates, clock } = context;
  pod.metadata.generation = 1;
  pod.spec ??= { containers: [] };
  pod.status = { phase: "Pending", qosClass: podQosClass(pod.spec, gates) };
  dropDisabledPodFields(pod, undefined, gates);
  if (pod.spec.schedulingGates?.length) {
    const message = "Scheduling is blocked due to non-empty scheduling gates";
    const reason = "SchedulingGated";
    setPodCondition(pod.status, { type: "PodScheduled", status: "False", reason, message }, timestamp(clock));
  }
  mergeLabelKeys(pod, gates);
  adoptAppArmorAnnotations(pod, context);
}

/** applyAppArmorVersionSkew: what an old annotation says goes into the field that replaced it. */
function adoptAppArmorAnnotations({ metadata, spec }: StoredPod, { warn }: WriteContext): void {
  const { annotations } = metadata;
  if (!annotations || spec?.os?.name === "windows") return;
  for (const container of allContainers(spec ?? { containers: [] })) {
    const key = `${appArmorAnnotationPrefix}${container.name}`;
    if (container.securityContext?.appArmorProfile || !Object.hasOwn(annotations, key)) continue;
    const profile = appArmorProfileOf(annotations[key]!);
    const isValid = profile && validateAppArmorProfile(profile, annotationsPath).length === 0;
    if (isValid && semanticEqual(profile, spec?.securityContext?.appArmorProfile)) continue;
    if (isValid) container.securityContext = { ...container.securityContext, appArmorProfile: profile };
    warn(appArmorWarning(annotationsPath, key));
  }
}

/** updatePodGeneration. */
function countGeneration(pod: StoredPod, old: StoredPod): void {
  if (pod.spec && old.spec && isSameSpec(pod.spec, old.spec)) return;
  pod.metadata.generation = (pod.metadata.generation ?? 0) + 1;
}

function isSameSpec(spec: PodSpec, old: PodSpec): boolean {
  return semanticEqual(spec, old) || semanticEqual(alignQuantities(spec, old), old);
}

/** What an API server says of a pod's name, which becomes a host's name. */
function nameWarnings(name: string): string[] {
  const problems = checkDns1123Label(name);
  if (problems.length === 0) return [];
  return [
    `metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${problems.join(" ")}]`,
  ];
}

const statusStrategy: WriteStrategy<StoredPod> = {
  resetFields: { v1: ["spec", "metadata.deletionTimestamp", "metadata.ownerReferences"] },
  prepareForUpdate(pod, old, { gates }) {
    pod.spec = old.spec;
    delete pod.metadata.deletionTimestamp;
    // Old kubelets wrote these in a way that breaks garbage collection.
    if (old.metadata.ownerReferences) pod.metadata.ownerReferences = old.metadata.ownerReferences;
    else delete pod.metadata.ownerReferences;
    pod.status ??= {};
    // Computed once, on create; old kubelets drop it.
    pod.status.qosClass ??= old.status?.qosClass;
    keepObservedGenerations(pod, old);
    dropDisabledPodFields(pod, old, gates);
  },
  validateUpdate: (pod, old, context) => validatePodStatusUpdate(pod, old, optionsFor(context, old)),
  warningsOnUpdate({ status }) {
    return (["podIPs", "hostIPs"] as const).flatMap((field) =>
      (status?.[field] ?? []).flatMap(({ ip = "" }, index) =>
        warningsForIp(statusPath.child(field).index(index).child("ip"), ip),
      ),
    );
  },
};

/** preserveOldObservedGeneration: who does not know the field must not clear it. */
function keepObservedGenerations({ status }: StoredPod, old: StoredPod): void {
  if (!status) return;
  status.observedGeneration ||= old.status?.observedGeneration;
  // Several conditions of one type are allowed: they are paired in their order.
  const before = new Map<string, (number | undefined)[]>();
  for (const { type, observedGeneration } of old.status?.conditions ?? []) {
    before.set(type, [...(before.get(type) ?? []), observedGeneration]);
  }
  status.conditions = status.conditions?.map((condition) => {
    const generation = before.get(condition.type)?.shift();
    if (condition.observedGeneration || !generation) return condition;
    return { ...condition, observedGeneration: generation };
  });
}

const ephemeralContainersStrategy: WriteStrategy<StoredPod> = {
  prepareForUpdate(pod, old, { gates }) {
    const { ephemeralContainers } = pod.spec ?? {};
    pod.spec = { ...(old.spec ?? { containers: [] }), ephemeralContainers };
    pod.status = old.status;
    keepMetadata(pod, old);
    dropDisabledPodFields(pod, old, gates);
    countGeneration(pod, old);
  },
  validateUpdate: (pod, old, context) =>
    validateEphemeralContainersUpdate(pod, old, optionsFor(context, old)),
};

const resizeStrategy: WriteStrategy<StoredPod> = {
  prepareForUpdate(pod, old, context) {
    keepAllButResources(pod, old, context);
    dropDisabledPodFields(pod, old, context.gates);
    countGeneration(pod, old);
  },
  validateUpdate: (pod, old, context) => validatePodResize(pod, old, optionsFor(context, old)),
};

/** dropNonResizeUpdates; containers that were added, removed or renamed are left for validation to refuse. */
function keepAllButResources(pod: StoredPod, old: StoredPod, { gates }: WriteContext): void {
  const spec = pod.spec ?? { containers: [] };
  const oldSpec = old.spec ?? { containers: [] };
  if (spec.containers?.length !== oldSpec.containers?.length) return;
  if ((spec.initContainers?.length ?? 0) !== (oldSpec.initContainers?.length ?? 0)) return;
  const resizePod = gates.enabled("InPlacePodLevelResourcesVerticalScaling");
  pod.spec = {
    ...oldSpec,
    resources: resizePod ? spec.resources : oldSpec.resources,
    containers: withResourcesOf(oldSpec.containers, spec.containers) ?? [],
    initContainers: withResourcesOf(oldSpec.initContainers, spec.initContainers),
  };
  pod.status = old.status;
  keepMetadata(pod, old);
}

function withResourcesOf(
  old: readonly Container[] | undefined,
  wanted: Container[] | undefined,
): Container[] | undefined {
  if (!wanted || wanted.some(({ name }, index) => name !== old?.[index]?.name)) return wanted;
  return wanted.map(({ resources, resizePolicy }, index) => ({ ...old![index]!, resources, resizePolicy }));
}

/** The seconds that a pod gets to end: none where no node runs it, or it has ended already. */
function gracePeriod({ spec, status }: StoredPod, requested: number | undefined): number {
  if (!spec?.nodeName || status?.phase === "Failed" || status?.phase === "Succeeded") return 0;
  const seconds = requested ?? spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
}

export const pods = defineResource<StoredPod>({
  group: "",
  resource: "pods",
  strategy: {
    resetFields: { v1: ["status"] },
    prepareForCreate,
    validate: (pod, context) => validatePodCreate(pod, optionsFor(context)),
    warningsOnCreate: ({ metadata, spec }, { gates }) => [
      ...nameWarnings(metadata.name ?? ""),
      ...warningsForPod(spec ?? { containers: [] }, metadata.annotations, gates),
    ],
    prepareForUpdate(pod, old, { gates }) {
      pod.status = old.status;
      dropDisabledPodFields(pod, old, gates);
      countGeneration(pod, old);
    },
    validateUpdate: (pod, old, context) => validatePodUpdate(pod, old, optionsFor(context, old)),
    canonicalize({ spec }) {
      // Admission may have set the name by now.
      if (spec && spec.serviceAccount !== spec.serviceAccountName) adoptServiceAccountAlias(spec);
    },
    gracefulDeletion: { check: gracePeriod },
    returnDeletedObject: true,
  },
  subresources: {
    status: statusStrategy,
    ephemeralcontainers: ephemeralContainersStrategy,
    resize: resizeStrategy,
  },
  selectableFields: {
    "spec.nodeName": ({ spec }) => spec?.nodeName ?? "",
    "spec.restartPolicy": ({ spec }) => spec?.restartPolicy ?? "",
    "spec.schedulerName": ({ spec }) => spec?.schedulerName ?? "",
    "spec.serviceAccountName": ({ spec }) => spec?.serviceAccountName ?? "",
    "spec.hostNetwork": ({ spec }) => String(spec?.hostNetwork ?? false),
    "status.phase": ({ status }) => status?.phase ?? "",
    "status.podIP": ({ status }) => status?.podIPs?.[0]?.ip ?? "",
    // It may be asked for, but upstream gives it no value.
    "status.podIPs": () => "",
    "status.nominatedNodeName": ({ status }) => status?.nominatedNodeName ?? "",
  },
});
