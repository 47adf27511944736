/** Source: k8s.io/api/core/v1/toleration.go, k8s.io/component-helpers/scheduling/corev1. */
import type { Toleration } from "../core-types.ts";
import { semanticEqual } from "../semantic-equal.ts";
import type { Schemas } from "../types.ts";
import { checkDecimalInteger } from "../validation/names.ts";

export type Taint = Schemas["io.k8s.api.core.v1.Taint"];

/** ToleratesTaint; comparesNumbers: the feature TaintTolerationComparisonOperators. */
export function toleratesTaint(toleration: Toleration, taint: Taint, comparesNumbers: boolean): boolean {
  const { effect, key, operator = "Equal", value = "" } = toleration;
  if ((effect && effect !== taint.effect) || (key && key !== taint.key)) return false;
  const actual = taint.value ?? "";
  if (operator === "Exists") return true;
  if (operator === "Equal" || (operator as string) === "") return value === actual;
  if (!comparesNumbers || ![value, actual].every((text) => checkDecimalInteger(text).length === 0))
    return false;
  return operator === "Lt" ? BigInt(actual) < BigInt(value) : BigInt(actual) > BigInt(value);
}

/** The first taint of one of the effects that nothing tolerates (FindMatchingUntoleratedTaint). */
export function untoleratedTaint(
  taints: readonly Taint[],
  tolerations: readonly Toleration[],
  effects: readonly string[],
  comparesNumbers: boolean,
): Taint | undefined {
  return taints.find(
    (taint) =>
      effects.includes(taint.effect) &&
      !tolerations.some((toleration) => toleratesTaint(toleration, taint, comparesNumbers)),
  );
}

/** In place of the one that is about the same, or at the end (AddOrUpdateTolerationInPodSpec). */
export function withToleration(tolerations: readonly Toleration[], added: Toleration): Toleration[] {
  const isSame = (one: Toleration) =>
    (["key", "effect", "operator", "value"] as const).every(
      (field) => (one[field] ?? "") === (added[field] ?? ""),
    );
  if (tolerations.some((one) => semanticEqual(one, added))) return [...tolerations];
  if (!tolerations.some(isSame)) return [...tolerations, added];
  return tolerations.map((one) => (isSame(one) ? added : one));
}
