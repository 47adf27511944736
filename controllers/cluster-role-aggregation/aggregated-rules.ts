import { compareBytes } from "../../api/byte-order.ts";
import type { KubeObject } from "../../api/object.ts";
import type { PolicyRule } from "../../api/rbac-rules.ts";
import { type LabelSelectorObject, labelSelectorOf } from "../../api/selectors.ts";
import { semanticEqual } from "../../api/semantic-equal.ts";

export interface ClusterRole extends KubeObject {
  rules?: readonly PolicyRule[] | null;
  aggregationRule?: { clusterRoleSelectors?: readonly LabelSelectorObject[] };
}

/**
 * The rules of all other roles that a role's selectors match, selector by selector and by name, none twice.
 * @throws SelectorError
 */
export function aggregatedRules(
  { metadata, aggregationRule }: ClusterRole,
  roles: Iterable<ClusterRole>,
): PolicyRule[] {
  const others = [...roles]
    .filter((other) => other.metadata.name !== metadata.name)
    .sort((a, b) => compareBytes(a.metadata.name ?? "", b.metadata.name ?? ""));
  const collected: PolicyRule[] = [];
  for (const object of aggregationRule?.clusterRoleSelectors ?? []) {
    const selector = labelSelectorOf(object);
    const matching = others.filter((other) => selector.matches(other.metadata.labels ?? {}));
    for (const rule of matching.flatMap(({ rules }) => rules ?? []))
      if (!collected.some((known) => semanticEqual(known, rule))) collected.push(rule);
  }
  return collected;
}
