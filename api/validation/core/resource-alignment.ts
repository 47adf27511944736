import type { Container, PodSpec, ResourceRequirements } from "../../core-types.ts";
import { Quantity } from "../../quantity.ts";

type Quantities = Record<string, string>;

/**
 * A copy of the spec in which every quantity that equals the old one has its text too: 1Gi and 1073741824 are no
 * change (apiequality.Semantic compares quantities by value).
 */
export function alignQuantities(spec: PodSpec, old: PodSpec): PodSpec {
  return {
    ...spec,
    containers: alignContainers(spec.containers, old.containers) ?? [],
    initContainers: alignContainers(spec.initContainers, old.initContainers),
    overhead: alignList(spec.overhead, old.overhead),
    resources: spec.resources && alignRequirements(spec.resources, old.resources),
  };
}

function alignContainers(
  containers: Container[] | undefined,
  old: readonly Container[] | undefined,
): Container[] | undefined {
  return containers?.map((container, index) => ({
    ...container,
    resources: alignRequirements(container.resources ?? {}, old?.[index]?.resources),
  }));
}

function alignRequirements(
  resources: ResourceRequirements,
  old: ResourceRequirements | undefined,
): ResourceRequirements {
  return {
    ...resources,
    limits: alignList(resources.limits, old?.limits),
    requests: alignList(resources.requests, old?.requests),
  };
}

function alignList(list: Quantities | undefined, old: Quantities | undefined): Quantities | undefined {
  if (!list || !old) return list;
  const out: Quantities = Object.create(null);
  for (const [resource, text] of Object.entries(list)) {
    const before = Object.hasOwn(old, resource) ? old[resource] : undefined;
    const isSame = before !== undefined && Quantity.parse(text).equals(Quantity.parse(before));
    out[resource] = isSame ? before : text;
  }
  return out;
}
