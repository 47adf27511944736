/** Labels of nodes that have been replaced by others. Source: pkg/api/node/util.go. */
import type { FieldPath } from "../validation/field.ts";

const deprecated = new Map([
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

/** GetNodeLabelDeprecatedMessage. */
export const deprecatedNodeLabel = (label: string): string | undefined => deprecated.get(label);

interface Expressions {
  matchExpressions?: readonly { key?: string }[];
}

/** Of the match expressions of a node selector's term or of a label selector for nodes. */
export function nodeExpressionWarnings({ matchExpressions = [] }: Expressions, path: FieldPath): string[] {
  return matchExpressions.flatMap(({ key = "" }, index) => {
    const message = deprecatedNodeLabel(key);
    if (message === undefined) return [];
    return [`${path.child("matchExpressions").index(index).child("key")}: ${key} is ${message}`];
  });
}
