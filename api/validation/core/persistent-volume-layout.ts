/**
 * How upstream's internal types of volumes and claims are laid out: updates that change what may not change answer
 * with a diff of the whole struct. Source: pkg/apis/core/types.go.
 */
import {
  type GoStruct,
  goBoolean,
  goInline,
  goMap,
  goMeta,
  goNullable,
  goNumber,
  goPointer,
  goString,
} from "../../go-value.ts";

const secretReference: GoStruct = { Name: goString("name"), Namespace: goString("namespace") };

export const goObjectReference: GoStruct = {
  Kind: goString("kind"),
  Namespace: goString("namespace"),
  Name: goString("name"),
  UID: goString("uid"),
  APIVersion: goString("apiVersion"),
  ResourceVersion: goString("resourceVersion"),
  FieldPath: goString("fieldPath"),
};

const gcePersistentDisk: GoStruct = {
  PDName: goString("pdName"),
  FSType: goString("fsType"),
  Partition: goNumber("partition"),
  ReadOnly: goBoolean("readOnly"),
};
const awsElasticBlockStore: GoStruct = {
  VolumeID: goString("volumeID"),
  FSType: goString("fsType"),
  Partition: goNumber("partition"),
  ReadOnly: goBoolean("readOnly"),
};
const hostPath: GoStruct = { Path: goString("path"), Type: goNullable("type") };
const glusterfs: GoStruct = {
  EndpointsName: goString("endpoints"),
  Path: goString("path"),
  ReadOnly: goBoolean("readOnly"),
  EndpointsNamespace: goNullable("endpointsNamespace"),
};
const nfs: GoStruct = {
  Server: goString("server"),
  Path: goString("path"),
  ReadOnly: goBoolean("readOnly"),
};
const rbd: GoStruct = {
  CephMonitors: goNullable("monitors"),
  RBDImage: goString("image"),
  FSType: goString("fsType"),
  RBDPool: goString("pool"),
  RadosUser: goString("user"),
  Keyring: goString("keyring"),
  SecretRef: goPointer("secretRef", secretReference),
  ReadOnly: goBoolean("readOnly"),
};
const quobyte: GoStruct = {
  Registry: goString("registry"),
  Volume: goString("volume"),
  ReadOnly: goBoolean("readOnly"),
  User: goString("user"),
  Group: goString("group"),
  Tenant: goString("tenant"),
};
const iscsi: GoStruct = {
  TargetPortal: goString("targetPortal"),
  IQN: goString("iqn"),
  Lun: goNumber("lun"),
  ISCSIInterface: goString("iscsiInterface"),
  FSType: goString("fsType"),
  ReadOnly: goBoolean("readOnly"),
  Portals: goNullable("portals"),
  DiscoveryCHAPAuth: goBoolean("chapAuthDiscovery"),
  SessionCHAPAuth: goBoolean("chapAuthSession"),
  SecretRef: goPointer("secretRef", secretReference),
  InitiatorName: goNullable("initiatorName"),
};
const flexVolume: GoStruct = {
  Driver: goString("driver"),
  FSType: goString("fsType"),
  SecretRef: goPointer("secretRef", secretReference),
  ReadOnly: goBoolean("readOnly"),
  Options: goMap("options"),
};
const cinder: GoStruct = {
  VolumeID: goString("volumeID"),
  FSType: goString("fsType"),
  ReadOnly: goBoolean("readOnly"),
  SecretRef: goPointer("secretRef", secretReference),
};
const cephfs: GoStruct = {
  Monitors: goNullable("monitors"),
  Path: goString("path"),
  User: goString("user"),
  SecretFile: goString("secretFile"),
  SecretRef: goPointer("secretRef", secretReference),
  ReadOnly: goBoolean("readOnly"),
};
const fc: GoStruct = {
  TargetWWNs: goNullable("targetWWNs"),
  Lun: goNullable("lun"),
  FSType: goString("fsType"),
  ReadOnly: goBoolean("readOnly"),
  WWIDs: goNullable("wwids"),
};
const flocker: GoStruct = { DatasetName: goString("datasetName"), DatasetUUID: goString("datasetUUID") };
const azureFile: GoStruct = {
  SecretName: goString("secretName"),
  ShareName: goString("shareName"),
  ReadOnly: goBoolean("readOnly"),
  SecretNamespace: goNullable("secretNamespace"),
};
const vsphereVolume: GoStruct = {
  VolumePath: goString("volumePath"),
  FSType: goString("fsType"),
  StoragePolicyName: goString("storagePolicyName"),
  StoragePolicyID: goString("storagePolicyID"),
};
const azureDisk: GoStruct = {
  DiskName: goString("diskName"),
  DataDiskURI: goString("diskURI"),
  CachingMode: goNullable("cachingMode"),
  FSType: goNullable("fsType"),
  ReadOnly: goNullable("readOnly"),
  Kind: goNullable("kind"),
};
const photonPersistentDisk: GoStruct = { PdID: goString("pdID"), FSType: goString("fsType") };
const portworxVolume: GoStruct = {
  VolumeID: goString("volumeID"),
  FSType: goString("fsType"),
  ReadOnly: goBoolean("readOnly"),
};
const scaleIo: GoStruct = {
  Gateway: goString("gateway"),
  System: goString("system"),
  SecretRef: goPointer("secretRef", secretReference),
  SSLEnabled: goBoolean("sslEnabled"),
  ProtectionDomain: goString("protectionDomain"),
  StoragePool: goString("storagePool"),
  StorageMode: goString("storageMode"),
  VolumeName: goString("volumeName"),
  FSType: goString("fsType"),
  ReadOnly: goBoolean("readOnly"),
};
const local: GoStruct = { Path: goString("path"), FSType: goNullable("fsType") };
const storageos: GoStruct = {
  VolumeName: goString("volumeName"),
  VolumeNamespace: goString("volumeNamespace"),
  FSType: goString("fsType"),
  ReadOnly: goBoolean("readOnly"),
  SecretRef: goPointer("secretRef", goObjectReference),
};
const csi: GoStruct = {
  Driver: goString("driver"),
  VolumeHandle: goString("volumeHandle"),
  ReadOnly: goBoolean("readOnly"),
  FSType: goString("fsType"),
  VolumeAttributes: goMap("volumeAttributes"),
  ControllerPublishSecretRef: goPointer("controllerPublishSecretRef", secretReference),
  NodeStageSecretRef: goPointer("nodeStageSecretRef", secretReference),
  NodePublishSecretRef: goPointer("nodePublishSecretRef", secretReference),
  ControllerExpandSecretRef: goPointer("controllerExpandSecretRef", secretReference),
  NodeExpandSecretRef: goPointer("nodeExpandSecretRef", secretReference),
};

