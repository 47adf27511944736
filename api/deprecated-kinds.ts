/** The releases in which a kind is deprecated and gone, and what takes its place. */
interface Lifecycle {
  deprecated: string;
  removed?: string;
  replacement?: string;
}

/**
 * Served kinds that are deprecated by 1.36, by "group/version Kind" ("v1 Kind" of the core group).
 * Source: k8s.io/api, zz_generated.prerelease-lifecycle.go of every group version.
 */
const lifecycles: ReadonlyMap<string, Lifecycle> = new Map<string, Lifecycle>([
  ["v1 ComponentStatus", { deprecated: "1.19" }],
  ["v1 Endpoints", { deprecated: "1.33", replacement: "discovery.k8s.io/v1 EndpointSlice" }],
  ["admissionregistration.k8s.io/v1alpha1 MutatingAdmissionPolicy", { deprecated: "1.35", removed: "1.38" }],
  [
    "admissionregistration.k8s.io/v1alpha1 MutatingAdmissionPolicyBinding",
    { deprecated: "1.35", removed: "1.38" },
  ],
  ["certificates.k8s.io/v1alpha1 ClusterTrustBundle", { deprecated: "1.34", removed: "1.37" }],
  ["coordination.k8s.io/v1alpha2 LeaseCandidate", { deprecated: "1.35", removed: "1.38" }],
  ["coordination.k8s.io/v1beta1 LeaseCandidate", { deprecated: "1.36", removed: "1.39" }],
  ["networking.k8s.io/v1beta1 IPAddress", { deprecated: "1.34", removed: "1.37" }],
  ["networking.k8s.io/v1beta1 ServiceCIDR", { deprecated: "1.34", removed: "1.37" }],
  ["resource.k8s.io/v1alpha3 DeviceTaintRule", { deprecated: "1.36", removed: "1.39" }],
  ["resource.k8s.io/v1beta1 DeviceClass", { deprecated: "1.35", removed: "1.38" }],
  ["resource.k8s.io/v1beta1 ResourceClaim", { deprecated: "1.35", removed: "1.38" }],
  ["resource.k8s.io/v1beta1 ResourceClaimTemplate", { deprecated: "1.35", removed: "1.38" }],
  ["resource.k8s.io/v1beta1 ResourceSlice", { deprecated: "1.35", removed: "1.38" }],
  ["resource.k8s.io/v1beta2 DeviceClass", { deprecated: "1.36", removed: "1.39" }],
  ["resource.k8s.io/v1beta2 ResourceClaim", { deprecated: "1.36", removed: "1.39" }],
  ["resource.k8s.io/v1beta2 ResourceClaimTemplate", { deprecated: "1.36", removed: "1.39" }],
  ["resource.k8s.io/v1beta2 ResourceSlice", { deprecated: "1.36", removed: "1.39" }],
  [
    "storage.k8s.io/v1beta1 VolumeAttributesClass",
    { deprecated: "1.34", removed: "1.37", replacement: "storage.k8s.io/v1 VolumeAttributesClass" },
  ],
]);

/** What every request to a deprecated kind is warned of. Source: k8s.io/apiserver/pkg/endpoints/deprecation. */
export function deprecationWarning(kind: {
  group: string;
  version: string;
  kind: string;
}): string | undefined {
  const name = `${kind.group === "" ? "" : `${kind.group}/`}${kind.version} ${kind.kind}`;
  const lifecycle = lifecycles.get(name);
  if (!lifecycle) return undefined;
  const { deprecated, removed, replacement } = lifecycle;
  const removal = removed === undefined ? "" : `, unavailable in v${removed}+`;
  return `${name} is deprecated in v${deprecated}+${removal}${replacement === undefined ? "" : `; use ${replacement}`}`;
}
