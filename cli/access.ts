import { StatusError } from "../api/status.ts";
import type { Client, ResourceReference } from "../client/client.ts";
import type { AuthorizationAttributes, Authorizer } from "../server/auth/authorizer.ts";
import { forbiddenError } from "../server/auth/forbidden.ts";
import { RbacPolicy } from "../server/auth/rbac/policy.ts";
import { heldRules } from "../server/auth/rbac/rbac-authorizer.ts";
import type { EndpointTable } from "../server/pipeline/endpoint-table.ts";
import type { Access, AccessQuestion } from "../server/registry/access.ts";

const rbacGroup = { group: "rbac.authorization.k8s.io", version: "v1" };
const policyGroup = { group: "admissionregistration.k8s.io", version: "v1" };

/** Rights as the authorizer sees them, roles and bindings as they are stored now. */
export function accessOf(authorizer: Authorizer, client: Client, endpoints: EndpointTable): Access {
  return {
    async isAllowed(user, question) {
      return (await authorizer.authorize(attributesOf(user, question))).allowed;
    },
    async refusal(user, question) {
      const attributes = attributesOf(user, question);
      const { allowed, reason } = await authorizer.authorize(attributes);
      return allowed ? undefined : forbiddenError(attributes, reason).message;
    },
    async heldRules(user, namespace) {
      const { rules, missing } = heldRules(await storedPolicy(client, namespace), user, namespace);
      return { rules, missingRoles: missing.map(({ name }) => name) };
    },
    async roleRules(reference, namespace) {
      return (await storedPolicy(client, namespace)).rulesOf(reference, namespace);
    },
    resourceOf(group, version, kind) {
      for (const { info, subresource } of endpoints.all()) {
        const isIt = info.group === group && info.version === version && info.kind === kind;
        if (isIt && !subresource) return info.resource;
      }
      return undefined;
    },
    async namespaceLabels(name) {
      const namespaces = { group: "", version: "v1", resource: "namespaces" };
      return (await client.get(namespaces, name)).metadata.labels ?? {};
    },
    async admissionPolicy(resource, name) {
      return unlessMissing(client.get({ ...policyGroup, resource }, name));
    },
  };
}

function attributesOf(
  user: AuthorizationAttributes["user"],
  { verb, subresource = "", ...rest }: AccessQuestion,
): AuthorizationAttributes {
  return { user, verb, path: "", resource: { ...rest, subresource } };
}

async function storedPolicy(client: Client, namespace: string): Promise<RbacPolicy> {
  const policy = new RbacPolicy();
  const fill = async (reference: ResourceReference, table: RbacPolicy["roles" | "roleBindings"]) =>
    table.replace((await client.list(reference)).items);
  const inNamespace = (resource: string) => ({ ...rbacGroup, resource, namespace });
  await Promise.all([
    fill({ ...rbacGroup, resource: "clusterroles" }, policy.clusterRoles),
    fill({ ...rbacGroup, resource: "clusterrolebindings" }, policy.clusterRoleBindings),
    ...(namespace === ""
      ? []
      : [fill(inNamespace("roles"), policy.roles), fill(inNamespace("rolebindings"), policy.roleBindings)]),
  ]);
  return policy;
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return undefined;
    throw error;
  }
}
