import {
  validateVolumeAttributesClass,
  validateVolumeAttributesClassUpdate,
} from "../../../api/validation/storage/volume-attributes-class.ts";
import { defineResource } from "../strategy.ts";

/** Source: pkg/registry/storage/volumeattributesclass. */
export const volumeAttributesClasses = defineResource({
  group: "storage.k8s.io",
  resource: "volumeattributesclasses",
  strategy: {
    returnDeletedObject: true,
    validate: validateVolumeAttributesClass,
    validateUpdate: validateVolumeAttributesClassUpdate,
  },
});
