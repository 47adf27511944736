import type { ObjectOf } from "../object-of.ts";
import { text } from "./column-builders.ts";
import { ageColumn, defineTable, nameColumn, type TableDefinition, type TablesByKind } from "./columns.ts";
import { age } from "./human-duration.ts";

type Binding = ObjectOf<"io.k8s.api.rbac.v1.RoleBinding">;
type Subject = NonNullable<Binding["subjects"]>[number];

// Upstream takes these from v1beta1, which is served no more.
const unresolved = "If the RoleRef cannot be resolved, the Authorizer must return an error.";
const roleOrClusterRole = `RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace. ${unresolved}`;
const clusterRole = `RoleRef can only reference a ClusterRole in the global namespace. ${unresolved}`;

/** Either kind of binding; `noun` is what the columns call it. */
function bindingTable(roleDescription: string, noun: string): TableDefinition {
  return defineTable<Binding>({
    columns: [
      nameColumn,
      text("Role", roleDescription),
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
  RoleBinding: bindingTable(roleOrClusterRole, "roleBinding"),
  ClusterRoleBinding: bindingTable(clusterRole, "clusterRoleBinding"),
};
