import type { ObjectOf } from "../../../api/object-of.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import { deprecatedNodeLabel } from "../../../api/validation/node-label-warnings.ts";
import {
  validateStorageClass,
  validateStorageClassUpdate,
} from "../../../api/validation/storage/storage-class.ts";
import { defineResource } from "../strategy.ts";

type StorageClass = ObjectOf<"io.k8s.api.storage.v1.StorageClass">;

/** Source: pkg/registry/storage/storageclass. */
export const storageClasses = defineResource<StorageClass>({
  group: "storage.k8s.io",
  resource: "storageclasses",
  strategy: {
    returnDeletedObject: true,
    validate: validateStorageClass,
    warningsOnCreate: warnings,
    validateUpdate: validateStorageClassUpdate,
    warningsOnUpdate: warnings,
  },
});

/** GetWarningsForStorageClass of pkg/api/storage. */
function warnings({ allowedTopologies = [] }: StorageClass): string[] {
  return allowedTopologies.flatMap(({ matchLabelExpressions = [] }, i) =>
    matchLabelExpressions.flatMap(({ key }, j) => {
      const message = deprecatedNodeLabel(key);
      const path = FieldPath.of("allowedTopologies").index(i).child("matchLabelExpressions").index(j);
      return message === undefined ? [] : [`${path.child("key")}: ${message}`];
    }),
  );
}
