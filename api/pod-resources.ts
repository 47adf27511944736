/**
 * What a pod asks for, added up over its containers, and the QoS class that follows.
 * Sources: k8s.io/component-helpers/resource/helpers.go, k8s.io/kubernetes/pkg/apis/core/helper/qos.
 */
import type { Container, PodSpec, ResourceList } from "./core-types.ts";
import type { FeatureGates } from "./feature-gates.ts";
import { Quantity } from "./quantity.ts";

/** Amounts by resource name. */
export type Amounts = Map<string, Quantity>;

/** AggregateContainerRequests: what all containers need at the moment when they need most. */
export const containerRequests = (spec: PodSpec): Amounts => aggregate(spec, "requests");

/** AggregateContainerLimits. */
export const containerLimits = (spec: PodSpec): Amounts => aggregate(spec, "limits");

/**
 * Init containers run one after the other, before the others; sidecars among them run on. So the pod needs the sum of
 * its containers and sidecars, or what the hungriest init container needs beside the sidecars started before it.
 */
function aggregate(spec: PodSpec, kind: "requests" | "limits"): Amounts {
  const total: Amounts = new Map();
  for (const container of spec.containers ?? []) add(total, container.resources?.[kind]);
  const sidecars: Amounts = new Map();
  const initial: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    const own = container.resources?.[kind];
    if (container.restartPolicy === "Always") {
      add(total, own);
      add(sidecars, own);
      raise(initial, sidecars);
    } else {
      const now: Amounts = new Map(sidecars);
      add(now, own);
      raise(initial, now);
    }
  }
  raise(total, initial);
  return total;
}

/** Adds a resource list to the amounts. */
export function add(total: Amounts, list: ResourceList | undefined): void {
  for (const resource in list) {
    if (!Object.hasOwn(list, resource)) continue;
    const amount = Quantity.parse(list[resource]!);
    const before = total.get(resource);
    total.set(resource, before ? before.add(amount) : amount);
  }
}

/** Raises each amount to at least the other. */
function raise(total: Amounts, other: Amounts): void {
  for (const [resource, amount] of other) {
    const before = total.get(resource);
    if (!before || amount.compare(before) > 0) total.set(resource, amount);
  }
}

/** Resources that a pod may ask for as a whole: IsSupportedPodLevelResource. */
export const isPodLevelResource = (resource: string): boolean =>
  resource === "cpu" || resource === "memory" || resource.startsWith("hugepages-");

/** PodRequests: what the scheduler and quotas count, with what the pod asks for as a whole and its overhead. */
export function podRequests(spec: PodSpec): Amounts {
  const total = containerRequests(spec);
  for (const [resource, text] of Object.entries(spec.resources?.requests ?? {})) {
    if (isPodLevelResource(resource)) total.set(resource, Quantity.parse(text));
  }
  add(total, spec.overhead);
  return total;
}

/** PodLimits: the overhead counts where there is a limit already. */
export function podLimits(spec: PodSpec): Amounts {
  const total = containerLimits(spec);
  for (const [resource, text] of Object.entries(spec.resources?.limits ?? {})) {
    if (isPodLevelResource(resource)) total.set(resource, Quantity.parse(text));
  }
  for (const [resource, text] of Object.entries(spec.overhead ?? {})) {
    const limit = total.get(resource);
    if (limit && !limit.isZero) total.set(resource, limit.add(Quantity.parse(text)));
  }
  return total;
}

export type QosClass = "BestEffort" | "Burstable" | "Guaranteed";

/**
 * ComputePodQOS. BestEffort: no cpu or memory is asked for; Guaranteed: every container has limits of both, and
 * requests that equal them; Burstable: the rest. Ephemeral containers can't ask for anything.
 */
export function podQosClass(spec: PodSpec, gates: FeatureGates): QosClass {
  const requests: Amounts = new Map();
  const limits: Amounts = new Map();
  let isGuaranteed = true;
  if (spec.resources && gates.enabled("PodLevelResources")) {
    addCompute(requests, spec.resources.requests);
    if (Object.keys(spec.resources.limits ?? {}).length > 0) {
      isGuaranteed = addCompute(limits, spec.resources.limits) === 2;
    }
  } else {
    for (const { resources } of everyContainer(spec)) {
      addCompute(requests, resources?.requests);
      if (addCompute(limits, resources?.limits) < 2) isGuaranteed = false;
    }
  }
  if (requests.size === 0 && limits.size === 0) return "BestEffort";
  if (!isGuaranteed || requests.size !== limits.size) return "Burstable";
  for (const [resource, request] of requests) {
    const limit = limits.get(resource);
    if (limit?.compare(request) !== 0) return "Burstable";
  }
  return "Guaranteed";
}

function* everyContainer(spec: PodSpec): Generator<Container> {
  if (spec.containers) yield* spec.containers;
  if (spec.initContainers) yield* spec.initContainers;
}

/** Adds cpu and memory where they are positive; how many of the two were. */
function addCompute(total: Amounts, list: ResourceList | undefined): number {
  let count = 0;
  for (const resource of ["cpu", "memory"]) {
    const text = list?.[resource];
    if (text === undefined) continue;
    const amount = Quantity.parse(text);
    if (amount.sign <= 0) continue;
    count++;
    const before = total.get(resource);
    total.set(resource, before ? before.add(amount) : amount);
  }
  return count;
}
