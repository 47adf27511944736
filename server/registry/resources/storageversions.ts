import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validateStorageVersion,
  validateStorageVersionStatus,
} from "../../../api/validation/apiserverinternal/storage-version.ts";
import { keepMetadata } from "../status-metadata.ts";
import { defineResource } from "../strategy.ts";

type StorageVersion = ObjectOf<"io.k8s.api.apiserverinternal.v1alpha1.StorageVersion">;

const version = "internal.apiserver.k8s.io/v1alpha1";

/** Source: pkg/registry/apiserverinternal/storageversion. */
export const storageVersions = defineResource<StorageVersion>({
  group: "internal.apiserver.k8s.io",
  resource: "storageversions",
  strategy: {
    allowUnconditionalUpdate: false,
    resetFields: { [version]: ["status"] },
    prepareForCreate(storageVersion) {
      storageVersion.status = {};
    },
    validate: validateStorageVersion,
    prepareForUpdate(storageVersion, old) {
      storageVersion.status = old.status;
    },
    // The spec is empty: there is nothing to check.
  },
  subresources: {
    status: {
      resetFields: { [version]: ["metadata", "spec"] },
      prepareForUpdate(storageVersion, old) {
        storageVersion.spec = old.spec;
        keepMetadata(storageVersion, old);
      },
      validateUpdate: validateStorageVersionStatus,
    },
  },
});