export const goPersistentVolumeSource: GoStruct = {
  GCEPersistentDisk: goPointer("gcePersistentDisk", gcePersistentDisk),
  AWSElasticBlockStore: goPointer("awsElasticBlockStore", awsElasticBlockStore),
  HostPath: goPointer("hostPath", hostPath),
  Glusterfs: goPointer("glusterfs", glusterfs),
  NFS: goPointer("nfs", nfs),
  RBD: goPointer("rbd", rbd),
  Quobyte: goPointer("quobyte", quobyte),
  ISCSI: goPointer("iscsi", iscsi),
  FlexVolume: goPointer("flexVolume", flexVolume),
  Cinder: goPointer("cinder", cinder),
  CephFS: goPointer("cephfs", cephfs),
  FC: goPointer("fc", fc),
  Flocker: goPointer("flocker", flocker),
  AzureFile: goPointer("azureFile", azureFile),
  VsphereVolume: goPointer("vsphereVolume", vsphereVolume),
  AzureDisk: goPointer("azureDisk", azureDisk),
  PhotonPersistentDisk: goPointer("photonPersistentDisk", photonPersistentDisk),
  PortworxVolume: goPointer("portworxVolume", portworxVolume),
  ScaleIO: goPointer("scaleIO", scaleIo),
  Local: goPointer("local", local),
  StorageOS: goPointer("storageos", storageos),
  CSI: goPointer("csi", csi),
};

const nodeSelectorRequirement: GoStruct = {
  Key: goString("key"),
  Operator: goString("operator"),
  Values: goNullable("values"),
};
const nodeSelectorTerm: GoStruct = {
  MatchExpressions: goPointer("matchExpressions", nodeSelectorRequirement),
  MatchFields: goPointer("matchFields", nodeSelectorRequirement),
};
const nodeSelector: GoStruct = { NodeSelectorTerms: goPointer("nodeSelectorTerms", nodeSelectorTerm) };

export const goVolumeNodeAffinity: GoStruct = { Required: goPointer("required", nodeSelector) };

export const goPersistentVolumeSpec: GoStruct = {
  Capacity: goMap("capacity"),
  ...goPersistentVolumeSource,
  AccessModes: goNullable("accessModes"),
  ClaimRef: goPointer("claimRef", goObjectReference),
  PersistentVolumeReclaimPolicy: goString("persistentVolumeReclaimPolicy"),
  StorageClassName: goString("storageClassName"),
  MountOptions: goNullable("mountOptions"),
  VolumeMode: goNullable("volumeMode"),
  NodeAffinity: goPointer("nodeAffinity", goVolumeNodeAffinity),
  VolumeAttributesClassName: goNullable("volumeAttributesClassName"),
};

const volumeResources: GoStruct = { Limits: goMap("limits"), Requests: goMap("requests") };
const localReference: GoStruct = {
  APIGroup: goNullable("apiGroup"),
  Kind: goString("kind"),
  Name: goString("name"),
};

export const goPersistentVolumeClaimSpec: GoStruct = {
  AccessModes: goNullable("accessModes"),
  Selector: goMeta("selector", "LabelSelector"),
  Resources: goInline("resources", volumeResources),
  VolumeName: goString("volumeName"),
  StorageClassName: goNullable("storageClassName"),
  VolumeMode: goNullable("volumeMode"),
  DataSource: goPointer("dataSource", localReference),
  DataSourceRef: goPointer("dataSourceRef", { ...localReference, Namespace: goNullable("namespace") }),
  VolumeAttributesClassName: goNullable("volumeAttributesClassName"),
};

export const goPersistentVolumeClaimStatus: GoStruct = {
  Phase: goString("phase"),
  AccessModes: goNullable("accessModes"),
  Capacity: goMap("capacity"),
  Conditions: goNullable("conditions"),
  AllocatedResources: goMap("allocatedResources"),
  AllocatedResourceStatuses: goMap("allocatedResourceStatuses"),
  CurrentVolumeAttributesClassName: goNullable("currentVolumeAttributesClassName"),
  ModifyVolumeStatus: goPointer("modifyVolumeStatus", {
    TargetVolumeAttributesClassName: goString("targetVolumeAttributesClassName"),
    Status: goString("status"),
  }),
};
