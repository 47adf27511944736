import type { ObjectOf } from "../../../api/object-of.ts";
import { FieldPath } from "../../../api/validation/field.ts";
import {
  validateCsiStorageCapacity,
  validateCsiStorageCapacityUpdate,
} from "../../../api/validation/storage/csi-storage-capacity.ts";
import { deprecatedNodeLabel, nodeExpressionWarnings } from "../../../api/warnings/node-labels.ts";
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
  const path = FieldPath.of("nodeTopology");
  const inLabels = Object.keys(nodeTopology.matchLabels ?? {}).flatMap((label) => {
    const message = deprecatedNodeLabel(label);
    return message === undefined ? [] : [`${path.child("matchLabels", label)}: ${message}`];
  });
  return [...nodeExpressionWarnings(nodeTopology, path), ...inLabels];
}
