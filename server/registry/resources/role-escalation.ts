/**
 * Nobody grants what they do not hold themselves, unless they may "escalate" the role or "bind" it.
 * Source: pkg/registry/rbac (escalation_check.go, validation/rule.go and the policybased storages).
 */
import { aggregateText } from "../../../api/aggregate.ts";
import { goQuote } from "../../../api/go-format.ts";
import type { KubeObject } from "../../../api/object.ts";
import { escalationMessage } from "../../../api/rbac-rule-text.ts";
import { type PolicyRule, uncoveredRules } from "../../../api/rbac-rules.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";
import { forbidden, notFound, StatusError } from "../../../api/status.ts";
import { type Access, type HeldRules, isPrivileged } from "../access.ts";
import type { WriteContext, WriteHooks } from "../strategy.ts";

const group = "rbac.authorization.k8s.io";
const everything: PolicyRule[] = [
  { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
  { verbs: ["*"], nonResourceURLs: ["*"] },
];

interface Role extends KubeObject {
  rules?: PolicyRule[];
  aggregationRule?: { clusterRoleSelectors?: unknown[] };
}

interface Binding extends KubeObject {
  roleRef: { apiGroup?: string; kind: string; name: string };
}

/** Hooks for roles and cluster roles; without access nothing is checked. */
export function roleHooks<T extends Role>(access: Access | undefined, resource: string): WriteHooks<T> {
  const check = async (role: T, old: T | undefined, context: WriteContext) => {
    const { user, namespace, requestVerb } = context;
    if (!access || isPrivileged(user)) return;
    // As the request has it: a PUT that creates names the object, too.
    const name = requestVerb === "create" ? "" : (role.metadata.name ?? "");
    const question = { verb: "escalate", group, version: "*", resource, namespace, name };
    if (await access.isAllowed(user, question)) return;
    if (old && changesOnlyOwnership(role, old)) return;
    const refused = (why: string) => forbidden({ group, resource }, role.metadata.name ?? "", why);
    const held = await access.heldRules(user, namespace);
    const missing = uncoveredRules(held.rules, role.rules ?? []);
    if (missing.length > 0) throw refused(escalationMessage(user, missing, resolutionError(held, resource)));
    if (!aggregates(role) && !(old && aggregates(old))) return;
    if (uncoveredRules(held.rules, everything).length === 0) return;
    throw refused("must have cluster-admin privileges to use the aggregationRule");
  };
  return hooksOf(check);
}

/** Hooks for bindings of either kind. */
export function bindingHooks<T extends Binding>(access: Access | undefined, resource: string): WriteHooks<T> {
  const check = async (binding: T, old: T | undefined, context: WriteContext) => {
    const { user, namespace } = context;
    if (!access || isPrivileged(user)) return;
    if (old && changesOnlyOwnership(binding, old)) return;
    const { roleRef } = binding;
    if (await mayBind(access, roleRef, context)) return;
    if (!resourcesOfKinds.has(roleRef.kind))
      throw new StatusError(500, "", `unsupported role reference kind: ${goQuote(roleRef.kind)}`);
    const rules = await access.roleRules(roleRef, namespace);
    if (!rules) throw notFound({ group, resource }, roleRef.name);
    const held = await access.heldRules(user, namespace);
    const missing = uncoveredRules(held.rules, rules);
    if (missing.length === 0) return;
    const message = escalationMessage(user, missing, resolutionError(held, resource));
    throw forbidden({ group, resource }, binding.metadata.name ?? "", message);
  };
  return hooksOf(check);
}

function hooksOf<T extends KubeObject>(
  check: (object: T, old: T | undefined, context: WriteContext) => Promise<void>,
): WriteHooks<T> {
  return {
    async beginCreate(object, context) {
      await check(object, undefined, context);
      return undefined;
    },
    async beginUpdate(object, old, context) {
      await check(object, old, context);
      return undefined;
    },
  };
}

const resourcesOfKinds = new Map([
  ["ClusterRole", "clusterroles"],
  ["Role", "roles"],
]);

async function mayBind(
  access: Access,
  { apiGroup = "", kind, name }: Binding["roleRef"],
  { user, namespace }: WriteContext,
): Promise<boolean> {
  const resource = resourcesOfKinds.get(kind);
  if (!resource) return false;
  return access.isAllowed(user, { verb: "bind", group: apiGroup, version: "*", resource, namespace, name });
}

/** Roles that are not there are told of as if they were of the resource that is written. */
function resolutionError({ missingRoles }: HeldRules, resource: string): string {
  return aggregateText(missingRoles.map((name) => notFound({ group, resource }, name).message));
}

const aggregates = ({ aggregationRule }: Role): boolean =>
  (aggregationRule?.clusterRoleSelectors ?? []).length > 0;

/** The garbage collector's changes: IsOnlyMutatingGCFields. */
function changesOnlyOwnership(object: KubeObject, old: KubeObject): boolean {
  const { ownerReferences, finalizers, managedFields, selfLink } = old.metadata;
  const kept = { ownerReferences, finalizers, managedFields, selfLink };
  return semanticEqual({ ...object, metadata: { ...object.metadata, ...kept } }, old);
}
