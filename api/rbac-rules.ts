/**
 * Which RBAC rules grant what others grant. Source: k8s.io/component-helpers/auth/rbac/validation/policy_comparator.go.
 */

export interface PolicyRule {
  verbs: readonly string[];
  apiGroups?: readonly string[];
  resources?: readonly string[];
  resourceNames?: readonly string[];
  nonResourceURLs?: readonly string[];
}

/** The rules of servants, broken into their smallest parts, that no single rule of owners grants. */
export function uncoveredRules(owners: readonly PolicyRule[], servants: readonly PolicyRule[]): PolicyRule[] {
  return servants.flatMap(smallestRules).filter((part) => !owners.some((owner) => ruleCovers(owner, part)));
}

/** Rules with one verb and one resource (and name) or URL each, that together grant the same. */
export function smallestRules(rule: PolicyRule): PolicyRule[] {
  const parts: PolicyRule[] = [];
  const names = rule.resourceNames ?? [];
  for (const group of rule.apiGroups ?? [])
    for (const resource of rule.resources ?? [])
      for (const verb of rule.verbs) {
        const part = { apiGroups: [group], resources: [resource], verbs: [verb] };
        if (names.length === 0) parts.push(part);
        else for (const name of names) parts.push({ ...part, resourceNames: [name] });
      }
  for (const url of rule.nonResourceURLs ?? [])
    for (const verb of rule.verbs) parts.push({ nonResourceURLs: [url], verbs: [verb] });
  return parts;
}

function hasAll(set: readonly string[] = [], wanted: readonly string[] = []): boolean {
  return wanted.every((item) => set.includes(item));
}

function ruleCovers(owner: PolicyRule, part: PolicyRule): boolean {
  const ownNames = owner.resourceNames ?? [];
  return (
    (owner.verbs.includes("*") || hasAll(owner.verbs, part.verbs)) &&
    (owner.apiGroups?.includes("*") || hasAll(owner.apiGroups, part.apiGroups)) &&
    resourcesCover(owner.resources ?? [], part.resources ?? []) &&
    (part.nonResourceURLs ?? []).every((url) => owner.nonResourceURLs?.some((own) => urlCovers(own, url))) &&
    (ownNames.length === 0 || ((part.resourceNames ?? []).length > 0 && hasAll(ownNames, part.resourceNames)))
  );
}

function resourcesCover(owner: readonly string[], wanted: readonly string[]): boolean {
  if (owner.includes("*")) return true;
  return wanted.every((resource) => {
    if (owner.includes(resource)) return true;
    const slash = resource.indexOf("/");
    return slash >= 0 && owner.includes(`*${resource.slice(slash)}`);
  });
}

/** A URL of the owner may end in "*". */
export function urlCovers(owner: string, url: string): boolean {
  if (owner === url) return true;
  if (!owner.endsWith("*")) return false;
  let end = owner.length;
  while (end > 0 && owner[end - 1] === "*") end--;
  return url.startsWith(owner.slice(0, end));
}
