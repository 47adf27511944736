/**
 * What upstream's conversion between core/v1 and its internal types does to pods on every way in and out.
 * Source: k8s.io/kubernetes/pkg/apis/core/v1/conversion.go. All of it may be applied again without harm.
 */
import type { PodSpec, PodStatus } from "../core-types.ts";
import type { ObjectMeta } from "../object.ts";

/** serviceAccount is an old name of serviceAccountName: either is read, both are written. */
export function adoptServiceAccountAlias(spec: PodSpec): void {
  const name = spec.serviceAccountName || spec.serviceAccount;
  if (!name) return;
  spec.serviceAccountName = name;
  spec.serviceAccount = name;
}

const initContainerAnnotations = [
  "pod.beta.kubernetes.io/init-containers",
  "pod.alpha.kubernetes.io/init-containers",
  "pod.beta.kubernetes.io/init-container-statuses",
  "pod.alpha.kubernetes.io/init-container-statuses",
];

/** Annotations of a time before init containers had a field; they are dropped. */
export function dropInitContainerAnnotations(meta: Pick<ObjectMeta, "annotations"> | undefined): void {
  const annotations = meta?.annotations;
  if (!meta || !annotations) return;
  for (const key of initContainerAnnotations) {
    if (Object.hasOwn(annotations, key)) delete annotations[key];
  }
  if (Object.keys(annotations).length === 0) delete meta.annotations;
}

/** podIP is the first of podIPs, and wins where both are written and differ. */
export function syncPodIps(status: PodStatus): void {
  if (status.podIP && status.podIP !== status.podIPs?.[0]?.ip) status.podIPs = [{ ip: status.podIP }];
  const first = status.podIPs?.[0]?.ip;
  if (first) status.podIP = first;
  else delete status.podIP;
}
