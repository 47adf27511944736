import { type PolicyRule, urlCovers } from "../../../api/rbac-rules.ts";
import type { AuthorizationAttributes } from "../authorizer.ts";

/** Whether a rule grants what is asked. Source: RuleAllows of plugin/pkg/auth/authorizer/rbac. */
export function ruleAllows(
  rule: PolicyRule,
  { verb, resource: asked, path }: AuthorizationAttributes,
): boolean {
  if (!holds(rule.verbs, verb)) return false;
  if (!asked) return (rule.nonResourceURLs ?? []).some((url) => urlCovers(url, path));
  const { group, resource, subresource, name } = asked;
  const names = rule.resourceNames ?? [];
  return (
    holds(rule.apiGroups ?? [], group) &&
    resourceMatches(rule.resources ?? [], resource, subresource) &&
    (names.length === 0 || names.includes(name))
  );
}

const holds = (items: readonly string[], wanted: string): boolean =>
  items.includes(wanted) || items.includes("*");

/** By the resource's name, by that of the subresource of any resource, or everything. */
function resourceMatches(items: readonly string[], resource: string, subresource: string): boolean {
  if (subresource === "") return holds(items, resource);
  return holds(items, `${resource}/${subresource}`) || items.includes(`*/${subresource}`);
}
