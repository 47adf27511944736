/**
 * Changes of what a running pod may use.
 * Source: ValidatePodResize in k8s.io/kubernetes/pkg/apis/core/validation/validation.go.
 */
import type { Container, Pod, PodSpec, ResourceList, ResourceRequirements } from "../../core-types.ts";
import { podQosClass } from "../../pod-resources.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { type FieldError, FieldPath, forbidden, invalid } from "../field.ts";
import { validateObjectMetaUpdate } from "../object-meta.ts";
import { validatePodMetadataAndSpec } from "./pod.ts";
import { mirrorPodAnnotation } from "./pod-annotations.ts";
import type { PodValidationOptions } from "./pod-options.ts";
import { alignQuantities } from "./resource-alignment.ts";

const specPath = FieldPath.of("spec");

export function validatePodResize(pod: Pod, old: Pod, options: PodValidationOptions): FieldError[] {
  if (old.metadata.annotations && Object.hasOwn(old.metadata.annotations, mirrorPodAnnotation)) {
    return [forbidden("", "static pods cannot be resized")];
  }
  const oldSpec = old.spec ?? { containers: [] };
  if (oldSpec.os?.name === "windows") return [forbidden("", "windows pods cannot be resized")];
  const spec = alignQuantities(pod.spec ?? { containers: [] }, oldSpec);
  const errors = validateObjectMetaUpdate(pod.metadata, old.metadata);
  errors.push(...validatePodMetadataAndSpec(pod, options), ...validateQos(pod, old, options));
  if (!supportsResize(old)) {
    errors.push(forbidden(specPath, "Pod running on node without support for resize"));
  }
  let podLevel = spec.resources;
  if (asksForSomething(spec.resources) || asksForSomething(oldSpec.resources)) {
    if (!options.resizePodLevelResources) {
      const detail =
        "resize of pods with pod-level resources is forbidden when InPlacePodLevelResourcesVerticalScalingEnabled feature gate is disabled";
      return [...errors, forbidden("", detail)];
    }
    podLevel = withComputeOf(spec.resources, oldSpec.resources);
    errors.push(...validatePodLevel(spec, oldSpec, podLevel));
  }
  if (old.status?.nodeAllocatableResourceClaimStatuses?.length) {
    errors.push(forbidden(specPath, "pods with node allocatable resource claims cannot be resized"));
  }
  const order = validateOrder(spec, oldSpec);
  if (order.length > 0) return [...errors, ...order];
  errors.push(...validateContainers(spec, oldSpec, options));
  if (errors.length > 0) return errors;
  const munged: PodSpec = {
    ...spec,
    resources: podLevel,
    containers: spec.containers.map((container, index) => withCompute(container, oldSpec.containers[index]!)),
    initContainers: spec.initContainers?.map((container, index) =>
      withCompute(container, oldSpec.initContainers![index]!),
    ),
  };
  return semanticEqual(munged, oldSpec)
    ? []
    : [forbidden(specPath, "only cpu and memory resources are mutable")];
}

function validateQos(pod: Pod, old: Pod, options: PodValidationOptions): FieldError[] {
  const { gates } = options;
  const before = old.status?.qosClass ?? podQosClass(old.spec ?? { containers: [] }, gates);
  if (before === podQosClass(pod.spec ?? { containers: [] }, gates)) return [];
  const detail = "Pod QOS Class may not change as a result of resizing";
  return [invalid(specPath, pod.status?.qosClass ?? "", detail)];
}

/** isPodResizeRequestSupported: a node that knows resizing says what running containers got. */
function supportsResize({ status }: Pod): boolean {
  const running = status?.containerStatuses?.find(({ state }) => state?.running);
  return !running || running.resources !== undefined;
}

function asksForSomething(resources: ResourceRequirements | undefined): boolean {
  return Object.keys(resources?.requests ?? {}).length + Object.keys(resources?.limits ?? {}).length > 0;
}

function validatePodLevel(
  spec: PodSpec,
  old: PodSpec,
  munged: ResourceRequirements | undefined,
): FieldError[] {
  const path = specPath.child("resources");
  if (old.resources && !spec.resources) return [forbidden(path, "pod-level resources cannot be removed")];
  const errors: FieldError[] = [];
  if (isRemoved(spec.resources?.requests, old.resources?.requests)) {
    errors.push(forbidden(path.child("requests"), "pod-level resource requests cannot be removed"));
  }
  if (isRemoved(spec.resources?.limits, old.resources?.limits)) {
    errors.push(forbidden(path.child("limits"), "pod-level resource limits cannot be removed"));
  }
  if (!semanticEqual(munged, old.resources)) {
    errors.push(forbidden(specPath, "only cpu and memory resources are mutable at pod-level"));
  }
  return errors;
}

