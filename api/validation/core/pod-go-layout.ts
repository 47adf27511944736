/**
 * How upstream's internal pod types print where an error shows one whole. The facts below are the fields of the
 * structs in k8s.io/kubernetes/pkg/apis/core/types.go, in their order.
 */
import type { PodSpec, PodTemplateSpec } from "../../core-types.ts";
import { type GoStruct, goMeta, goMetaValue, goValue, type MetaType } from "../../go-value.ts";
import type { JsonObject, JsonValue } from "../../object.ts";

/**
 * Struct: fields. A field is its Go name, "=" and its name in the API where that is more than another first letter,
 * and what it holds: nothing for a string, # number, ! boolean, 0 quantity, ? pointer or list of plain values, % map,
 * &Struct a pointer to a struct of meta/v1, *Struct pointer or list of structs, @Struct a struct by value; +Struct is embedded.
 */
const layouts = `
HostPathVolumeSource: Path Type?
EmptyDirVolumeSource: Medium SizeLimit?
GCEPersistentDiskVolumeSource: PDName=pdName FSType=fsType Partition# ReadOnly!
AWSElasticBlockStoreVolumeSource: VolumeID FSType=fsType Partition# ReadOnly!
GitRepoVolumeSource: Repository Revision Directory
KeyToPath: Key Path Mode?
SecretVolumeSource: SecretName Items*KeyToPath DefaultMode? Optional?
NFSVolumeSource: Server Path ReadOnly!
LocalObjectReference: Name
ISCSIVolumeSource: TargetPortal IQN=iqn Lun# ISCSIInterface=iscsiInterface FSType=fsType ReadOnly!
  Portals? DiscoveryCHAPAuth=chapAuthDiscovery! SessionCHAPAuth=chapAuthSession!
  SecretRef*LocalObjectReference InitiatorName?
GlusterfsVolumeSource: EndpointsName=endpoints Path ReadOnly!
PersistentVolumeClaimVolumeSource: ClaimName ReadOnly!
RBDVolumeSource: CephMonitors=monitors? RBDImage=image FSType=fsType RBDPool=pool RadosUser=user Keyring
  SecretRef*LocalObjectReference ReadOnly!
QuobyteVolumeSource: Registry Volume ReadOnly! User Group Tenant
FlexVolumeSource: Driver FSType=fsType SecretRef*LocalObjectReference ReadOnly! Options%
CinderVolumeSource: VolumeID FSType=fsType ReadOnly! SecretRef*LocalObjectReference
CephFSVolumeSource: Monitors? Path User SecretFile SecretRef*LocalObjectReference ReadOnly!
FlockerVolumeSource: DatasetName DatasetUUID
ObjectFieldSelector: APIVersion=apiVersion FieldPath
ResourceFieldSelector: ContainerName Resource Divisor0
DownwardAPIVolumeFile: Path FieldRef*ObjectFieldSelector ResourceFieldRef*ResourceFieldSelector Mode?
DownwardAPIVolumeSource: Items*DownwardAPIVolumeFile DefaultMode?
FCVolumeSource: TargetWWNs? Lun? FSType=fsType ReadOnly! WWIDs=wwids?
AzureFileVolumeSource: SecretName ShareName ReadOnly!
ConfigMapVolumeSource: +LocalObjectReference Items*KeyToPath DefaultMode? Optional?
VsphereVirtualDiskVolumeSource: VolumePath FSType=fsType StoragePolicyName StoragePolicyID
AzureDiskVolumeSource: DiskName DataDiskURI=diskURI CachingMode? FSType=fsType? ReadOnly? Kind?
PhotonPersistentDiskVolumeSource: PdID FSType=fsType
SecretProjection: +LocalObjectReference Items*KeyToPath Optional?
DownwardAPIProjection: Items*DownwardAPIVolumeFile
ConfigMapProjection: +LocalObjectReference Items*KeyToPath Optional?
ServiceAccountTokenProjection: Audience ExpirationSeconds# Path
ClusterTrustBundleProjection: Name? SignerName? LabelSelector&LabelSelector Optional? Path
PodCertificateProjection: SignerName KeyType MaxExpirationSeconds? CredentialBundlePath KeyPath
  CertificateChainPath UserAnnotations%
VolumeProjection: Secret*SecretProjection DownwardAPI*DownwardAPIProjection ConfigMap*ConfigMapProjection
  ServiceAccountToken*ServiceAccountTokenProjection ClusterTrustBundle*ClusterTrustBundleProjection
  PodCertificate*PodCertificateProjection
ProjectedVolumeSource: Sources*VolumeProjection DefaultMode?
PortworxVolumeSource: VolumeID FSType=fsType ReadOnly!
ScaleIOVolumeSource: Gateway System SecretRef*LocalObjectReference SSLEnabled=sslEnabled! ProtectionDomain
  StoragePool StorageMode VolumeName FSType=fsType ReadOnly!
StorageOSVolumeSource: VolumeName VolumeNamespace FSType=fsType ReadOnly! SecretRef*LocalObjectReference
CSIVolumeSource: Driver ReadOnly? FSType=fsType? VolumeAttributes%
  NodePublishSecretRef*LocalObjectReference
VolumeResourceRequirements: Limits% Requests%
TypedLocalObjectReference: APIGroup=apiGroup? Kind Name
TypedObjectReference: APIGroup=apiGroup? Kind Name Namespace?
PersistentVolumeClaimSpec: AccessModes? Selector? Resources@VolumeResourceRequirements VolumeName
  StorageClassName? VolumeMode? DataSource*TypedLocalObjectReference DataSourceRef*TypedObjectReference
  VolumeAttributesClassName?
PersistentVolumeClaimTemplate: Spec@PersistentVolumeClaimSpec
EphemeralVolumeSource: VolumeClaimTemplate*PersistentVolumeClaimTemplate
ImageVolumeSource: Reference PullPolicy
VolumeSource: HostPath*HostPathVolumeSource EmptyDir*EmptyDirVolumeSource
  GCEPersistentDisk=gcePersistentDisk*GCEPersistentDiskVolumeSource
  AWSElasticBlockStore=awsElasticBlockStore*AWSElasticBlockStoreVolumeSource GitRepo*GitRepoVolumeSource
  Secret*SecretVolumeSource NFS=nfs*NFSVolumeSource ISCSI=iscsi*ISCSIVolumeSource
  Glusterfs*GlusterfsVolumeSource PersistentVolumeClaim*PersistentVolumeClaimVolumeSource
  RBD=rbd*RBDVolumeSource Quobyte*QuobyteVolumeSource FlexVolume*FlexVolumeSource
  Cinder*CinderVolumeSource CephFS=cephfs*CephFSVolumeSource Flocker*FlockerVolumeSource
  DownwardAPI*DownwardAPIVolumeSource FC=fc*FCVolumeSource AzureFile*AzureFileVolumeSource
  ConfigMap*ConfigMapVolumeSource VsphereVolume*VsphereVirtualDiskVolumeSource
  AzureDisk*AzureDiskVolumeSource PhotonPersistentDisk*PhotonPersistentDiskVolumeSource
  Projected*ProjectedVolumeSource PortworxVolume*PortworxVolumeSource ScaleIO*ScaleIOVolumeSource
  StorageOS=storageos*StorageOSVolumeSource CSI=csi*CSIVolumeSource Ephemeral*EphemeralVolumeSource
  Image*ImageVolumeSource
Volume: Name +VolumeSource
ContainerPort: Name HostPort# ContainerPort# Protocol HostIP
ConfigMapEnvSource: +LocalObjectReference Optional?
SecretEnvSource: +LocalObjectReference Optional?
EnvFromSource: Prefix ConfigMapRef*ConfigMapEnvSource SecretRef*SecretEnvSource
ConfigMapKeySelector: +LocalObjectReference Key Optional?
SecretKeySelector: +LocalObjectReference Key Optional?
FileKeySelector: VolumeName Path Key Optional?
EnvVarSource: FieldRef*ObjectFieldSelector ResourceFieldRef*ResourceFieldSelector
  ConfigMapKeyRef*ConfigMapKeySelector SecretKeyRef*SecretKeySelector FileKeyRef*FileKeySelector
EnvVar: Name Value ValueFrom*EnvVarSource
ResourceClaim: Name Request
ResourceRequirements: Limits% Requests% Claims*ResourceClaim
ContainerResizePolicy: ResourceName RestartPolicy
ContainerRestartRuleOnExitCodes: Operator Values?
ContainerRestartRule: Action ExitCodes*ContainerRestartRuleOnExitCodes
VolumeMount: Name ReadOnly! RecursiveReadOnly? MountPath SubPath MountPropagation? SubPathExpr
VolumeDevice: Name DevicePath
ExecAction: Command?
HTTPHeader: Name Value
HTTPGetAction: Path Port# Host Scheme HTTPHeaders=httpHeaders*HTTPHeader
TCPSocketAction: Port# Host
GRPCAction: Port# Service?
ProbeHandler: Exec*ExecAction HTTPGet=httpGet*HTTPGetAction TCPSocket=tcpSocket*TCPSocketAction
  GRPC=grpc*GRPCAction
Probe: +ProbeHandler InitialDelaySeconds# TimeoutSeconds# PeriodSeconds# SuccessThreshold#
  FailureThreshold# TerminationGracePeriodSeconds?
SleepAction: Seconds#
LifecycleHandler: Exec*ExecAction HTTPGet=httpGet*HTTPGetAction TCPSocket=tcpSocket*TCPSocketAction
  Sleep*SleepAction
Lifecycle: PostStart*LifecycleHandler PreStop*LifecycleHandler StopSignal?
Capabilities: Add? Drop?
SELinuxOptions: User Role Type Level
WindowsSecurityContextOptions: GMSACredentialSpecName=gmsaCredentialSpecName?
  GMSACredentialSpec=gmsaCredentialSpec? RunAsUserName? HostProcess?
SeccompProfile: Type LocalhostProfile?
AppArmorProfile: Type LocalhostProfile?
SecurityContext: Capabilities*Capabilities Privileged? SELinuxOptions=seLinuxOptions*SELinuxOptions
  WindowsOptions*WindowsSecurityContextOptions RunAsUser? RunAsGroup? RunAsNonRoot?
  ReadOnlyRootFilesystem? AllowPrivilegeEscalation? ProcMount? SeccompProfile*SeccompProfile
  AppArmorProfile*AppArmorProfile
Container: Name Image Command? Args? WorkingDir Ports*ContainerPort EnvFrom*EnvFromSource Env*EnvVar
  Resources@ResourceRequirements ResizePolicy*ContainerResizePolicy RestartPolicy?
  RestartPolicyRules*ContainerRestartRule VolumeMounts*VolumeMount VolumeDevices*VolumeDevice
  LivenessProbe*Probe ReadinessProbe*Probe StartupProbe*Probe Lifecycle*Lifecycle TerminationMessagePath
  TerminationMessagePolicy ImagePullPolicy SecurityContext*SecurityContext Stdin! StdinOnce! TTY=tty!
EphemeralContainerCommon: Name Image Command? Args? WorkingDir Ports*ContainerPort EnvFrom*EnvFromSource
  Env*EnvVar Resources@ResourceRequirements ResizePolicy*ContainerResizePolicy RestartPolicy?
  RestartPolicyRules*ContainerRestartRule VolumeMounts*VolumeMount VolumeDevices*VolumeDevice
  LivenessProbe*Probe ReadinessProbe*Probe StartupProbe*Probe Lifecycle*Lifecycle TerminationMessagePath
  TerminationMessagePolicy ImagePullPolicy SecurityContext*SecurityContext Stdin! StdinOnce! TTY=tty!
EphemeralContainer: +EphemeralContainerCommon TargetContainerName
Sysctl: Name Value
PodSecurityContext: HostNetwork! HostPID! HostIPC! ShareProcessNamespace? HostUsers?
  SELinuxOptions=seLinuxOptions*SELinuxOptions WindowsOptions*WindowsSecurityContextOptions RunAsUser?
  RunAsGroup? RunAsNonRoot? SupplementalGroups? SupplementalGroupsPolicy? FSGroup=fsGroup?
  FSGroupChangePolicy=fsGroupChangePolicy? Sysctls*Sysctl SeccompProfile*SeccompProfile
  AppArmorProfile*AppArmorProfile SELinuxChangePolicy=seLinuxChangePolicy?
NodeSelectorRequirement: Key Operator Values?
NodeSelectorTerm: MatchExpressions*NodeSelectorRequirement MatchFields*NodeSelectorRequirement
NodeSelector: NodeSelectorTerms*NodeSelectorTerm
PreferredSchedulingTerm: Weight# Preference@NodeSelectorTerm
NodeAffinity: RequiredDuringSchedulingIgnoredDuringExecution*NodeSelector
  PreferredDuringSchedulingIgnoredDuringExecution*PreferredSchedulingTerm
PodAffinityTerm: LabelSelector&LabelSelector Namespaces? TopologyKey NamespaceSelector&LabelSelector MatchLabelKeys?
  MismatchLabelKeys?
WeightedPodAffinityTerm: Weight# PodAffinityTerm@PodAffinityTerm
PodAffinity: RequiredDuringSchedulingIgnoredDuringExecution*PodAffinityTerm
  PreferredDuringSchedulingIgnoredDuringExecution*WeightedPodAffinityTerm
PodAntiAffinity: RequiredDuringSchedulingIgnoredDuringExecution*PodAffinityTerm
  PreferredDuringSchedulingIgnoredDuringExecution*WeightedPodAffinityTerm
Affinity: NodeAffinity*NodeAffinity PodAffinity*PodAffinity PodAntiAffinity*PodAntiAffinity
Toleration: Key Operator Value Effect TolerationSeconds?
HostAlias: IP=ip Hostnames?
PodDNSConfigOption: Name Value?
PodDNSConfig: Nameservers? Searches? Options*PodDNSConfigOption
PodReadinessGate: ConditionType
TopologySpreadConstraint: MaxSkew# TopologyKey WhenUnsatisfiable LabelSelector&LabelSelector MinDomains?
  NodeAffinityPolicy? NodeTaintsPolicy? MatchLabelKeys?
PodOS: Name
PodSchedulingGate: Name
PodResourceClaim: Name ResourceClaimName? ResourceClaimTemplateName?
PodSchedulingGroup: PodGroupName?
PodSpec: Volumes*Volume InitContainers*Container Containers*Container
  EphemeralContainers*EphemeralContainer RestartPolicy TerminationGracePeriodSeconds?
  ActiveDeadlineSeconds? DNSPolicy=dnsPolicy NodeSelector% ServiceAccountName
  AutomountServiceAccountToken? NodeName SecurityContext*PodSecurityContext
  ImagePullSecrets*LocalObjectReference Hostname Subdomain SetHostnameAsFQDN? Affinity*Affinity
  SchedulerName Tolerations*Toleration HostAliases*HostAlias PriorityClassName Priority? PreemptionPolicy?
  DNSConfig=dnsConfig*PodDNSConfig ReadinessGates*PodReadinessGate RuntimeClassName? Overhead%
  EnableServiceLinks? TopologySpreadConstraints*TopologySpreadConstraint OS=os*PodOS
  SchedulingGates*PodSchedulingGate ResourceClaims*PodResourceClaim Resources*ResourceRequirements
  HostnameOverride? SchedulingGroup*PodSchedulingGroup
`;

