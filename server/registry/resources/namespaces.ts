import { timestamp } from "../../../api/clock.ts";
import type { ObjectOf } from "../../../api/object-of.ts";
import { conflict } from "../../../api/status.ts";
import {
  validateNamespace,
  validateNamespaceFinalize,
  validateNamespaceStatusUpdate,
  validateNamespaceUpdate,
} from "../../../api/validation/core/namespace.ts";
import { finalizerDeleteDependents, finalizerOrphanDependents } from "../../../api/validation/object-meta.ts";
import { defineResource } from "../strategy.ts";
import type { DeleteOptions } from "../write-request.ts";

type Namespace = ObjectOf<"io.k8s.api.core.v1.Namespace">;

const group = "";
const resource = "namespaces";
const nameLabel = "kubernetes.io/metadata.name";

/** Source: pkg/registry/core/namespace. */
export const namespaces = defineResource<Namespace>({
  group,
  resource,
  strategy: {
    prepareForCreate(namespace) {
      namespace.status = { phase: "Active" };
      namespace.spec ??= {};
      const finalizers = namespace.spec.finalizers ?? [];
      if (!finalizers.includes("kubernetes")) namespace.spec.finalizers = [...finalizers, "kubernetes"];
    },
    validate: validateNamespace,
    prepareForUpdate(namespace, old) {
      keepFinalizers(namespace, old);
      namespace.status = old.status;
    },
    validateUpdate: validateNamespaceUpdate,
    canonicalize({ metadata }) {
      // A generated name is not known before.
      metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name ?? "" };
    },
    resetFields: { v1: ["status"] },
    returnDeletedObject: true,
    beginDelete(namespace, options, context) {
      checkPreconditions(namespace, options);
      if (namespace.metadata.deletionTimestamp === undefined) {
        namespace.metadata.deletionTimestamp = timestamp(context.clock);
        namespace.status = { ...namespace.status, phase: "Terminating" };
        setGarbageCollectionFinalizers(namespace, options);
        return "update";
      }
      return isHeld(namespace) ? "pending" : undefined;
    },
    removableByUpdate: (namespace) => !isHeld(namespace),
  },
  subresources: {
    status: {
      prepareForUpdate(namespace, old) {
        namespace.spec = old.spec;
      },
      validateUpdate: validateNamespaceStatusUpdate,
      resetFields: { v1: ["spec"] },
    },
    finalize: {
      prepareForUpdate(namespace, old) {
        namespace.status = old.status;
      },
      validateUpdate: validateNamespaceFinalize,
      resetFields: { v1: ["status"] },
    },
  },
  selectableFields: { "status.phase": ({ status }) => status?.phase ?? "" },
});

/** Only the finalize subresource changes them. */
function keepFinalizers(namespace: Namespace, old: Namespace): void {
  const { finalizers: _, ...spec } = namespace.spec ?? {};
  namespace.spec = old.spec?.finalizers ? { ...spec, finalizers: old.spec.finalizers } : spec;
}

/** Somebody still has to clean up inside. */
function isHeld({ spec }: Namespace): boolean {
  return (spec?.finalizers?.length ?? 0) > 0;
}

function checkPreconditions({ metadata }: Namespace, { preconditions = {} }: DeleteOptions): void {
  const { name = "", uid, resourceVersion } = metadata;
  const refuse = (field: string, wanted: string, actual: string | undefined) =>
    conflict(
      { group, resource },
      name,
      `Precondition failed: ${field} in precondition: ${wanted}, ${field} in object meta: ${actual}`,
    );
  if (preconditions.uid !== undefined && preconditions.uid !== uid) {
    throw refuse("UID", preconditions.uid, uid);
  }
  if (preconditions.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) {
    throw refuse("ResourceVersion", preconditions.resourceVersion, resourceVersion);
  }
}

/** What the options say wins over the finalizers that are there. */
function setGarbageCollectionFinalizers({ metadata }: Namespace, options: DeleteOptions): void {
  const { orphanDependents, propagationPolicy } = options;
  const before = metadata.finalizers ?? [];
  const wants = (finalizer: string, policy: string, orphans: boolean): boolean => {
    if (orphanDependents !== undefined) return orphanDependents === orphans;
    return propagationPolicy === undefined ? before.includes(finalizer) : propagationPolicy === policy;
  };
  const finalizers = before.filter(
    (finalizer) => finalizer !== finalizerOrphanDependents && finalizer !== finalizerDeleteDependents,
  );
  if (wants(finalizerOrphanDependents, "Orphan", true)) finalizers.push(finalizerOrphanDependents);
  if (wants(finalizerDeleteDependents, "Foreground", false)) finalizers.push(finalizerDeleteDependents);
  if (finalizers.length > 0) metadata.finalizers = finalizers;
  else delete metadata.finalizers;
}
