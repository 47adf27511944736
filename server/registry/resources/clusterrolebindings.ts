import type { ObjectOf } from "../../../api/object-of.ts";
import {
  validateClusterRoleBinding,
  validateClusterRoleBindingUpdate,
} from "../../../api/validation/rbac/role-binding.ts";
import type { Access } from "../access.ts";
import { defineResource, type ResourceDefinition } from "../strategy.ts";
import { bindingHooks } from "./role-escalation.ts";

type ClusterRoleBinding = ObjectOf<"io.k8s.api.rbac.v1.ClusterRoleBinding">;

/** Source: pkg/registry/rbac/clusterrolebinding. */
export const clusterRoleBindings = (access: Access | undefined): ResourceDefinition<ClusterRoleBinding> =>
  defineResource<ClusterRoleBinding>({
    group: "rbac.authorization.k8s.io",
    resource: "clusterrolebindings",
    strategy: {
      allowCreateOnUpdate: true,
      validate: validateClusterRoleBinding,
      validateUpdate: validateClusterRoleBindingUpdate,
      hooks: bindingHooks(access, "clusterrolebindings"),
    },
  });
