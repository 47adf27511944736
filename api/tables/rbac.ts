import type { ObjectOf } from "../object-of.ts";
import { docsOf, text } from "./column-builders.ts";
import { ageColumn, defineTable, nameColumn, type TableDefinition, type TablesByKind } from "./columns.ts";
import { age } from "./human-duration.ts";

type Binding = ObjectOf<"io.k8s.api.rbac.v1.RoleBinding">;
type Subject = NonNullable<Binding["subjects"]>[number];

const doc = docsOf("rbac.v1");

/** Either kind of binding; `noun` is what the columns call it. */
function bindingTable(kind: string, noun: string): TableDefinition {
  return defineTable<Binding>({
    columns: [
      nameColumn,
      text("Role", doc(kind, "roleRef")),
      ageColumn,
      text("Users", `Users in the ${noun}`, 1),
      text("Groups", `Groups in the ${noun}`, 1),
      text("ServiceAccounts", `ServiceAccounts in the ${noun}`, 1),
    ],
    row({ metadata, roleRef, subjects = [] }, { now }) {
      const named = (wanted: string, nameOf = ({ name }: Subject) => name) =>
        subjects
          .filter((subject) => subject.kind === wanted)
          .map(nameOf)
          .join(", ");
      return [
        metadata.name ?? "",
        `${roleRef.kind}/${roleRef.name}`,
        age(metadata.creationTimestamp, now),
        named("User"),
        named("Group"),
        named("ServiceAccount", ({ namespace, name }) => `${namespace ?? ""}/${name}`),
      ];
    },
  });
}

export const rbacTables: TablesByKind = {
  RoleBinding: bindingTable("RoleBinding", "roleBinding"),
  ClusterRoleBinding: bindingTable("ClusterRoleBinding", "clusterRoleBinding"),
};
