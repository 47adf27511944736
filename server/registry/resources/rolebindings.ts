import type { ObjectOf } from "../../../api/object-of.ts";
import { validateRoleBinding, validateRoleBindingUpdate } from "../../../api/validation/rbac/role-binding.ts";
import type { Access } from "../access.ts";
import { defineResource, type ResourceDefinition } from "../strategy.ts";
import { bindingHooks } from "./role-escalation.ts";

type RoleBinding = ObjectOf<"io.k8s.api.rbac.v1.RoleBinding">;

/** Source: pkg/registry/rbac/rolebinding. */
export const roleBindings = (access: Access | undefined): ResourceDefinition<RoleBinding> =>
  defineResource<RoleBinding>({
    group: "rbac.authorization.k8s.io",
    resource: "rolebindings",
    strategy: {
      allowCreateOnUpdate: true,
      validate: validateRoleBinding,
      validateUpdate: validateRoleBindingUpdate,
      hooks: bindingHooks(access, "rolebindings"),
    },
  });
