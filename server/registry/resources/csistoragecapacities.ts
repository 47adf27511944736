import type { ObjectOf } from "../../../api/object-of.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import { warningsForNodeLabelSelector } from "../../../api/validation/node-label-warnings.ts";
import {
  validateCsiStorageCapacity,
  validateCsiStorageCapacityUpdate,
} from "../../../api/validation/storage/csi-storage-capacity.ts";
import { defineResource } from "../strategy.ts";

type Capacity = ObjectOf<"io.k8s.api.storage.v1.CSIStorageCapacity">;

/** Source: pkg/registry/storage/csistoragecapacity. */
export const csiStorageCapacities = defineResource<Capacity>({
  group: "storage.k8s.io",
  resource: "csistoragecapacities",
  strategy: {
    allowUnconditionalUpdate: false,
    validate: validateCsiStorageCapacity,
    warningsOnCreate: warnings,
    validateUpdate: validateCsiStorageCapacityUpdate,
    warningsOnUpdate: warnings,
  },
});

/** GetWarningsForCSIStorageCapacity of pkg/api/storage. */
function warnings({ nodeTopology = {} }: Capacity): string[] {
  return warningsForNodeLabelSelector(nodeTopology, FieldPath.of("nodeTopology"));
}