const fieldPattern = /^(\w+?)(?:=(\w+))?(?:([#!0?%])|([*@&])(\w+))?$/;

const zeros: Readonly<Record<string, JsonValue>> = {
  "": "",
  "#": 0,
  "!": false,
  "0": "0",
  "?": null,
  "%": null,
};

function readLayouts(): ReadonlyMap<string, readonly string[]> {
  const texts = layouts.trim().replaceAll("\n  ", " ").split("\n");
  return new Map(
    texts.map((text) => {
      const [name = "", fields = ""] = text.split(": ");
      return [name, fields.split(" ")] as const;
    }),
  );
}

/** The layout of one struct. Made when an error needs it: nearly no process ever does. */
export function coreLayout(name: string): GoStruct {
  return buildLayout(name, readLayouts());
}

function buildLayout(name: string, texts: ReadonlyMap<string, readonly string[]>): GoStruct {
  const fields: Record<string, GoStruct[string]> = {};
  for (const text of texts.get(name) ?? []) {
    if (text.startsWith("+")) {
      Object.assign(fields, buildLayout(text.slice(1), texts));
      continue;
    }
    const [, goName = "", apiName, scalar = "", holder, struct] = fieldPattern.exec(text)!;
    const json = apiName ?? `${goName[0]!.toLowerCase()}${goName.slice(1)}`;
    if (!holder || !struct) {
      fields[goName] = { json, zero: zeros[scalar]!, sorted: scalar === "%" };
      continue;
    }
    if (holder === "&") {
      fields[goName] = goMeta(json, struct as MetaType);
      continue;
    }
    const held = buildLayout(struct, texts);
    fields[goName] = { json, zero: holder === "@" ? goValue(held, {}) : null, struct: held };
  }
  return fields;
}

/** A pod's spec as upstream prints it: the fields about the host's namespaces are in its security context. */
export function goPodSpec(spec: PodSpec): JsonObject {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } = spec;
  const host = { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers };
  const securityContext = { ...spec.securityContext, ...host };
  const value = goValue(coreLayout("PodSpec"), { ...spec, securityContext });
  spec.volumes?.forEach(({ ephemeral }, index) => {
    const template = ephemeral?.volumeClaimTemplate;
    if (!template?.metadata) return;
    // Metadata is embedded: its fields stand beside the spec, under their JSON names.
    const volume = (value["Volumes"] as JsonObject[])[index]!;
    const printed = (volume["Ephemeral"] as JsonObject)["VolumeClaimTemplate"] as JsonObject;
    (volume["Ephemeral"] as JsonObject)["VolumeClaimTemplate"] = {
      ...goMetaValue("ObjectMeta", template.metadata as JsonObject),
      ...printed,
    };
  });
  return value;
}

/** A pod template as upstream prints it: its metadata has JSON names and leaves out what is empty. */
export function goPodTemplate(template: PodTemplateSpec): JsonObject {
  return {
    ...(template.metadata && goMetaValue("ObjectMeta", template.metadata as JsonObject)),
    Spec: goPodSpec(template.spec ?? { containers: [] }),
  };
}
