import type { Container, ContainerStatus, Pod, PodSpec, ResourceList } from "../core-types.ts";
import type { ObjectMeta } from "../object.ts";
import {
  type Amounts,
  add,
  isPodLevelResource,
  podLimits,
  podQosClass,
  podRequests,
} from "../pod-resources.ts";
import { Quantity } from "../quantity.ts";
import { isExtendedResource, isNativeResource } from "../validation/core/resource-quantities.ts";
import { meets, objectCountName, one, type QuotaContext, type QuotaEvaluator } from "./evaluator.ts";

type StoredPod = Pod & { metadata: ObjectMeta; spec: PodSpec };

const count = objectCountName({ group: "", resource: "pods" });
const computeResources: readonly string[] = ["cpu", "memory", "ephemeral-storage"];
const measured: ReadonlySet<string> = new Set([
  count,
  "pods",
  ...computeResources.flatMap((resource) => [resource, `requests.${resource}`, `limits.${resource}`]),
]);
/** Whoever limits these asks every container to say something. */
const required: ReadonlySet<string> = new Set(
  ["cpu", "memory"].flatMap((resource) => [resource, `requests.${resource}`, `limits.${resource}`]),
);
const deviceClassPrefix = "deviceclass.resource.kubernetes.io/";

/** Source: pkg/quota/v1/evaluator/core/pods.go. */
export const podQuota: QuotaEvaluator<StoredPod> = {
  updates: ["", "resize"],
  changes: (pod, old) => isTerminating(pod) !== isTerminating(old),
  measures: (name) =>
    measured.has(name) ||
    name.startsWith("hugepages-") ||
    name.startsWith("requests.hugepages-") ||
    (name.startsWith("requests.") &&
      (!isNativeResource(name) || name.startsWith(`requests.${deviceClassPrefix}`))),
  usage(pod, context) {
    const counted: Amounts = new Map([[count, one]]);
    if (!isAlive(pod, context)) return counted;
    const spec = context.gates.enabled("InPlacePodVerticalScaling") ? effectiveSpec(pod) : pod.spec;
    for (const [name, amount] of computeUsage(podRequests(spec), podLimits(spec))) counted.set(name, amount);
    return counted;
  },
  isInScope(requirement, pod, { gates }) {
    switch (requirement.scopeName) {
      case "Terminating":
        return isTerminating(pod);
      case "NotTerminating":
        return !isTerminating(pod);
      case "BestEffort":
        return (pod.status?.qosClass ?? podQosClass(pod.spec, gates)) === "BestEffort";
      case "NotBestEffort":
        return (pod.status?.qosClass ?? podQosClass(pod.spec, gates)) !== "BestEffort";
      case "PriorityClass":
        return meets(requirement, pod.spec.priorityClassName ? [pod.spec.priorityClassName] : []);
      case "CrossNamespacePodAffinity":
        return looksIntoOtherNamespaces(pod.spec);
      default:
        return false;
    }
  },
  problem(names, { spec }, { gates }) {
    if (gates.enabled("PodLevelResources") && asksAsAWhole(spec)) return undefined;
    const problems = names
      .filter((name) => required.has(name))
      .sort()
      .flatMap((name) => {
        const silent = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].filter(
          ({ resources }) =>
            !computeUsage(amounts(resources?.requests), amounts(resources?.limits)).has(name),
        );
        const containers = [...new Set(silent.map((container) => container.name))].sort();
        return containers.length > 0 ? [`${name} for: ${containers.join(",")}`] : [];
      });
    return problems.length > 0 ? `must specify ${problems.join("; ")}` : undefined;
  },
};

const isTerminating = ({ spec }: StoredPod): boolean =>
  spec.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds >= 0;

/** Pods that have ended, or should have been gone for long, use nothing. Source: QuotaV1Pod. */
function isAlive({ metadata, status }: StoredPod, { now }: QuotaContext): boolean {
  if (status?.phase === "Failed" || status?.phase === "Succeeded") return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return now <= Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

/** Source: podComputeUsageHelper. */
function computeUsage(requests: Amounts, limits: Amounts): Amounts {
  const usage: Amounts = new Map([["pods", one]]);
  for (const [resource, amount] of requests) {
    const isCompute = computeResources.includes(resource);
    if (isCompute || resource.startsWith("hugepages-")) {
      usage.set(resource, amount);
      usage.set(`requests.${resource}`, amount);
    } else if (isExtendedResource(resource) || resource.startsWith(deviceClassPrefix)) {
      usage.set(`requests.${resource}`, amount);
    }
  }
  for (const [resource, amount] of limits) {
    if (computeResources.includes(resource)) usage.set(`limits.${resource}`, amount);
  }
  return usage;
}

function amounts(list: ResourceList | undefined): Amounts {
  const total: Amounts = new Map();
  add(total, list);
  return total;
}

const asksAsAWhole = ({ resources }: PodSpec): boolean =>
  [...Object.keys(resources?.requests ?? {}), ...Object.keys(resources?.limits ?? {})].some(
    isPodLevelResource,
  );

/** While a pod is being resized, its containers count with the most of what they want, have been given and use. */
function effectiveSpec({ spec, status }: StoredPod): PodSpec {
  const isInfeasible =
    status?.conditions?.find(({ type }) => type === "PodResizePending")?.reason === "Infeasible";
  const statuses = new Map(
    [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].map((one) => [
      one.name,
      one,
    ]),
  );
  const effective = (container: Container): Container => {
    const own = statuses.get(container.name);
    return own?.resources ? withEffectiveResources(container, own, isInfeasible) : container;
  };
  if (statuses.size === 0) return spec;
  return {
    ...spec,
    containers: spec.containers.map(effective),
    ...(spec.initContainers
      ? {
          initContainers: spec.initContainers.map((one) =>
            one.restartPolicy === "Always" ? effective(one) : one,
          ),
        }
      : {}),
  };
}

function withEffectiveResources(
  container: Container,
  { resources, allocatedResources }: ContainerStatus,
  isInfeasible: boolean,
): Container {
  const { requests, limits } = isInfeasible ? {} : (container.resources ?? {});
  return {
    ...container,
    resources: {
      requests: most(requests, resources?.requests, allocatedResources),
      limits: most(limits, resources?.limits),
    },
  };
}

function most(...lists: (ResourceList | undefined)[]): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [resource, text] of lists.flatMap((list) => Object.entries(list ?? {}))) {
    const before = result[resource];
    if (before === undefined || Quantity.parse(text).compare(Quantity.parse(before)) > 0)
      result[resource] = text;
  }
  return result;
}

/** Source: usesCrossNamespacePodAffinity. */
function looksIntoOtherNamespaces({ affinity }: PodSpec): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some((one) =>
    [
      ...(one?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(one?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => term.podAffinityTerm),
    ].some(
      ({ namespaces, namespaceSelector }) => (namespaces?.length ?? 0) > 0 || namespaceSelector !== undefined,
    ),
  );
}
