/** The table definitions of every built-in kind, composed of one table a group. */

import { admissionregistrationTables } from "./admissionregistration.ts";
import { apiregistrationTables } from "./apiregistration.ts";
import { apiserverinternalTables } from "./apiserverinternal.ts";
import { appsTables } from "./apps.ts";
import { autoscalingTables } from "./autoscaling.ts";
import { batchTables } from "./batch.ts";
import { certificatesTables } from "./certificates.ts";
import {
  createdAtColumn,
  type FieldDoc,
  nameColumn,
  type TableDefinition,
  type TablesByKind,
} from "./columns.ts";
import { coordinationTables } from "./coordination.ts";
import { coreTables } from "./core.ts";
import { discoveryTables } from "./discovery.ts";
import { flowcontrolTables } from "./flowcontrol.ts";
import { networkingTables } from "./networking.ts";
import { nodeTables } from "./node.ts";
import { policyTables } from "./policy.ts";
import { rbacTables } from "./rbac.ts";
import { resourceTables } from "./resource.ts";
import { schedulingTables } from "./scheduling.ts";
import { storageTables } from "./storage.ts";
import { storagemigrationTables } from "./storagemigration.ts";

const groups: Readonly<Record<string, TablesByKind>> = {
  "admissionregistration.k8s.io": admissionregistrationTables,
  "apiregistration.k8s.io": apiregistrationTables,
  "internal.apiserver.k8s.io": apiserverinternalTables,
  apps: appsTables,
  autoscaling: autoscalingTables,
  batch: batchTables,
  "certificates.k8s.io": certificatesTables,
  "coordination.k8s.io": coordinationTables,
  "": coreTables,
  "discovery.k8s.io": discoveryTables,
  "flowcontrol.apiserver.k8s.io": flowcontrolTables,
  "networking.k8s.io": networkingTables,
  "node.k8s.io": nodeTables,
  policy: policyTables,
  "rbac.authorization.k8s.io": rbacTables,
  "resource.k8s.io": resourceTables,
  "scheduling.k8s.io": schedulingTables,
  "storage.k8s.io": storageTables,
  "storagemigration.k8s.io": storagemigrationTables,
};

const byGroup = new Map(
  Object.entries(groups).map(([group, kinds]) => [group, new Map(Object.entries(kinds))] as const),
);

/** rest.NewDefaultTableConvertor: the columns of kinds that define none, custom resources included. */
export const defaultTable: TableDefinition = {
  columns: [nameColumn, createdAtColumn],
  nullWhenEmpty: true,
  row({ metadata }) {
    return [metadata.name ?? "", metadata.creationTimestamp ?? "0001-01-01T00:00:00Z"];
  },
};

/** Every field whose published description stands over a column. */
export function describedFields(): FieldDoc[] {
  const columns = [...byGroup.values()].flatMap((kinds) =>
    [...kinds.values()].flatMap((table) => table.columns),
  );
  return [...columns, ...defaultTable.columns].flatMap(({ description }) =>
    typeof description === "string" ? [] : [description],
  );
}

/** How a kind shows in tables. Events of both of their groups look alike. */
export function tableOf(group: string, kind: string): TableDefinition {
  return byGroup.get(group === "events.k8s.io" ? "" : group)?.get(kind) ?? defaultTable;
}
