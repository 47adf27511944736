/** Source: pkg/apis/storagemigration/validation/validation.go. */
import type { ObjectOf } from "../../object-of.ts";
import { semanticEqual } from "../../semantic-equal.ts";
import { type FieldError, FieldPath, invalid, required } from "../field.ts";
import { validateConditions } from "../labels.ts";
import { checkDns1035Label, checkDns1123Subdomain, nameIsDnsSubdomain } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { immutableError } from "../values.ts";

type Migration = ObjectOf<"io.k8s.api.storagemigration.v1beta1.StorageVersionMigration">;

const resourcePath = FieldPath.of("spec", "resource");

/** ValidateStorageVersionMigration. */
export function validateStorageVersionMigration({ metadata, spec }: Migration): FieldError[] {
  const errors = validateObjectMeta(metadata, false, nameIsDnsSubdomain);
  const { resource = "", group = "" } = spec?.resource ?? {};
  if (resource === "") {
    errors.push(required(resourcePath.child("resource"), "resource is required to be set"));
  } else {
    const problems = checkDns1035Label(resource);
    if (problems.length > 0)
      errors.push(invalid(resourcePath.child("resource"), resource, problems.join(",")));
  }
  const problems = group === "" ? [] : checkDns1123Subdomain(group);
  if (problems.length > 0) errors.push(invalid(resourcePath.child("group"), group, problems.join(",")));
  return errors;
}

/** ValidateStorageVersionMigrationUpdate. */
export function validateStorageVersionMigrationUpdate(migration: Migration, old: Migration): FieldError[] {
  const errors = validateStorageVersionMigration(migration);
  errors.push(...validateObjectMetaUpdate(migration.metadata, old.metadata));
  if (!semanticEqual(migration.spec, old.spec)) {
    const { group = "", resource = "" } = migration.spec?.resource ?? {};
    errors.push(invalid(FieldPath.of("spec"), { Resource: { group, resource } }, immutableError));
  }
  return errors;
}

/** ValidateStorageVersionMigrationStatusUpdate: what has succeeded or failed stays so. */
export function validateStorageVersionMigrationStatus(migration: Migration, old: Migration): FieldError[] {
  const errors = validateObjectMetaUpdate(migration.metadata, old.metadata);
  const versionPath = FieldPath.of("status", "resourceVersion");
  const version = migration.status?.resourceVersion ?? "";
  if (version !== "" && !/^[1-9][0-9]*$/.test(version)) {
    errors.push(invalid(versionPath, version, `resource version is not well formed: ${version}`));
  }
  const conditionsPath = FieldPath.of("status", "conditions");
  const conditions = migration.status?.conditions;
  errors.push(...validateConditions(conditions, conditionsPath));
  if (old.status?.resourceVersion && old.status.resourceVersion !== version) {
    errors.push(invalid(versionPath, version, immutableError));
  }
  const wrong = (detail: string): FieldError => invalid(conditionsPath, conditions, detail);
  if (isTrue(migration, "Succeeded") && isTrue(migration, "Failed")) {
    errors.push(wrong("Both success and failed conditions cannot be true at the same time"));
  }
  if (isTrue(old, "Succeeded") && !isTrue(migration, "Succeeded")) {
    errors.push(wrong("Success condition cannot be set to false once it is true"));
  }
  if (isTrue(old, "Failed") && !isTrue(migration, "Failed")) {
    errors.push(wrong("Failed condition cannot be set to false once it is true"));
  }
  return errors;
}

function isTrue({ status }: Migration, type: string): boolean {
  return status?.conditions?.find((condition) => condition.type === type)?.status === "True";
}
