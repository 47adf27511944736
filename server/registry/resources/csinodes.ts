import type { ObjectOf } from "../../../api/object-of.ts";
import { validateCsiNode, validateCsiNodeUpdate } from "../../../api/validation/storage/csi-node.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/storage/csinode. */
export const csiNodes = defineResource<ObjectOf<"io.k8s.api.storage.v1.CSINode">>({
  group: "storage.k8s.io",
  resource: "csinodes",
  strategy: {
    allowUnconditionalUpdate: false,
    returnDeletedObject: true,
    validate: validateCsiNode,
    validateUpdate: (node, old, { gates }) => validateCsiNodeUpdate(node, old, gates),
  },
});
