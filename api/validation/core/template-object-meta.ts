import type { ObjectMeta } from "../../object.ts";
import { type FieldError, type FieldPath, forbidden } from "../field.ts";
import { validateLabels } from "../labels.ts";
import { validateAnnotations } from "../object-meta.ts";

const templateMetaFields = new Set(["labels", "annotations"]);

/** ValidateTemplateObjectMeta: only labels and annotations are taken over into the claim. */
export function validateTemplateMeta(meta: ObjectMeta, path: FieldPath): FieldError[] {
  const errors = validateAnnotations(meta.annotations, path.child("annotations"));
  errors.push(...validateLabels(meta.labels, path.child("labels")));
  for (const field of metaFields) {
    if (meta[field] === undefined || templateMetaFields.has(field)) continue;
    // Go names the field UID: with a small first letter that is uID.
    errors.push(forbidden(path.child(field === "uid" ? "uID" : field), "cannot be set"));
  }
  return errors;
}

/** In the order of the Go struct. */
const metaFields = [
  "name",
  "generateName",
  "namespace",
  "selfLink",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "ownerReferences",
  "finalizers",
  "managedFields",
] as const;
