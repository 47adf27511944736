/** Defaults of rbac.authorization.k8s.io/v1. Source: pkg/apis/rbac/v1/defaults.go. */
import type { ObjectOf } from "../object-of.ts";
import type { DefaultsTable } from "./table.ts";

const group = "rbac.authorization.k8s.io";

function defaultBinding({ roleRef, subjects }: ObjectOf<"io.k8s.api.rbac.v1.RoleBinding">): void {
  roleRef.apiGroup ||= group;
  for (const subject of subjects ?? []) {
    if (subject.kind === "User" || subject.kind === "Group") subject.apiGroup ||= group;
  }
}

export const rbacDefaults: DefaultsTable = {
  [`${group}/v1`]: { ClusterRoleBinding: defaultBinding, RoleBinding: defaultBinding },
};
