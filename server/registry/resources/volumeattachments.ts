import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validateVolumeAttachment,
  validateVolumeAttachmentUpdate,
} from "../../../api/validation/storage/volume-attachment.ts";
import { keepMetadata } from "../status-metadata.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/storage/volumeattachment. */
export const volumeAttachments = defineResource<ObjectOf<"io.k8s.api.storage.v1.VolumeAttachment">>({
  group: "storage.k8s.io",
  resource: "volumeattachments",
  strategy: {
    allowUnconditionalUpdate: false,
    returnDeletedObject: true,
    prepareForCreate(attachment) {
      attachment.status = { attached: false };
    },
    validate: validateVolumeAttachment,
    prepareForUpdate(attachment, old) {
      attachment.status = old.status;
    },
    validateUpdate: validateVolumeAttachmentUpdate,
    resetFields: { "storage.k8s.io/v1": ["status"] },
  },
  subresources: {
    status: {
      prepareForUpdate(attachment, old, { gates }) {
        attachment.spec = old.spec;
        keepMetadata(attachment, old);
        if (gates.enabled("MutableCSINodeAllocatableCount")) return;
        for (const field of ["attachError", "detachError"] as const) {
          if (old.status[field]?.errorCode === undefined) delete attachment.status[field]?.errorCode;
        }
      },
      validateUpdate: validateVolumeAttachmentUpdate,
      resetFields: { "storage.k8s.io/v1": ["metadata", "spec"] },
    },
  },
});
