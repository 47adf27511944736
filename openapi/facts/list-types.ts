/**
 * x-kubernetes-list-type where the rules do not hold. The rules: a list is atomic, the items of a List kind have no
 * type, and conditions are a map by "type". A line is a struct and its fields.
 */

/** Lists that are maps, by their keys. */
export const mapLists: Readonly<Record<string, string>> = {
  name: `
    admissionregistration.v1.MutatingAdmissionPolicySpec matchConditions
    admissionregistration.v1.MutatingWebhook matchConditions
    admissionregistration.v1.MutatingWebhookConfiguration webhooks
    admissionregistration.v1.ValidatingAdmissionPolicySpec matchConditions variables
    admissionregistration.v1.ValidatingWebhook matchConditions
    admissionregistration.v1.ValidatingWebhookConfiguration webhooks
    admissionregistration.v1alpha1.MutatingAdmissionPolicySpec matchConditions
    admissionregistration.v1beta1.MutatingAdmissionPolicySpec matchConditions
    core.v1.Container env
    core.v1.ContainerStatus allocatedResourcesStatus
    core.v1.EphemeralContainer env
    core.v1.PodSpec containers ephemeralContainers imagePullSecrets initContainers resourceClaims schedulingGates volumes
    core.v1.PodStatus resourceClaimStatuses
    core.v1.ResourceRequirements claims
    core.v1.ServiceAccount secrets
    scheduling.v1alpha2.PodGroupSpec resourceClaims
    scheduling.v1alpha2.PodGroupStatus resourceClaimStatuses
    scheduling.v1alpha2.PodGroupTemplate resourceClaims
    scheduling.v1alpha2.WorkloadSpec podGroupTemplates
    storage.v1.CSINodeSpec drivers`,
  apiServerID: `
    apiserverinternal.v1alpha1.StorageVersionStatus storageVersions`,
  "containerPort protocol": `
    core.v1.Container ports
    core.v1.EphemeralContainer ports`,
  devicePath: `
    core.v1.Container volumeDevices
    core.v1.EphemeralContainer volumeDevices`,
  mountPath: `
    core.v1.Container volumeMounts
    core.v1.ContainerStatus volumeMounts
    core.v1.EphemeralContainer volumeMounts`,
  type: `
    core.v1.NodeStatus addresses`,
  ip: `
    core.v1.PodSpec hostAliases
    core.v1.PodStatus podIPs`,
  "topologyKey whenUnsatisfiable": `
    core.v1.PodSpec topologySpreadConstraints`,
  resourceID: `
    core.v1.ResourceStatus resources`,
  "port protocol": `
    core.v1.ServiceSpec ports`,
  "driver device pool shareID": `
    resource.v1.ResourceClaimStatus devices
    resource.v1beta1.ResourceClaimStatus devices
    resource.v1beta2.ResourceClaimStatus devices`,
  uid: `
    meta.v1.ObjectMeta ownerReferences
    resource.v1.ResourceClaimStatus reservedFor
    resource.v1beta1.ResourceClaimStatus reservedFor
    resource.v1beta2.ResourceClaimStatus reservedFor`,
  rule: `
    apiextensions.v1.JSONSchemaProps x-kubernetes-validations`,
};

export const setLists = `
  admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec validationActions
  apiserverinternal.v1alpha1.ServerStorageVersion decodableVersions servedVersions
  batch.v1.PodFailurePolicyOnExitCodesRequirement values
  batch.v1.UncountedTerminatedPods failed succeeded
  core.v1.ContainerRestartRuleOnExitCodes values
  core.v1.NodeAllocatableResourceClaimStatus containers
  core.v1.NodeSpec podCIDRs
  discovery.v1.Endpoint addresses
  flowcontrol.v1.NonResourcePolicyRule nonResourceURLs verbs
  flowcontrol.v1.ResourcePolicyRule apiGroups namespaces resources verbs
  meta.v1.ObjectMeta finalizers
  storage.v1.CSIDriverSpec volumeLifecycleModes`;

export const untypedLists = `
  meta.v1.APIResource verbs`;

/** Conditions that are not a map. */
export const atomicConditions = `
  batch.v1.JobStatus conditions`;

/** Marked as a list in Go, but bytes. */
export const atomicBytes = `
  apiregistration.v1.APIServiceSpec caBundle`;
