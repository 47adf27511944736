import { setImmediate as nextTurn } from "node:timers/promises";
import { compareBytes } from "../../../api/byte-order.ts";
import { goQuote } from "../../../api/go-format.ts";
import type { CheckedPod } from "./check.ts";
import { reasonsText, violations } from "./evaluate.ts";
import { type LevelVersion, levelText } from "./policy.ts";

/** So many are looked at at most. */
const maxPods = 3000;

/** Pods that are checked before others get their turn. */
const slice = 100;

/**
 * Which pods of a namespace violate the level that it is going to enforce; those of one controller count as alike, so
 * that they come last. Source: EvaluatePodsInNamespace of k8s.io/pod-security-admission/admission.
 */
export async function existingPodWarnings(
  namespace: string,
  level: LevelVersion,
  pods: readonly CheckedPod[],
  exemptRuntimeClasses: readonly string[],
): Promise<string[]> {
  const all = prioritized(
    pods.filter(({ spec }) => !exemptRuntimeClasses.includes(spec.runtimeClassName ?? "")),
  );
  const namesByProblem = new Map<string, string[]>();
  const checked = all.slice(0, maxPods);
  for (const [i, pod] of checked.entries()) {
    if (i > 0 && i % slice === 0) await nextTurn();
    const found = violations(level, pod);
    if (found.length === 0) continue;
    const problem = reasonsText(found);
    const names = namesByProblem.get(problem) ?? [];
    names.push(pod.metadata.name ?? "");
    namesByProblem.set(problem, names);
  }
  const warnings: string[] = [];
  if (checked.length < all.length) {
    warnings.push(
      `new PodSecurity enforce level only checked against the first ${checked.length} of ${all.length} existing pods`,
    );
  }
  if (namesByProblem.size > 0) {
    warnings.push(
      `existing pods in namespace ${goQuote(namespace)} violate the new PodSecurity enforce level ${goQuote(levelText(level))}`,
    );
  }
  const problems = [...namesByProblem].map(([problem, names]) => `${namesText(names)}: ${problem}`);
  return [...warnings, ...problems.sort(compareBytes)];
}

function prioritized(pods: readonly CheckedPod[]): CheckedPod[] {
  const controllers = new Set<string>();
  const first: CheckedPod[] = [];
  const alike: CheckedPod[] = [];
  for (const pod of pods) {
    const controller = pod.metadata.ownerReferences?.find((owner) => owner.controller)?.uid;
    (controller !== undefined && controllers.has(controller) ? alike : first).push(pod);
    if (controller !== undefined) controllers.add(controller);
  }
  return [...first, ...alike];
}

/** "a", "a (and 1 other pod)" */
function namesText(names: readonly string[]): string {
  const [first = ""] = [...names].sort(compareBytes);
  const others = names.length - 1;
  if (others === 0) return first;
  return `${first} (and ${others} other ${others === 1 ? "pod" : "pods"})`;
}
