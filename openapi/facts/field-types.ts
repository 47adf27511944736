/**
 * What the fields really are that the client shows as "string" or "any". A line is a struct and its fields.
 * A list or map in the table holds elements of the type.
 */
export const fieldTypes: Readonly<Record<string, string>> = {
  Quantity: `
    autoscaling.v2.HPAScalingRules tolerance
    autoscaling.v2.MetricTarget averageValue value
    autoscaling.v2.MetricValueStatus averageValue value
    core.v1.ContainerStatus allocatedResources
    core.v1.EmptyDirVolumeSource sizeLimit
    core.v1.LimitRangeItem default defaultRequest max maxLimitRequestRatio min
    core.v1.NodeAllocatableResourceClaimStatus resources
    core.v1.NodeStatus allocatable capacity
    core.v1.PersistentVolumeClaimStatus allocatedResources capacity
    core.v1.PersistentVolumeSpec capacity
    core.v1.PodSpec overhead
    core.v1.PodStatus allocatedResources
    core.v1.ResourceFieldSelector divisor
    core.v1.ResourceQuotaSpec hard
    core.v1.ResourceQuotaStatus hard used
    core.v1.ResourceRequirements limits requests
    core.v1.VolumeResourceRequirements limits requests
    node.v1.Overhead podFixed
    resource.v1.CapacityRequestPolicy default validValues
    resource.v1.CapacityRequestPolicyRange max min step
    resource.v1.CapacityRequirements requests
    resource.v1.Counter value
    resource.v1.DeviceCapacity value
    resource.v1.DeviceRequestAllocationResult consumedCapacity
    resource.v1.NodeAllocatableResourceMapping allocationMultiplier
    resource.v1beta1.CapacityRequestPolicy default validValues
    resource.v1beta1.CapacityRequestPolicyRange max min step
    resource.v1beta1.CapacityRequirements requests
    resource.v1beta1.Counter value
    resource.v1beta1.DeviceCapacity value
    resource.v1beta1.DeviceRequestAllocationResult consumedCapacity
    resource.v1beta1.NodeAllocatableResourceMapping allocationMultiplier
    resource.v1beta2.CapacityRequestPolicy default validValues
    resource.v1beta2.CapacityRequestPolicyRange max min step
    resource.v1beta2.CapacityRequirements requests
    resource.v1beta2.Counter value
    resource.v1beta2.DeviceCapacity value
    resource.v1beta2.DeviceRequestAllocationResult consumedCapacity
    resource.v1beta2.NodeAllocatableResourceMapping allocationMultiplier
    storage.v1.CSIStorageCapacity capacity maximumVolumeSize`,
  RawExtension: `
    apps.v1.ControllerRevision data
    meta.v1.WatchEvent object
    resource.v1.AllocatedDeviceStatus data
    resource.v1.OpaqueDeviceConfiguration parameters
    resource.v1beta1.AllocatedDeviceStatus data
    resource.v1beta1.OpaqueDeviceConfiguration parameters
    resource.v1beta2.AllocatedDeviceStatus data
    resource.v1beta2.OpaqueDeviceConfiguration parameters`,
  FieldsV1: `
    meta.v1.ManagedFieldsEntry fieldsV1`,
  JSON: `
    apiextensions.v1.JSONSchemaProps default enum example`,
  JSONSchemaPropsOrArray: `
    apiextensions.v1.JSONSchemaProps items`,
  JSONSchemaPropsOrBool: `
    apiextensions.v1.JSONSchemaProps additionalItems additionalProperties`,
  JSONSchemaPropsOrStringArray: `
    apiextensions.v1.JSONSchemaProps dependencies`,
  "apiserverinternal.v1alpha1.StorageVersionSpec": `
    apiserverinternal.v1alpha1.StorageVersion spec`,
  "scheduling.v1alpha2.BasicSchedulingPolicy": `
    scheduling.v1alpha2.PodGroupSchedulingPolicy basic`,
  "apiextensions.v1.CustomResourceSubresourceStatus": `
    apiextensions.v1.CustomResourceSubresources status`,
};
