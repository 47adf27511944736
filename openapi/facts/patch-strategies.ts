/**
 * x-kubernetes-patch-merge-key and -strategy where the rule does not hold: a map list merges by its first key.
 * Keys are "<merge key>:<strategy>", either may be empty. A line is a struct and its fields.
 */
export const patchStrategies: Readonly<Record<string, string>> = {
  ":": `
    admissionregistration.v1.ValidatingAdmissionPolicyStatus conditions
    apiextensions.v1.CustomResourceDefinitionStatus conditions
    apiserverinternal.v1alpha1.StorageVersionStatus conditions storageVersions
    certificates.v1.CertificateSigningRequestStatus conditions
    core.v1.ResourceRequirements claims
    core.v1.ResourceStatus resources
    resource.v1.AllocatedDeviceStatus conditions
    resource.v1.ResourceClaimStatus devices
    resource.v1beta1.AllocatedDeviceStatus conditions
    resource.v1beta1.ResourceClaimStatus devices
    resource.v1beta2.AllocatedDeviceStatus conditions
    resource.v1beta2.ResourceClaimStatus devices
    scheduling.v1alpha2.WorkloadSpec podGroupTemplates`,
  ":retainKeys": `
    apps.v1.DeploymentSpec strategy`,
  "type:merge": `
    batch.v1.JobStatus conditions`,
  ":merge": `
    core.v1.NodeSpec podCIDRs
    meta.v1.ObjectMeta finalizers`,
  "name:merge,retainKeys": `
    core.v1.PodSpec resourceClaims volumes
    core.v1.PodStatus resourceClaimStatuses
    scheduling.v1alpha2.PodGroupSpec resourceClaims
    scheduling.v1alpha2.PodGroupStatus resourceClaimStatuses
    scheduling.v1alpha2.PodGroupTemplate resourceClaims`,
  "ip:merge": `
    core.v1.PodStatus hostIPs`,
  ":replace": `
    policy.v1.PodDisruptionBudgetSpec selector`,
};