function isRemoved(list: ResourceList = {}, old: ResourceList = {}): boolean {
  return Object.keys(old).some((resource) => !Object.hasOwn(list, resource));
}

/** validatePodResizeContainerOrdering. */
function validateOrder(spec: PodSpec, old: PodSpec): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ["containers", "initContainers"] as const) {
    const path = specPath.child(field);
    const before = old[field] ?? [];
    const now = spec[field] ?? [];
    if (now.length !== before.length) {
      errors.push(forbidden(path, `${field} may not be added or removed on resize`));
      continue;
    }
    before.forEach(({ name }, index) => {
      if (now[index]!.name === name) return;
      errors.push(
        forbidden(path.index(index).child("name"), `${field} may not be renamed or reordered on resize`),
      );
    });
  }
  return errors;
}

function validateContainers(spec: PodSpec, old: PodSpec, options: PodValidationOptions): FieldError[] {
  const mayResizeInit = options.gates.enabled("InPlacePodVerticalScalingInitContainers");
  const errors: FieldError[] = [];
  old.initContainers?.forEach((before, index) => {
    if (!mayResizeInit && before.restartPolicy !== "Always") return;
    const at = specPath.child("initContainers").index(index);
    errors.push(...validateRemoval(spec.initContainers![index]!, before, at));
  });
  old.containers.forEach((before, index) => {
    const at = specPath.child("containers").index(index);
    errors.push(...validateRemoval(spec.containers[index]!, before, at));
  });
  spec.containers.forEach((container, index) => {
    const before = old.containers[index]!;
    if (semanticEqual(withCompute(container, before), before)) return;
    errors.push(forbidden(specPath, "only cpu and memory resources are mutable"));
  });
  spec.initContainers?.forEach((container, index) => {
    const at = specPath.child("initContainers").index(index);
    errors.push(...validateInitContainer(container, old.initContainers![index]!, mayResizeInit, at));
  });
  return errors;
}

/** validateContainerResize. */
function validateRemoval({ resources }: Container, old: Container, path: FieldPath): FieldError[] {
  const at = path.child("resources");
  const errors: FieldError[] = [];
  if (isRemoved(resources?.requests, old.resources?.requests)) {
    errors.push(forbidden(at.child("requests"), "resource requests cannot be removed"));
  }
  if (isRemoved(resources?.limits, old.resources?.limits)) {
    errors.push(forbidden(at.child("limits"), "resource limits cannot be removed"));
  }
  return errors;
}

function validateInitContainer(
  container: Container,
  old: Container,
  mayResizeInit: boolean,
  path: FieldPath,
): FieldError[] {
  const isSidecar = container.restartPolicy === "Always";
  const isChanged = !semanticEqual(container, old);
  if (!isSidecar && !mayResizeInit) {
    if (!isChanged) return [];
    return [forbidden(specPath, "resources for non-sidecar init containers are immutable")];
  }
  const errors: FieldError[] = [];
  if (!semanticEqual(withCompute(container, old), old)) {
    const detail = "only cpu and memory resources for init or sidecar containers are mutable";
    errors.push(forbidden(path, detail));
  }
  if (!isChanged || isSidecar) return errors;
  for (const { restartPolicy } of container.resizePolicy ?? []) {
    if (restartPolicy !== "RestartContainer") continue;
    const detail = "non-sidecar init containers with a resize policy of RestartContainer cannot be resized";
    errors.push(forbidden(path, detail));
  }
  return errors;
}

/** dropCPUMemoryResourcesFromContainer: as if cpu and memory were as before, and without claims. */
function withCompute(container: Container, old: Container): Container {
  const { limits, requests } = withComputeOf(container.resources ?? {}, old.resources ?? {})!;
  return { ...container, resources: { limits, requests } };
}

function withComputeOf(
  resources: ResourceRequirements | undefined,
  old: ResourceRequirements | undefined,
): ResourceRequirements | undefined {
  if (!resources) return undefined;
  const limits = withListOf(resources.limits, old?.limits);
  const requests = withListOf(resources.requests, old?.requests);
  if (!old && !limits && !requests && !resources.claims?.length) return undefined;
  return { ...resources, limits, requests };
}

function withListOf(list: ResourceList = {}, old: ResourceList = {}): Record<string, string> | undefined {
  const out: Record<string, string> = Object.assign(Object.create(null), list);
  for (const resource of ["cpu", "memory"]) {
    if (Object.hasOwn(old, resource)) out[resource] = old[resource]!;
    else delete out[resource];
  }
  return Object.keys(out).length > 0 ? out : undefined;
}
