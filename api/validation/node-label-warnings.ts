/** Labels of nodes that should no longer be used. Source: k8s.io/kubernetes/pkg/api/node/util.go. */
import type { NodeSelectorTerm } from "../core-types.ts";
import type { FieldPath } from "./field.ts";
import type { LabelSelector } from "./labels.ts";
import { checkLabelValue } from "./names.ts";

const deprecated: ReadonlyMap<string, string> = new Map([
  ["beta.kubernetes.io/arch", 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ["beta.kubernetes.io/os", 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  [
    "failure-domain.beta.kubernetes.io/region",
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  ],
  [
    "failure-domain.beta.kubernetes.io/zone",
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  ],
  [
    "beta.kubernetes.io/instance-type",
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  ],
  ["app.kubernetes.io/created-by", "deprecated since v1.9"],
  [
    "scheduler.alpha.kubernetes.io/preferAvoidPods",
    "deprecated since v1.22; use Taints and Tolerations instead",
  ],
  ["node-role.kubernetes.io/master", 'use "node-role.kubernetes.io/control-plane" instead'],
]);

/** GetNodeLabelDeprecatedMessage: what to say about a label; undefined: nothing. */
export function deprecatedNodeLabel(key: string): string | undefined {
  return deprecated.get(key);
}

/** GetWarningsForNodeSelector. */
export function warningsForNodeLabelSelector(
  { matchExpressions, matchLabels }: LabelSelector,
  path: FieldPath,
): string[] {
  const warnings: string[] = [];
  matchExpressions?.forEach(({ key = "" }, index) => {
    const message = deprecated.get(key);
    if (message)
      warnings.push(`${path.child("matchExpressions").index(index).child("key")}: ${key} is ${message}`);
  });
  for (const label of Object.keys(matchLabels ?? {})) {
    const message = deprecated.get(label);
    if (message) warnings.push(`${path.child("matchLabels", label)}: ${message}`);
  }
  return warnings;
}

/** GetWarningsForNodeSelectorTerm; values are looked at where validation lets wrong ones pass. */
export function warningsForNodeSelectorTerm(
  { matchExpressions }: NodeSelectorTerm,
  checkValues: boolean,
  path: FieldPath,
): string[] {
  const warnings: string[] = [];
  matchExpressions?.forEach(({ key = "", values = [] }, index) => {
    const at = path.child("matchExpressions").index(index);
    const message = deprecated.get(key);
    if (message) warnings.push(`${at.child("key")}: ${key} is ${message}`);
    if (!checkValues) return;
    values.forEach((value, valueIndex) => {
      for (const problem of checkLabelValue(value)) {
        warnings.push(`${at.child("values").index(valueIndex)}: ${value} is invalid, ${problem}`);
      }
    });
  });
  return warnings;
}
