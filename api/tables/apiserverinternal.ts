import type { ObjectOf } from "../object-of.ts";
import { docsOf, text } from "./column-builders.ts";
import { ageColumn, defineTable, nameColumn, type TablesByKind } from "./columns.ts";
import { age } from "./human-duration.ts";

type StorageVersion = ObjectOf<"io.k8s.api.apiserverinternal.v1alpha1.StorageVersion">;

const doc = docsOf("apiserverinternal.v1alpha1");
const shownVersions = 3;

const storageVersion = defineTable<StorageVersion>({
  columns: [
    nameColumn,
    text("CommonEncodingVersion", doc("StorageVersionStatus", "commonEncodingVersion")),
    text("StorageVersions", doc("StorageVersionStatus", "storageVersions")),
    ageColumn,
  ],
  row({ metadata, status }, { now }) {
    return [
      metadata.name ?? "",
      status.commonEncodingVersion ?? "<unset>",
      versionsText(status.storageVersions ?? []),
      age(metadata.creationTimestamp, now),
    ];
  },
});

function versionsText(versions: NonNullable<StorageVersion["status"]["storageVersions"]>): string {
  const shown = versions
    .slice(0, shownVersions)
    .map(({ apiServerID, encodingVersion }) => `${apiServerID ?? ""}=${encodingVersion ?? ""}`)
    .join(",");
  if (versions.length === 0) return "<unset>";
  return versions.length > shownVersions ? `${shown} + ${versions.length - shownVersions} more...` : shown;
}

export const apiserverinternalTables: TablesByKind = { StorageVersion: storageVersion };
