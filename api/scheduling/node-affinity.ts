/** Which nodes a pod may run on. Source: k8s.io/component-helpers/scheduling/corev1/nodeaffinity. */
import type { NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from "../core-types.ts";
import type { KubeObject } from "../object.ts";
import {
  type LabelOperator,
  LabelSelector,
  labelRequirement,
  labelSelectorFromSet,
  SelectorError,
} from "../selectors.ts";

const operators: Readonly<Record<string, LabelOperator>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
  Gt: "gt",
  Lt: "lt",
};

/** Whether the node has the labels that the pod wants, and matches one of the terms that it requires. */
export function matchesNodeAffinity({ nodeSelector, affinity }: PodSpec, node: KubeObject): boolean {
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const { labels } = node.metadata;
  if (nodeSelector && !labelSelectorFromSet(nodeSelector).matches(labels)) return false;
  return required === undefined || matchesNodeSelector(required, node);
}

/** Terms that cannot be read match nothing, and empty ones neither. */
export const matchesNodeSelector = ({ nodeSelectorTerms }: NodeSelector, node: KubeObject): boolean =>
  (nodeSelectorTerms ?? []).some((term) => matchesTerm(term, node));

function matchesTerm(
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  node: KubeObject,
): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  const { labels, name = "" } = node.metadata;
  return (
    matchFields.every((requirement) => matchesField(requirement, name)) &&
    labelsMatch(matchExpressions, labels)
  );
}

function labelsMatch(
  expressions: readonly NodeSelectorRequirement[],
  labels: Record<string, string> | undefined,
): boolean {
  try {
    const requirements = expressions.map(({ key, operator, values = [] }) => {
      const known = operators[operator];
      if (known === undefined) throw new SelectorError(`${operator} is not a valid node selector operator`);
      return labelRequirement(key, known, values);
    });
    return new LabelSelector(requirements).matches(labels);
  } catch (error) {
    if (error instanceof SelectorError) return false;
    throw error;
  }
}

/** The only field is the name, and it is compared with one value. */
function matchesField({ key, operator, values = [] }: NodeSelectorRequirement, name: string): boolean {
  if (values.length !== 1 || (operator !== "In" && operator !== "NotIn")) return false;
  const actual = key === "metadata.name" ? name : "";
  return (actual === values[0]) === (operator === "In");
}
