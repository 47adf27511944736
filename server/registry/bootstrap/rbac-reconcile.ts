/**
 * How default roles and bindings catch up with the server's release: what is missing is added, what somebody added
 * stays, and an object annotated rbac.authorization.kubernetes.io/autoupdate=false is left alone.
 * Source: k8s.io/component-helpers/auth/rbac/reconciliation (without removal of what is extra, as the server runs it).
 */
import { jsonEqual } from "../../../api/json-equal.ts";
import type { KubeObject } from "../../../api/object.ts";
import { uncoveredRules } from "../../../api/rbac-rules.ts";
import { autoUpdateAnnotation, type RoleBindingObject, type RoleObject } from "./rbac-policy.ts";
import type { Reconciliation } from "./reconcile.ts";

function isProtected(existing: KubeObject): boolean {
  return existing.metadata.annotations?.[autoUpdateAnnotation] === "false";
}

/** metadata with the expected labels and annotations added; those that exist win. */
function mergedMetadata(existing: KubeObject, expected: KubeObject): KubeObject["metadata"] {
  return {
    ...existing.metadata,
    labels: { ...expected.metadata.labels, ...existing.metadata.labels },
    annotations: { ...expected.metadata.annotations, ...existing.metadata.annotations },
  };
}

/** computeReconciledRole: works for Role and ClusterRole. */
export function reconcileRole(existing: RoleObject, expected: RoleObject): Reconciliation<RoleObject> {
  if (isProtected(existing)) return { action: "none" };
  const missing = uncoveredRules(existing.rules ?? [], expected.rules ?? []);
  const selectors = expected.aggregationRule?.clusterRoleSelectors ?? [];
  const own = existing.aggregationRule?.clusterRoleSelectors ?? [];
  const missingSelectors = selectors.filter((wanted) => !own.some((selector) => jsonEqual(selector, wanted)));

  const { aggregationRule, ...role } = existing;
  const merged: RoleObject = { ...role, metadata: mergedMetadata(existing, expected) };
  if (missing.length > 0) merged.rules = [...(existing.rules ?? []), ...missing];
  if (expected.aggregationRule && missingSelectors.length > 0)
    merged.aggregationRule = { ...aggregationRule, clusterRoleSelectors: [...own, ...missingSelectors] };
  else if (expected.aggregationRule && aggregationRule) merged.aggregationRule = aggregationRule;
  return jsonEqual(merged, existing) ? { action: "none" } : { action: "update", object: merged };
}

/** computeReconciledRoleBinding: a binding to another role is made anew, because roleRef is immutable. */
export function reconcileRoleBinding(
  existing: RoleBindingObject,
  expected: RoleBindingObject,
): Reconciliation<RoleBindingObject> {
  if (isProtected(existing)) return { action: "none" };
  if (!jsonEqual(existing.roleRef, expected.roleRef)) return { action: "recreate", object: expected };
  const own = existing.subjects ?? [];
  const missing = (expected.subjects ?? []).filter((wanted) => !own.some((item) => jsonEqual(item, wanted)));
  const merged: RoleBindingObject = { ...existing, metadata: mergedMetadata(existing, expected) };
  if (missing.length > 0) merged.subjects = [...own, ...missing];
  return jsonEqual(merged, existing) ? { action: "none" } : { action: "update", object: merged };
}
