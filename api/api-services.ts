/**
 * APIServices that the server keeps for what it serves itself.
 * Sources: k8s.io/kube-aggregator/pkg/controllers/autoregister, kubernetes pkg/controlplane/controller/crdregistration.
 */
import type { KubeObject } from "./object.ts";

/** Says how the server keeps an APIService: "onstart", or "true" for always. */
export const autoManagedLabel = "kube-aggregator.kubernetes.io/automanaged";

/** Of all group versions of custom resources. */
export const customResourcePriority = { groupPriorityMinimum: 1000, versionPriority: 100 };

export interface ApiServicePriority {
  groupPriorityMinimum: number;
  versionPriority: number;
}

export interface ApiServiceCondition {
  type: string;
  status: string;
  lastTransitionTime?: string;
  reason?: string;
  message?: string;
}

export interface ApiServiceObject extends KubeObject {
  spec: ApiServicePriority & {
    group?: string;
    version?: string;
    service?: { namespace?: string; name?: string; port?: number };
    insecureSkipTLSVerify?: boolean;
    caBundle?: string;
  };
  status?: { conditions?: ApiServiceCondition[] };
}

/** An APIService for what the server itself serves. */
export function localApiServiceObject(
  group: string,
  version: string,
  priority: ApiServicePriority,
  autoManaged: "onstart" | "true",
): ApiServiceObject {
  return {
    kind: "APIService",
    apiVersion: "apiregistration.k8s.io/v1",
    metadata: { name: `${version}.${group}`, labels: { [autoManagedLabel]: autoManaged } },
    spec: { ...(group === "" ? {} : { group }), version, ...priority },
  };
}
