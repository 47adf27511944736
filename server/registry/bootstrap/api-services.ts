/**
 * The APIServices of the group versions that the server itself serves, with the priorities that order discovery.
 * Sources: kubernetes pkg/controlplane/apiserver/aggregator.go, cmd/kube-apiserver/app/aggregator.go (priorities),
 * k8s.io/kube-aggregator/pkg/controllers/autoregister (how they are kept).
 */
import { type ApiServiceObject, autoManagedLabel, localApiServiceObject } from "../../../api/api-services.ts";
import { jsonEqual } from "../../../api/json-equal.ts";
import type { KubeObject } from "../../../api/object.ts";
import type { BootstrapObject, Reconciliation } from "./reconcile.ts";
import { serverFieldManager } from "./reconcile.ts";

/** Priority of the group, then of each of its versions. */
const priorities: Readonly<Record<string, readonly [number, Readonly<Record<string, number>>]>> = {
  "": [18000, { v1: 1 }],
  apps: [17800, { v1: 15 }],
  "events.k8s.io": [17750, { v1: 15, v1beta1: 5 }],
  "authentication.k8s.io": [17700, { v1: 15, v1beta1: 9, v1alpha1: 1 }],
  "authorization.k8s.io": [17600, { v1: 15 }],
  autoscaling: [17500, { v2: 30, v1: 15, v2beta1: 9, v2beta2: 1 }],
  batch: [17400, { v1: 15, v1beta1: 9, v2alpha1: 9 }],
  "certificates.k8s.io": [17300, { v1: 15, v1beta1: 9, v1alpha1: 1 }],
  "networking.k8s.io": [17200, { v1: 15, v1beta1: 9 }],
  policy: [17100, { v1: 15, v1beta1: 9 }],
  "rbac.authorization.k8s.io": [17000, { v1: 15 }],
  "storage.k8s.io": [16800, { v1: 15, v1beta1: 9, v1alpha1: 1 }],
  "apiextensions.k8s.io": [16700, { v1: 15 }],
  "admissionregistration.k8s.io": [16700, { v1: 15, v1beta1: 12, v1alpha1: 9 }],
  "scheduling.k8s.io": [16600, { v1: 15, v1alpha2: 2 }],
  "coordination.k8s.io": [16500, { v1: 15, v1beta1: 13, v1alpha2: 12 }],
  "node.k8s.io": [16300, { v1: 15, v1beta1: 9, v1alpha1: 1 }],
  "discovery.k8s.io": [16200, { v1: 15, v1beta1: 12 }],
  "resource.k8s.io": [16200, { v1: 21, v1beta2: 15, v1beta1: 9, v1alpha3: 1 }],
  "flowcontrol.apiserver.k8s.io": [16100, { v1: 21, v1beta3: 18, v1beta2: 15, v1beta1: 12, v1alpha1: 9 }],
  "internal.apiserver.k8s.io": [16000, { v1alpha1: 9 }],
  "storagemigration.k8s.io": [15800, { v1beta1: 9 }],
};

/** The APIService of a built-in group version; undefined where it has no priority (apiregistration.k8s.io). */
export function localApiService(group: string, version: string): ApiServiceObject | undefined {
  const row = Object.hasOwn(priorities, group) ? priorities[group] : undefined;
  const versionPriority = row && Object.hasOwn(row[1], version) ? row[1][version] : undefined;
  if (row === undefined || versionPriority === undefined) return undefined;
  return localApiServiceObject(group, version, { groupPriorityMinimum: row[0], versionPriority }, "onstart");
}

/** checkAPIService: follows the server unless somebody took the label away. */
export function reconcileApiService(
  existing: ApiServiceObject,
  expected: ApiServiceObject,
): Reconciliation<ApiServiceObject> {
  if (!isAutoManaged(existing) || jsonEqual(existing.spec, expected.spec)) return { action: "none" };
  return { action: "update", object: { ...existing, spec: expected.spec } };
}

function isAutoManaged(object: KubeObject): boolean {
  const value = object.metadata.labels?.[autoManagedLabel];
  return value === "onstart" || value === "true";
}

/**
 * An APIService of an earlier run for a group version that is no longer served: the starting server deletes it. Those
 * that are kept always are somebody else's.
 */
export function isUnwantedApiService(existing: KubeObject, wanted: ReadonlySet<string>): boolean {
  const isOurs = existing.metadata.labels?.[autoManagedLabel] === "onstart";
  return isOurs && !wanted.has(existing.metadata.name ?? "");
}

export function bootstrapApiServices(
  groupVersions: readonly { group: string; version: string }[],
): BootstrapObject<ApiServiceObject>[] {
  return groupVersions.flatMap(({ group, version }) => {
    const object = localApiService(group, version);
    if (!object) return [];
    return {
      object,
      fieldManager: serverFieldManager,
      reconcile: (existing: ApiServiceObject) => reconcileApiService(existing, object),
    };
  });
}
