import type { Access } from "./access.ts";
import { LateCel } from "./late-cel.ts";
import { apiServices } from "./resources/apiservices.ts";
import { certificateSigningRequests } from "./resources/certificatesigningrequests.ts";
import { clusterRoleBindings } from "./resources/clusterrolebindings.ts";
import { clusterRoles } from "./resources/clusterroles.ts";
import { clusterTrustBundles } from "./resources/clustertrustbundles.ts";
import { configMaps } from "./resources/configmaps.ts";
import { controllerRevisions } from "./resources/controllerrevisions.ts";
import { cronJobs } from "./resources/cronjobs.ts";
import { csiDrivers } from "./resources/csidrivers.ts";
import { csiNodes } from "./resources/csinodes.ts";
import { csiStorageCapacities } from "./resources/csistoragecapacities.ts";
import { customResourceDefinitions } from "./resources/customresourcedefinitions.ts";
import { daemonSets } from "./resources/daemonsets.ts";
import { deployments } from "./resources/deployments.ts";
import { deviceClasses } from "./resources/deviceclasses.ts";
import { deviceTaintRules } from "./resources/devicetaintrules.ts";
import { endpoints } from "./resources/endpoints.ts";
import { endpointSlices } from "./resources/endpointslices.ts";
import { coreEvents, events } from "./resources/events.ts";
import { flowSchemas } from "./resources/flowschemas.ts";
import { horizontalPodAutoscalers } from "./resources/horizontalpodautoscalers.ts";
import { ingressClasses } from "./resources/ingressclasses.ts";
import { ingresses } from "./resources/ingresses.ts";
import { ipAddresses } from "./resources/ipaddresses.ts";
import { jobs } from "./resources/jobs.ts";
import { leaseCandidates } from "./resources/leasecandidates.ts";
import { leases } from "./resources/leases.ts";
import { limitRanges } from "./resources/limitranges.ts";
import { mutatingAdmissionPolicies } from "./resources/mutatingadmissionpolicies.ts";
import { mutatingAdmissionPolicyBindings } from "./resources/mutatingadmissionpolicybindings.ts";
import { namespaces } from "./resources/namespaces.ts";
import { networkPolicies } from "./resources/networkpolicies.ts";
import { nodes } from "./resources/nodes.ts";
import { persistentVolumeClaims } from "./resources/persistentvolumeclaims.ts";
import { persistentVolumes } from "./resources/persistentvolumes.ts";
import { podCertificateRequests } from "./resources/podcertificaterequests.ts";
import { podDisruptionBudgets } from "./resources/poddisruptionbudgets.ts";
import { podGroups } from "./resources/podgroups.ts";
import { pods } from "./resources/pods.ts";
import { podTemplates } from "./resources/podtemplates.ts";
import { priorityClasses } from "./resources/priorityclasses.ts";
import { priorityLevelConfigurations } from "./resources/prioritylevelconfigurations.ts";
import { replicaSets } from "./resources/replicasets.ts";
import { replicationControllers } from "./resources/replicationcontrollers.ts";
import { resourceClaims } from "./resources/resourceclaims.ts";
import { resourceClaimTemplates } from "./resources/resourceclaimtemplates.ts";
import { resourcePoolStatusRequests } from "./resources/resourcepoolstatusrequests.ts";
import { resourceQuotas } from "./resources/resourcequotas.ts";
import { resourceSlices } from "./resources/resourceslices.ts";
import { roleBindings } from "./resources/rolebindings.ts";
import { roles } from "./resources/roles.ts";
import { runtimeClasses } from "./resources/runtimeclasses.ts";
import { secrets } from "./resources/secrets.ts";
import { serviceAccounts } from "./resources/serviceaccounts.ts";
import { serviceCidrs } from "./resources/servicecidrs.ts";
import { services } from "./resources/services.ts";
import { statefulSets } from "./resources/statefulsets.ts";
import { storageClasses } from "./resources/storageclasses.ts";
import { storageVersionMigrations } from "./resources/storageversionmigrations.ts";
import { storageVersions } from "./resources/storageversions.ts";
import { validatingAdmissionPolicies } from "./resources/validatingadmissionpolicies.ts";
import { validatingAdmissionPolicyBindings } from "./resources/validatingadmissionpolicybindings.ts";
import { volumeAttachments } from "./resources/volumeattachments.ts";
import { volumeAttributesClasses } from "./resources/volumeattributesclasses.ts";
import { webhookConfigurations } from "./resources/webhook-configurations.ts";
import { workloads } from "./resources/workloads.ts";
import type { ResourceDefinition } from "./strategy.ts";

/** What resources need that is one cluster's own. */
export interface ResourceDependencies {
  /** Allocates addresses and ports of Services. */
  serviceHooks: Parameters<typeof services>[0];
  eventTtlSeconds: number;
  /** Absent: everybody may do everything. */
  access?: Access;
}

/** Every resource that behaves specially, by "resource.group": one line each. */
export function resourceDefinitions(
  dependencies: ResourceDependencies,
): ReadonlyMap<string, ResourceDefinition> {
  const { access } = dependencies;
  const cel = new LateCel();
  const definitions = [
    apiServices,
    certificateSigningRequests,
    clusterRoleBindings(access),
    clusterRoles(access),
    clusterTrustBundles,
    configMaps,
    controllerRevisions,
    coreEvents(dependencies.eventTtlSeconds),
    cronJobs,
    csiDrivers,
    csiNodes,
    csiStorageCapacities,
    customResourceDefinitions,
    daemonSets,
    deployments,
    deviceClasses(cel),
    deviceTaintRules,
    endpoints,
    endpointSlices,
    events(dependencies.eventTtlSeconds),
    flowSchemas,
    horizontalPodAutoscalers,
    ingressClasses,
    ingresses,
    ipAddresses,
    jobs,
    leaseCandidates,
    leases,
    limitRanges,
    mutatingAdmissionPolicies(access, cel),
    mutatingAdmissionPolicyBindings(access),
    webhookConfigurations("mutatingwebhookconfigurations", cel),
    namespaces,
    networkPolicies,
    nodes,
    persistentVolumeClaims,
    persistentVolumes,
    podCertificateRequests(access),
    podDisruptionBudgets,
    podGroups,
    pods,
    podTemplates,
    priorityClasses,
    priorityLevelConfigurations,
    replicaSets,
    replicationControllers,
    resourceClaims(access, cel),
    resourceClaimTemplates(access, cel),
    resourcePoolStatusRequests,
    resourceQuotas,
    resourceSlices,
    roleBindings(access),
    roles(access),
    runtimeClasses,
    secrets,
    serviceAccounts,
    serviceCidrs,
    services(dependencies.serviceHooks),
    statefulSets,
    storageClasses,
    storageVersionMigrations,
    storageVersions,
    validatingAdmissionPolicies(access, cel),
    validatingAdmissionPolicyBindings(access),
    webhookConfigurations("validatingwebhookconfigurations", cel),
    volumeAttachments,
    volumeAttributesClasses,
    workloads,
  ] as unknown as readonly ResourceDefinition[]; // each only ever sees objects of its own type
  return new Map(definitions.map((definition) => [`${definition.resource}.${definition.group}`, definition]));
}
