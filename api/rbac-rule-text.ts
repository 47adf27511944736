import { goQuote } from "./go-format.ts";
import type { PolicyRule } from "./rbac-rules.ts";

const quoted = (items: readonly string[]): string => `[${items.map(goQuote).join(" ")}]`;

/** {APIGroups:[""], Resources:["pods"], Verbs:["get"]}. Source: CompactString of pkg/apis/rbac/v1/evaluation_helpers.go. */
function ruleText({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts = {
    APIGroups: apiGroups,
    Resources: resources,
    NonResourceURLs: nonResourceURLs,
    ResourceNames: resourceNames,
    Verbs: verbs,
  };
  const texts = Object.entries(parts).flatMap(([name, items]) =>
    items?.length ? [`${name}:${quoted(items)}`] : [],
  );
  return `{${texts.join(", ")}}`;
}

/** Rules about one resource (and name) become one rule: CompactRules of pkg/registry/rbac/validation. */
function compactRules(rules: readonly PolicyRule[]): PolicyRule[] {
  const compacted: PolicyRule[] = [];
  const simple = new Map<string, PolicyRule & { verbs: string[] }>();
  for (const rule of rules) {
    const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
    const isSimple =
      apiGroups.length === 1 &&
      resources.length === 1 &&
      resourceNames.length <= 1 &&
      nonResourceURLs.length === 0;
    if (!isSimple) {
      compacted.push(rule);
      continue;
    }
    const key = JSON.stringify([apiGroups, resources, resourceNames]);
    const known = simple.get(key);
    if (known) known.verbs.push(...(rule.verbs ?? []));
    else simple.set(key, { ...rule, verbs: [...(rule.verbs ?? [])] });
  }
  return [...compacted, ...simple.values()];
}

/** What an error says about rights that somebody wants to grant without having them. Source: ConfirmNoEscalation. */
export function escalationMessage(
  user: { name: string; groups: readonly string[] },
  missing: readonly PolicyRule[],
  resolutionError: string,
): string {
  const texts = [...new Set(compactRules(missing).map(ruleText))].sort();
  const message = `user ${goQuote(user.name)} (groups=${quoted(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${texts.join("\n")}`;
  return resolutionError === "" ? message : `${message}; resolution errors: [${resolutionError}]`;
}
