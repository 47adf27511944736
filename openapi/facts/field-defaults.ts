/**
 * "default" in the v3 documents where the rules do not hold. The rules: a required scalar has its zero value; {}
 * belongs to a required struct, and to metadata, spec and status of a kind. Keys are JSON or "none". A line is a
 * struct and its fields.
 */
export const fieldDefaults: Readonly<Record<string, string>> = {
  "0": `
    apps.v1.StatefulSetOrdinals start
    apps.v1.StatefulSetStatus availableReplicas
    autoscaling.v1.ScaleSpec replicas
    core.v1.ReplicationControllerSpec minReadySeconds
    flowcontrol.v1.FlowSchemaSpec matchingPrecedence
    flowcontrol.v1.QueuingConfiguration handSize queueLengthLimit queues
    policy.v1.PodDisruptionBudgetStatus currentHealthy desiredHealthy disruptionsAllowed expectedPods
    scheduling.v1.PriorityClass value`,
  "1": `
    core.v1.ReplicationControllerSpec replicas`,
  "100": `
    resource.v1alpha3.ResourcePoolStatusRequestSpec limit`,
  "86400": `
    certificates.v1beta1.PodCertificateRequestSpec maxExpirationSeconds`,
  '""': `
    apps.v1.StatefulSetSpec serviceName
    authentication.v1.TokenRequestStatus token
    batch.v1.PodFailurePolicyOnPodConditionsPattern status
    core.v1.ConfigMapEnvSource name
    core.v1.ConfigMapKeySelector name
    core.v1.ConfigMapProjection name
    core.v1.ConfigMapVolumeSource name
    core.v1.Event reportingComponent reportingInstance
    core.v1.GRPCAction service
    core.v1.LocalObjectReference name
    core.v1.NodeRuntimeHandler name
    core.v1.SecretEnvSource name
    core.v1.SecretKeySelector name
    core.v1.SecretProjection name
    rbac.v1.RoleRef apiGroup
    resource.v1beta1.DeviceRequest deviceClassName`,
  '"ReadWrite"': `
    core.v1.AzureDiskVolumeSource cachingMode`,
  '"ext4"': `
    core.v1.AzureDiskVolumeSource fsType`,
  '"Shared"': `
    core.v1.AzureDiskVolumeSource kind`,
  false: `
    core.v1.AzureDiskVolumeSource readOnly
    core.v1.FileKeySelector optional`,
  "{}": `
    apiextensions.v1.CustomResourceDefinitionStatus acceptedNames
    apps.v1.DaemonSetSpec updateStrategy
    apps.v1.DeploymentSpec strategy
    apps.v1.ReplicaSetSpec template
    apps.v1.StatefulSetSpec updateStrategy
    authentication.v1.SelfSubjectReviewStatus userInfo
    authentication.v1.TokenReviewStatus user
    batch.v1.JobTemplateSpec metadata spec
    core.v1.Container resources
    core.v1.ContainerStatus lastState state
    core.v1.EphemeralContainer resources
    core.v1.Event source
    core.v1.NodeDaemonEndpoints kubeletEndpoint
    core.v1.NodeStatus daemonEndpoints nodeInfo
    core.v1.PersistentVolumeClaimSpec resources
    core.v1.PersistentVolumeClaimTemplate metadata
    core.v1.PodTemplate template
    core.v1.PodTemplateSpec metadata spec
    core.v1.ServiceStatus loadBalancer
    discovery.v1.Endpoint conditions
    events.v1.Event deprecatedSource regarding
    flowcontrol.v1.LimitedPriorityLevelConfiguration limitResponse
    meta.v1.APIGroup preferredVersion
    networking.v1.IngressServiceBackend port
    networking.v1.IngressStatus loadBalancer
    networking.v1.NetworkPolicySpec podSelector
    resource.v1.AllocationResult devices
    resource.v1.ResourceClaimSpec devices
    resource.v1.ResourceClaimTemplateSpec metadata
    resource.v1beta1.AllocationResult devices
    resource.v1beta1.ResourceClaimSpec devices
    resource.v1beta1.ResourceClaimTemplateSpec metadata
    resource.v1beta2.AllocationResult devices
    resource.v1beta2.ResourceClaimSpec devices
    resource.v1beta2.ResourceClaimTemplateSpec metadata`,
  '"TCP"': `
    core.v1.ContainerPort protocol
    core.v1.ServicePort protocol`,
  none: `
    admissionregistration.v1.MutatingWebhook sideEffects
    admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec policyName
    admissionregistration.v1.ValidatingWebhook sideEffects
    apiserverinternal.v1alpha1.ServerStorageVersion apiServerID encodingVersion
    apiserverinternal.v1alpha1.StorageVersionCondition message
    apps.v1.DaemonSetSpec selector
    apps.v1.DeploymentSpec selector
    apps.v1.ReplicaSetSpec selector
    apps.v1.StatefulSetSpec selector
    authentication.v1.TokenReviewSpec token
    certificates.v1.CertificateSigningRequestSpec request
    certificates.v1beta1.PodCertificateRequestSpec stubPKCS10Request
    coordination.v1alpha2.LeaseCandidateSpec strategy
    coordination.v1beta1.LeaseCandidateSpec strategy
    core.v1.ContainerRestartRule action
    core.v1.ContainerRestartRuleOnExitCodes operator
    core.v1.ImageVolumeStatus imageRef
    core.v1.PodCertificateProjection keyType signerName
    core.v1.ScaleIOPersistentVolumeSource secretRef
    core.v1.ScaleIOVolumeSource secretRef
    networking.v1.HTTPIngressPath pathType
    networking.v1.IPAddressSpec parentRef
    networking.v1.ParentReference name resource
    networking.v1beta1.IPAddressSpec parentRef
    networking.v1beta1.ParentReference name resource
    resource.v1alpha3.PoolStatus driver poolName
    resource.v1alpha3.ResourcePoolStatusRequest status
    resource.v1alpha3.ResourcePoolStatusRequestStatus poolCount`,
  '"default"': `
    core.v1.ISCSIPersistentVolumeSource iscsiInterface
    core.v1.ISCSIVolumeSource iscsiInterface`,
  '"/etc/ceph/keyring"': `
    core.v1.RBDPersistentVolumeSource keyring
    core.v1.RBDVolumeSource keyring`,
  '"rbd"': `
    core.v1.RBDPersistentVolumeSource pool
    core.v1.RBDVolumeSource pool`,
  '"admin"': `
    core.v1.RBDPersistentVolumeSource user
    core.v1.RBDVolumeSource user`,
  '"xfs"': `
    core.v1.ScaleIOPersistentVolumeSource fsType
    core.v1.ScaleIOVolumeSource fsType`,
  '"ThinProvisioned"': `
    core.v1.ScaleIOPersistentVolumeSource storageMode
    core.v1.ScaleIOVolumeSource storageMode`,
  '"Equal"': `
    resource.v1.DeviceToleration operator
    resource.v1beta1.DeviceToleration operator
    resource.v1beta2.DeviceToleration operator`,
  '"Pod"': `
    scheduling.v1alpha2.PodGroupSpec disruptionMode`,
};
