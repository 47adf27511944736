import { configMaps } from "./resources/configmaps.ts";
import { controllerRevisions } from "./resources/controllerrevisions.ts";
import { cronJobs } from "./resources/cronjobs.ts";
import { csiDrivers } from "./resources/csidrivers.ts";
import { csiNodes } from "./resources/csinodes.ts";
import { csiStorageCapacities } from "./resources/csistoragecapacities.ts";
import { daemonSets } from "./resources/daemonsets.ts";
import { deployments } from "./resources/deployments.ts";
import { endpoints } from "./resources/endpoints.ts";
import { endpointSlices } from "./resources/endpointslices.ts";
import { coreEvents, events } from "./resources/events.ts";
import { horizontalPodAutoscalers } from "./resources/horizontalpodautoscalers.ts";
import { ingressClasses } from "./resources/ingressclasses.ts";
import { ingresses } from "./resources/ingresses.ts";
import { ipAddresses } from "./resources/ipaddresses.ts";
import { jobs } from "./resources/jobs.ts";
import { leaseCandidates } from "./resources/leasecandidates.ts";
import { leases } from "./resources/leases.ts";
import { limitRanges } from "./resources/limitranges.ts";
import { namespaces } from "./resources/namespaces.ts";
import { networkPolicies } from "./resources/networkpolicies.ts";
import { nodes } from "./resources/nodes.ts";
import { persistentVolumeClaims } from "./resources/persistentvolumeclaims.ts";
import { persistentVolumes } from "./resources/persistentvolumes.ts";
import { podDisruptionBudgets } from "./resources/poddisruptionbudgets.ts";
import { pods } from "./resources/pods.ts";
import { podTemplates } from "./resources/podtemplates.ts";
import { replicaSets } from "./resources/replicasets.ts";
import { replicationControllers } from "./resources/replicationcontrollers.ts";
import { resourceQuotas } from "./resources/resourcequotas.ts";
import { runtimeClasses } from "./resources/runtimeclasses.ts";
import { secrets } from "./resources/secrets.ts";
import { serviceAccounts } from "./resources/serviceaccounts.ts";
import { serviceCidrs } from "./resources/servicecidrs.ts";
import { services } from "./resources/services.ts";
import { statefulSets } from "./resources/statefulsets.ts";
import { storageClasses } from "./resources/storageclasses.ts";
import { storageVersionMigrations } from "./resources/storageversionmigrations.ts";
import { volumeAttachments } from "./resources/volumeattachments.ts";
import { volumeAttributesClasses } from "./resources/volumeattributesclasses.ts";
import type { ResourceDefinition } from "./strategy.ts";

/** What resources need that is one cluster's own. */
export interface ResourceDependencies {
  /** Allocates addresses and ports of Services. */
  serviceHooks: Parameters<typeof services>[0];
  eventTtlSeconds: number;
}

/** Every resource that behaves specially, by "resource.group": one line each. */
export function resourceDefinitions(
  dependencies: ResourceDependencies,
): ReadonlyMap<string, ResourceDefinition> {
  const definitions = [
    configMaps,
    controllerRevisions,
    coreEvents(dependencies.eventTtlSeconds),
    cronJobs,
    csiDrivers,
    csiNodes,
    csiStorageCapacities,
    daemonSets,
    deployments,
    endpointSlices,
    endpoints,
    events(dependencies.eventTtlSeconds),
    horizontalPodAutoscalers,
    ingressClasses,
    ingresses,
    ipAddresses,
    jobs,
    leaseCandidates,
    leases,
    limitRanges,
    namespaces,
    networkPolicies,
    nodes,
    persistentVolumeClaims,
    persistentVolumes,
    podDisruptionBudgets,
    podTemplates,
    pods,
    replicaSets,
    replicationControllers,
    resourceQuotas,
    runtimeClasses,
    secrets,
    serviceAccounts,
    serviceCidrs,
    services(dependencies.serviceHooks),
    statefulSets,
    storageClasses,
    storageVersionMigrations,
    volumeAttachments,
    volumeAttributesClasses,
  ] as unknown as readonly ResourceDefinition[]; // each only ever sees objects of its own type
  return new Map(definitions.map((definition) => [`${definition.resource}.${definition.group}`, definition]));
}
