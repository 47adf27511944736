import type { KubeObject } from "../../api/object.ts";

const keptFields = [
  "deletionTimestamp",
  "generation",
  "selfLink",
  "labels",
  "annotations",
  "finalizers",
  "ownerReferences",
] as const;

/** Metadata that a status update may not touch is the old object's. Source: metav1.ResetObjectMetaForStatus. */
export function keepMetadata({ metadata }: KubeObject, old: KubeObject): void {
  const kept: Record<string, unknown> = { ...metadata };
  for (const field of keptFields) {
    if (old.metadata[field] === undefined) delete kept[field];
    else kept[field] = old.metadata[field];
    delete metadata[field];
  }
  Object.assign(metadata, kept);
}

/** Nothing but who manages which field changes, for kinds that are stricter than most. */
export function keepAllMetadata(object: KubeObject, old: KubeObject): void {
  const { managedFields } = object.metadata;
  const { managedFields: _, ...kept } = old.metadata;
  object.metadata = managedFields ? { ...kept, managedFields } : kept;
}
