import type { ObjectOf } from "../object-of.ts";
import { defineTable, nameColumn, type TablesByKind } from "./columns.ts";

const shownTypes = ["Running", "Failed", "Succeeded"];

export const storagemigrationTables: TablesByKind = {
  StorageVersionMigration: defineTable<
    ObjectOf<"io.k8s.api.storagemigration.v1beta1.StorageVersionMigration">
  >({
    columns: [
      // Upstream does not mark it as the name.
      { ...nameColumn, format: undefined },
      { name: "Resource", type: "string", description: "GroupResource to migrate" },
      { name: "Status", type: "string", description: "Status of the migration" },
    ],
    row: ({ metadata, spec, status }) => {
      const { group, resource = "" } = spec?.resource ?? {};
      const shown = status?.conditions?.findLast(
        (condition) => condition.status === "True" && shownTypes.includes(condition.type),
      );
      return [metadata.name ?? "", group ? `${resource}.${group}` : resource, shown?.type ?? "Unknown"];
    },
  }),
};
