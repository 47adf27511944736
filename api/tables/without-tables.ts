/**
 * Subresources that are shown as their objects only, by "resource.group/subresource": in upstream they implement no
 * rest.TableConvertor.
 */
export const withoutTables = new Set([
  "apiservices.apiregistration.k8s.io/status",
  "certificatesigningrequests.certificates.k8s.io/approval",
  "customresourcedefinitions.apiextensions.k8s.io/status",
  "devicetaintrules.resource.k8s.io/status",
  "namespaces./finalize",
  "podgroups.scheduling.k8s.io/status",
  "pods./ephemeralcontainers",
  "pods./resize",
  "resourceclaims.resource.k8s.io/status",
  "resourcepoolstatusrequests.resource.k8s.io/status",
]);

export const hasNoTable = (
  { group, resource }: { group: string; resource: string },
  subresource: string,
): boolean => withoutTables.has(`${resource}.${group}/${subresource}`);
