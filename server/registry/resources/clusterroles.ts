import type { ObjectOf } from "../../../api/object-of.ts";
import { validateClusterRole, validateClusterRoleUpdate } from "../../../api/validation/rbac/role.ts";
import type { Access } from "../access.ts";
import { defineResource, type ResourceDefinition } from "../strategy.ts";
import { roleHooks } from "./role-escalation.ts";

type ClusterRole = ObjectOf<"io.k8s.api.rbac.v1.ClusterRole">;

/** Source: pkg/registry/rbac/clusterrole. */
export const clusterRoles = (access: Access | undefined): ResourceDefinition<ClusterRole> =>
  defineResource<ClusterRole>({
    group: "rbac.authorization.k8s.io",
    resource: "clusterroles",
    strategy: {
      allowCreateOnUpdate: true,
      validate: (role) => validateClusterRole(role),
      validateUpdate: validateClusterRoleUpdate,
      hooks: roleHooks(access, "clusterroles"),
    },
  });
