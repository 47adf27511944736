import type { KubeObject } from "../../api/object.ts";
import type { GroupResource } from "../../api/status.ts";

/**
 * What plug-ins read of the cluster: the newest state, so that a client's last write counts for its next one. Objects
 * are hub objects, frozen. A resource that is not served has none.
 */
export interface AdmissionObjects {
  get(resource: GroupResource, namespace: string, name: string): Promise<KubeObject | undefined>;
  /** Ordered by name. */
  list(resource: GroupResource, namespace: string): Promise<readonly KubeObject[]>;
}

/** Resources that several plug-ins read. */
export const core = (resource: string): GroupResource => ({ group: "", resource });
export const namespaces = core("namespaces");
export const nodes = core("nodes");
export const pods = core("pods");
export const storageClasses: GroupResource = { group: "storage.k8s.io", resource: "storageclasses" };
