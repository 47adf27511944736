import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validateStorageVersionMigration,
  validateStorageVersionMigrationStatus,
  validateStorageVersionMigrationUpdate,
} from "../../../api/validation/storagemigration/storage-version-migration.ts";
import { keepMetadata } from "../status-metadata.ts";
import { defineResource } from "../strategy.ts";

type Migration = ObjectOf<"io.k8s.api.storagemigration.v1beta1.StorageVersionMigration">;

/** Source: pkg/registry/storagemigration. */
export const storageVersionMigrations = defineResource<Migration>({
  group: "storagemigration.k8s.io",
  resource: "storageversionmigrations",
  strategy: {
    allowUnconditionalUpdate: false,
    prepareForCreate(migration) {
      migration.status = {};
    },
    validate: validateStorageVersionMigration,
    prepareForUpdate(migration, old) {
      migration.status = old.status;
    },
    validateUpdate: validateStorageVersionMigrationUpdate,
    resetFields: { "storagemigration.k8s.io/v1beta1": ["status"] },
  },
  subresources: {
    status: {
      prepareForUpdate(migration, old) {
        migration.spec = old.spec;
        keepMetadata(migration, old);
      },
      validateUpdate: validateStorageVersionMigrationStatus,
      resetFields: { "storagemigration.k8s.io/v1beta1": ["metadata", "spec"] },
    },
  },
});
