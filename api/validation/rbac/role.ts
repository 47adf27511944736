/** Source: pkg/apis/rbac/validation/validation.go (ValidateRole, ValidateClusterRole). */
import type { ObjectOf } from "../../object-of.ts";
import type { Schemas } from "../../types.ts";
import { type FieldError, FieldPath, invalid, required } from "../field.ts";
import { validateLabelSelector } from "../labels.ts";
import { checkPathSegmentName } from "../names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../object-meta.ts";
import { usableSelector } from "../usable-selector.ts";

type Role = ObjectOf<"io.k8s.api.rbac.v1.Role">;
type ClusterRole = ObjectOf<"io.k8s.api.rbac.v1.ClusterRole">;
type PolicyRule = Schemas["io.k8s.api.rbac.v1.PolicyRule"];

const rules = FieldPath.of("rules");
const selectors = FieldPath.of("aggregationRule", "clusterRoleSelectors");

/** ValidateRole. */
export function validateRole(role: Role): FieldError[] {
  const errors = validateObjectMeta(role.metadata, true, checkPathSegmentName);
  role.rules?.forEach((rule, index) => {
    errors.push(...validatePolicyRule(rule, true, rules.index(index)));
  });
  return errors;
}

/** ValidateRoleUpdate. */
export function validateRoleUpdate(role: Role, old: Role): FieldError[] {
  return [...validateRole(role), ...validateObjectMetaUpdate(role.metadata, old.metadata)];
}

/** ValidateClusterRole. */
export function validateClusterRole(role: ClusterRole, allowInvalidLabelValue = false): FieldError[] {
  const errors = validateObjectMeta(role.metadata, false, checkPathSegmentName);
  role.rules?.forEach((rule, index) => {
    errors.push(...validatePolicyRule(rule, false, rules.index(index)));
  });
  if (!role.aggregationRule) return errors;
  const { clusterRoleSelectors = [] } = role.aggregationRule;
  if (clusterRoleSelectors.length === 0) {
    const detail = "at least one clusterRoleSelector required if aggregationRule is non-nil";
    errors.push(required(selectors, detail));
  }
  clusterRoleSelectors.forEach((selector, index) => {
    const path = selectors.index(index);
    errors.push(...validateLabelSelector(selector, { allowInvalidLabelValue }, path));
    // Upstream shows the selector that it could not make.
    if (!usableSelector(selector)) errors.push(invalid(path, null, "invalid label selector."));
  });
  return errors;
}

/** ValidateClusterRoleUpdate: selectors that are wrong already may stay. */
export function validateClusterRoleUpdate(role: ClusterRole, old: ClusterRole): FieldError[] {
  const wasWrong = (old.aggregationRule?.clusterRoleSelectors ?? []).some(
    (selector) => validateLabelSelector(selector, {}, selectors).length > 0,
  );
  return [...validateClusterRole(role, wasWrong), ...validateObjectMetaUpdate(role.metadata, old.metadata)];
}

/** ValidatePolicyRule. */
export function validatePolicyRule(rule: PolicyRule, namespaced: boolean, path: FieldPath): FieldError[] {
  const errors: FieldError[] = [];
  const { verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  if (!verbs?.length) errors.push(required(path.child("verbs"), "verbs must contain at least one value"));
  if (nonResourceURLs.length > 0) {
    const urls = path.child("nonResourceURLs");
    if (namespaced) {
      errors.push(invalid(urls, nonResourceURLs, "namespaced rules cannot apply to non-resource URLs"));
    }
    if (apiGroups.length > 0 || resources.length > 0 || resourceNames.length > 0) {
      const detail = "rules cannot apply to both regular resources and non-resource URLs";
      errors.push(invalid(urls, nonResourceURLs, detail));
    }
    return errors;
  }
  if (apiGroups.length === 0) {
    errors.push(required(path.child("apiGroups"), "resource rules must supply at least one api group"));
  }
  if (resources.length === 0) {
    errors.push(required(path.child("resources"), "resource rules must supply at least one resource"));
  }
  return errors;
}
