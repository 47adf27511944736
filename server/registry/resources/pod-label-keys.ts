/**
 * matchLabelKeys and mismatchLabelKeys become expressions of the selector beside them, with the values of the pod's own
 * labels. Source: mutatePodAffinity and mutateTopologySpreadConstraints in
 * k8s.io/kubernetes/pkg/registry/core/pod/strategy.go.
 */
import type { Pod, PodAffinityTerm } from "../../../api/core-types.ts";
import type { FeatureGates } from "../../../api/feature-gates.ts";

type Labels = Readonly<Record<string, string>>;
type Selector = NonNullable<PodAffinityTerm["labelSelector"]>;

export function mergeLabelKeys({ metadata, spec }: Pod, gates: FeatureGates): void {
  const labels = metadata.labels ?? {};
  for (const half of [spec?.affinity?.podAffinity, spec?.affinity?.podAntiAffinity]) {
    for (const { podAffinityTerm } of half?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
      if (podAffinityTerm) mergeTerm(podAffinityTerm, labels);
    }
    for (const term of half?.requiredDuringSchedulingIgnoredDuringExecution ?? []) mergeTerm(term, labels);
  }
  if (!gates.enabled("MatchLabelKeysInPodTopologySpread")) return;
  if (!gates.enabled("MatchLabelKeysInPodTopologySpreadSelectorMerge")) return;
  for (const { labelSelector, matchLabelKeys } of spec?.topologySpreadConstraints ?? []) {
    if (labelSelector) merge(labelSelector, matchLabelKeys, "In", labels);
  }
}

function mergeTerm(
  { labelSelector, matchLabelKeys, mismatchLabelKeys }: PodAffinityTerm,
  labels: Labels,
): void {
  // Without a selector nothing matches: there is nothing to narrow.
  if (!labelSelector) return;
  merge(labelSelector, matchLabelKeys, "In", labels);
  merge(labelSelector, mismatchLabelKeys, "NotIn", labels);
}

function merge(
  selector: Selector,
  keys: readonly string[] | undefined,
  operator: "In" | "NotIn",
  labels: Labels,
): void {
  for (const key of keys ?? []) {
    if (!Object.hasOwn(labels, key)) continue;
    selector.matchExpressions ??= [];
    selector.matchExpressions.push({ key, operator, values: [labels[key]!] });
  }
}
