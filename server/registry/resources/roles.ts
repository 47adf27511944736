import type { ObjectOf } from "../../../api/object-of.ts";
import { validateRole, validateRoleUpdate } from "../../../api/validation/rbac/role.ts";
import type { Access } from "../access.ts";
import { defineResource, type ResourceDefinition } from "../strategy.ts";
import { roleHooks } from "./role-escalation.ts";

type Role = ObjectOf<"io.k8s.api.rbac.v1.Role">;

/** Source: pkg/registry/rbac/role. */
export const roles = (access: Access | undefined): ResourceDefinition<Role> =>
  defineResource<Role>({
    group: "rbac.authorization.k8s.io",
    resource: "roles",
    strategy: {
      allowCreateOnUpdate: true,
      validate: (role) => validateRole(role),
      validateUpdate: validateRoleUpdate,
      hooks: roleHooks(access, "roles"),
    },
  });
