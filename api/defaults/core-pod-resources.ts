/**
 * Defaults of what a pod asks for as a whole, which follow from its containers (KEP-2837).
 * Source: defaultHugePagePodLimits and defaultPodRequests in k8s.io/kubernetes/pkg/apis/core/v1/defaults.go.
 */
import type { PodSpec } from "../core-types.ts";
import { containerLimits, containerRequests, isPodLevelResource } from "../pod-resources.ts";

const isHugePages = (resource: string): boolean => resource.startsWith("hugepages-");

type Quantities = Record<string, string>;

/** Only where the pod says something of its resources already. */
export function defaultPodLevelResources(spec: PodSpec): void {
  defaultHugePagesLimits(spec);
  defaultPodRequests(spec);
}

/** Huge pages that the containers have limits of, unless the pod asks for some itself. */
function defaultHugePagesLimits({ resources, ...spec }: PodSpec): void {
  if (!resources || (isEmpty(resources.limits) && isEmpty(resources.requests))) return;
  const limits: Quantities = resources.limits ?? Object.create(null);
  for (const [resource, amount] of containerLimits(spec)) {
    if (!isHugePages(resource) || has(resources.requests, resource) || has(limits, resource)) continue;
    limits[resource] = amount.toString();
  }
  if (!isEmpty(limits)) resources.limits = limits;
}

/** Requests are what the containers ask for, else the pod's own limit. */
function defaultPodRequests({ resources, ...spec }: PodSpec): void {
  if (!resources || isEmpty(resources.limits)) return;
  const requests: Quantities = resources.requests ?? Object.create(null);
  for (const [resource, amount] of containerRequests(spec)) {
    if (resource !== "cpu" && resource !== "memory") continue;
    if (!has(requests, resource)) requests[resource] = amount.toString();
  }
  for (const [resource, limit] of Object.entries(resources.limits ?? {})) {
    if (isPodLevelResource(resource) && !has(requests, resource)) requests[resource] = limit;
  }
  if (!isEmpty(requests)) resources.requests = requests;
}

const has = (map: Quantities | undefined, key: string): boolean =>
  map !== undefined && Object.hasOwn(map, key);
const isEmpty = (map: Quantities | undefined): boolean => !map || Object.keys(map).length === 0;
