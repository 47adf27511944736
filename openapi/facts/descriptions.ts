/**
 * Descriptions in our own words, where neither the client nor kubernetes-models has upstream's. Every property that
 * holds a struct and is described upstream must be described here, too: the v3 documents wrap its reference then.
 */
import { names } from "../../api/openapi/schema.ts";

/** Of "metadata", where nothing else is known of it. */
export const metadataDescription = { object: "Standard object metadata.", list: "Standard list metadata." };

/** Kinds whose "metadata" upstream does not describe. */
export const withoutMetadataDescription: ReadonlySet<string> = new Set([
  "io.k8s.api.certificates.v1.CertificateSigningRequest",
  "io.k8s.api.certificates.v1.CertificateSigningRequestList",
]);

export const definitionDescriptions: Readonly<Record<string, string>> = {
  [names.quantity]:
    "A fixed-point number with an optional suffix: binary (Ki, Mi, Gi, Ti, Pi, Ei), decimal (n, u, m, k, M, G, T, P, E) " +
    "or an exponent (e3, E3). It is written in canonical form: no precision lost, no fractional digits, the largest " +
    "suffix that fits.",
  [names.time]: "A point in time in RFC 3339 form, in whole seconds and UTC.",
  "io.k8s.api.apiserverinternal.v1alpha1.StorageVersionSpec": "An empty spec.",
  "io.k8s.api.scheduling.v1alpha2.BasicSchedulingPolicy":
    "Pods are scheduled one by one, as if they were in no group.",
};

/** By property of a struct, "package.Struct.property", in all versions. */
export const propertyDescriptions: Readonly<Record<string, string>> = {
  "apiserverinternal.StorageVersion.status":
    "The versions that each API server instance can read and writes.",
  "certificates.ClusterTrustBundle.spec": "The trust anchors, and the signer that they belong to, if any.",
  "certificates.PodCertificateRequest.spec": "The certificate that is asked for.",
  "certificates.PodCertificateRequest.status": "The certificate that was issued, or why none was.",
  "coordination.LeaseCandidate.spec": "The lease that is wanted, and by whom.",
  "coordination.LeaseCandidateSpec.pingTime": "When the server last asked the candidate to renew.",
  "coordination.LeaseCandidateSpec.renewTime": "When the candidate was last updated.",
  "resource.BasicDevice.nodeSelector":
    "The nodes that can use the device. At most one way to name nodes may be used.",
  "resource.Device.basic": "A single device.",
  "resource.DeviceRequest.capacity": "How much of each capacity the request needs.",
  "resource.DeviceTaintRule.spec": "The devices to taint, and the taint.",
  "resource.DeviceTaintRule.status": "What became of the rule.",
  "resource.DeviceTaintRuleSpec.deviceSelector":
    "The devices that get the taint. Empty: all devices; absent: none.",
  "resource.DeviceTaintRuleSpec.taint": "The taint.",
  "resource.ResourcePoolStatusRequest.spec": "The pools to report on.",
  "resource.ResourcePoolStatusRequest.status": "The report, once it is made.",
  "scheduling.PodGroup.spec": "How the group is to be scheduled.",
  "scheduling.PodGroup.status": "What was last seen of the group.",
  "scheduling.PodGroupSchedulingPolicy.gang": "Pods are scheduled together or not at all.",
  "scheduling.PodGroupSpec.podGroupTemplateRef": "The template that the group was made from.",
  "scheduling.PodGroupSpec.schedulingConstraints": "Where the group's pods may run, seen as a whole.",
  "scheduling.PodGroupSpec.schedulingPolicy": "How the group's pods are scheduled.",
  "scheduling.PodGroupTemplate.schedulingConstraints": "Where the group's pods may run, seen as a whole.",
  "scheduling.PodGroupTemplate.schedulingPolicy": "How the group's pods are scheduled.",
  "scheduling.PodGroupTemplateReference.workload": "A template within a Workload.",
  "scheduling.Workload.spec": "The groups of pods that the workload is made of.",
  "scheduling.WorkloadSpec.controllerRef": "The object that the workload belongs to, e.g. a Job.",
  "storagemigration.StorageVersionMigration.spec": "The resource to migrate.",
  "storagemigration.StorageVersionMigration.status": "How far the migration is.",
  "storagemigration.StorageVersionMigrationSpec.resource": "The resource whose objects are written anew.",
};
