/** Short names for the core/v1 types that most code about pods needs. */
import type { Schemas } from "./types.ts";

export type Pod = Schemas["io.k8s.api.core.v1.Pod"];
export type PodSpec = Schemas["io.k8s.api.core.v1.PodSpec"];
export type PodStatus = Schemas["io.k8s.api.core.v1.PodStatus"];
export type PodCondition = Schemas["io.k8s.api.core.v1.PodCondition"];
export type PodTemplate = Schemas["io.k8s.api.core.v1.PodTemplate"];
export type PodTemplateSpec = Schemas["io.k8s.api.core.v1.PodTemplateSpec"];
export type ReplicationController = Schemas["io.k8s.api.core.v1.ReplicationController"];
export type ReplicationControllerSpec = Schemas["io.k8s.api.core.v1.ReplicationControllerSpec"];
export type Binding = Schemas["io.k8s.api.core.v1.Binding"];

/** A container of any sort; ephemeral ones have the same fields and the name of their target. */
export type Container = Schemas["io.k8s.api.core.v1.Container"];
export type EphemeralContainer = Schemas["io.k8s.api.core.v1.EphemeralContainer"];
export type ContainerPort = Schemas["io.k8s.api.core.v1.ContainerPort"];
export type ContainerStatus = Schemas["io.k8s.api.core.v1.ContainerStatus"];
export type EnvVar = Schemas["io.k8s.api.core.v1.EnvVar"];
export type EnvFromSource = Schemas["io.k8s.api.core.v1.EnvFromSource"];
export type Probe = Schemas["io.k8s.api.core.v1.Probe"];
export type Lifecycle = Schemas["io.k8s.api.core.v1.Lifecycle"];
export type HttpGetAction = Schemas["io.k8s.api.core.v1.HTTPGetAction"];
export type ResourceRequirements = Schemas["io.k8s.api.core.v1.ResourceRequirements"];
export type ObjectFieldSelector = Schemas["io.k8s.api.core.v1.ObjectFieldSelector"];
export type ResourceFieldSelector = Schemas["io.k8s.api.core.v1.ResourceFieldSelector"];

export type Volume = Schemas["io.k8s.api.core.v1.Volume"];
export type VolumeMount = Schemas["io.k8s.api.core.v1.VolumeMount"];
export type VolumeDevice = Schemas["io.k8s.api.core.v1.VolumeDevice"];
export type VolumeProjection = Schemas["io.k8s.api.core.v1.VolumeProjection"];
export type ProjectedVolumeSource = Schemas["io.k8s.api.core.v1.ProjectedVolumeSource"];
export type DownwardApiVolumeFile = Schemas["io.k8s.api.core.v1.DownwardAPIVolumeFile"];
export type KeyToPath = Schemas["io.k8s.api.core.v1.KeyToPath"];

export type SecurityContext = Schemas["io.k8s.api.core.v1.SecurityContext"];
export type PodSecurityContext = Schemas["io.k8s.api.core.v1.PodSecurityContext"];
export type SeccompProfile = Schemas["io.k8s.api.core.v1.SeccompProfile"];
export type AppArmorProfile = Schemas["io.k8s.api.core.v1.AppArmorProfile"];
export type WindowsOptions = Schemas["io.k8s.api.core.v1.WindowsSecurityContextOptions"];

export type Affinity = Schemas["io.k8s.api.core.v1.Affinity"];
export type NodeAffinity = Schemas["io.k8s.api.core.v1.NodeAffinity"];
export type PodAffinityTerm = Schemas["io.k8s.api.core.v1.PodAffinityTerm"];
export type NodeSelector = Schemas["io.k8s.api.core.v1.NodeSelector"];
export type NodeSelectorTerm = Schemas["io.k8s.api.core.v1.NodeSelectorTerm"];
export type NodeSelectorRequirement = Schemas["io.k8s.api.core.v1.NodeSelectorRequirement"];
export type Toleration = Schemas["io.k8s.api.core.v1.Toleration"];
export type TopologySpreadConstraint = Schemas["io.k8s.api.core.v1.TopologySpreadConstraint"];

/** Quantities by resource name. */
export type ResourceList = Readonly<Record<string, string>>;

const always = "Always";

/** A sidecar: an init container that runs as long as the pod. */
export function isRestartableInitContainer(container: Container | undefined): boolean {
  return container?.restartPolicy === always;
}

/** Every container of a pod in the order in which upstream visits them for checks: init, regular, ephemeral. */
export function* allContainers(spec: PodSpec): Generator<Container> {
  if (spec.initContainers) yield* spec.initContainers;
  if (spec.containers) yield* spec.containers;
  if (spec.ephemeralContainers) yield* spec.ephemeralContainers;
}

export type Service = Schemas["io.k8s.api.core.v1.Service"];
export type ServicePort = Schemas["io.k8s.api.core.v1.ServicePort"];
export type Endpoints = Schemas["io.k8s.api.core.v1.Endpoints"];
export type EndpointSubset = Schemas["io.k8s.api.core.v1.EndpointSubset"];
export type EndpointAddress = Schemas["io.k8s.api.core.v1.EndpointAddress"];
export type EndpointPort = Schemas["io.k8s.api.core.v1.EndpointPort"];
