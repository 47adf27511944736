/**
 * The group versions that upstream's scheme registers in 1.36, in the order in which OpenAPI lists them. Some are
 * served no more: they are known to --runtime-config and to the kinds that every group version has (DeleteOptions).
 */
export const registeredGroupVersions: readonly string[] = [
  "/v1",
  "admission.k8s.io/v1",
  "admission.k8s.io/v1beta1",
  "admissionregistration.k8s.io/v1",
  "admissionregistration.k8s.io/v1alpha1",
  "admissionregistration.k8s.io/v1beta1",
  "apiextensions.k8s.io/v1",
  "apiextensions.k8s.io/v1beta1",
  "apiregistration.k8s.io/v1",
  "apiregistration.k8s.io/v1beta1",
  "apps/v1",
  "apps/v1beta1",
  "apps/v1beta2",
  "authentication.k8s.io/v1",
  "authentication.k8s.io/v1alpha1",
  "authentication.k8s.io/v1beta1",
  "authorization.k8s.io/v1",
  "authorization.k8s.io/v1beta1",
  "autoscaling/v1",
  "autoscaling/v2",
  "batch/v1",
  "batch/v1beta1",
  "certificates.k8s.io/v1",
  "certificates.k8s.io/v1alpha1",
  "certificates.k8s.io/v1beta1",
  "coordination.k8s.io/v1",
  "coordination.k8s.io/v1alpha2",
  "coordination.k8s.io/v1beta1",
  "discovery.k8s.io/v1",
  "discovery.k8s.io/v1beta1",
  "events.k8s.io/v1",
  "events.k8s.io/v1beta1",
  "extensions/v1beta1",
  "flowcontrol.apiserver.k8s.io/v1",
  "flowcontrol.apiserver.k8s.io/v1beta1",
  "flowcontrol.apiserver.k8s.io/v1beta2",
  "flowcontrol.apiserver.k8s.io/v1beta3",
  "imagepolicy.k8s.io/v1alpha1",
  "internal.apiserver.k8s.io/v1alpha1",
  "networking.k8s.io/v1",
  "networking.k8s.io/v1beta1",
  "node.k8s.io/v1",
  "node.k8s.io/v1alpha1",
  "node.k8s.io/v1beta1",
  "policy/v1",
  "policy/v1beta1",
  "rbac.authorization.k8s.io/v1",
  "rbac.authorization.k8s.io/v1alpha1",
  "rbac.authorization.k8s.io/v1beta1",
  "resource.k8s.io/v1",
  "resource.k8s.io/v1alpha3",
  "resource.k8s.io/v1beta1",
  "resource.k8s.io/v1beta2",
  "scheduling.k8s.io/v1",
  "scheduling.k8s.io/v1alpha2",
  "scheduling.k8s.io/v1beta1",
  "storage.k8s.io/v1",
  "storage.k8s.io/v1alpha1",
  "storage.k8s.io/v1beta1",
  "storagemigration.k8s.io/v1beta1",
];

/** Versions as "v1", "v2beta1": what kind each is and how they compare; other names come last. */
const KUBE_VERSION = /^v(\d+)(?:(alpha|beta)(\d+))?$/;

/**
 * Orders versions by how stable and new they are: v10, v2, v1, v11beta2, v3beta1, v1alpha2, then other names by
 * letters. Source: CompareKubeAwareVersionStrings in k8s.io/apimachinery/pkg/version/helpers.go.
 */
export function compareKubeVersions(a: string, b: string): number {
  const [rankA, rankB] = [rank(a), rank(b)];
  if (!rankA || !rankB) return rankA ? -1 : rankB ? 1 : compareText(a, b);
  for (const [index, value] of rankA.entries()) {
    const difference = (rankB[index] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Stability, major and minor version: more is better. */
function rank(version: string): [number, number, number] | undefined {
  const [, major, stability, minor = "0"] = KUBE_VERSION.exec(version) ?? [];
  if (major === undefined) return undefined;
  return [["alpha", "beta", undefined].indexOf(stability), Number(major), Number(minor)];
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
