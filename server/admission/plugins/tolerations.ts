import type { Toleration } from "../../../api/core-types.ts";
import { semanticEqual } from "../../../api/semantic-equal.ts";

/** Two lists in one, without those that another one covers. Source: MergeTolerations of pkg/util/tolerations. */
export function mergeTolerations(first: readonly Toleration[], second: readonly Toleration[]): Toleration[] {
  const all = [...first, ...second];
  const merged: Toleration[] = [];
  for (const [i, one] of all.entries()) {
    const isCovered =
      merged.some((other) => covers(other, one)) ||
      all.slice(i + 1).some((other) => !semanticEqual(one, other) && covers(other, one));
    if (!isCovered) merged.push(one);
  }
  return merged;
}

/** Whether wider tolerates all that one does. Source: isSuperset. */
export function covers(wider: Toleration, one: Toleration): boolean {
  if (semanticEqual(one, wider)) return true;
  const anyKey = !wider.key && wider.operator === "Exists";
  if ((one.key ?? "") !== (wider.key ?? "") && !anyKey) return false;
  if (wider.effect && (one.effect ?? "") !== wider.effect) return false;
  if (wider.effect === "NoExecute" && wider.tolerationSeconds !== undefined) {
    if (one.tolerationSeconds === undefined || one.tolerationSeconds > wider.tolerationSeconds) return false;
  }
  if (wider.operator === "Exists") return true;
  // Numeric comparisons cover nothing but themselves.
  if (wider.operator && wider.operator !== "Equal") return false;
  return one.operator === "Equal" && (one.value ?? "") === (wider.value ?? "");
}
