/** x-kubernetes-map-type: structs and fields that are owned as a whole, or key by key. */

/** A line is a package and its structs. */
export const atomicStructs = `
  admissionregistration.v1 MatchResources NamedRuleWithOperations ParamKind ParamRef Variable
  admissionregistration.v1alpha1 MatchResources NamedRuleWithOperations ParamKind ParamRef
  admissionregistration.v1beta1 MatchResources NamedRuleWithOperations ParamKind ParamRef Variable
  autoscaling.v1 CrossVersionObjectReference
  core.v1 ConfigMapKeySelector EndpointAddress EndpointPort FileKeySelector LocalObjectReference NodeSelector NodeSelectorTerm ObjectFieldSelector ObjectReference ResourceFieldSelector ScopeSelector SecretKeySelector SecretReference TopologySelectorTerm TypedLocalObjectReference
  discovery.v1 EndpointPort
  meta.v1 LabelSelector OwnerReference
  networking.v1 ServiceBackendPort
  rbac.v1 RoleRef Subject`;

/** A line is a struct and its fields. */
export const mapTypes: Readonly<Record<"atomic" | "granular", string>> = {
  atomic: `
    core.v1.PodSpec nodeSelector
    core.v1.ReplicationControllerSpec selector
    core.v1.ServiceSpec selector
    node.v1.Scheduling nodeSelector`,
  granular: `
    core.v1.PersistentVolumeClaimStatus allocatedResourceStatuses
    core.v1.PersistentVolumeSpec claimRef`,
};
