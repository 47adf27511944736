import { type LabelSelector, labelSelectorOf, SelectorError } from "../selectors.ts";
import type { LabelSelector as SelectorObject } from "./labels.ts";

/** metav1.LabelSelectorAsSelector: undefined where the object makes no selector. */
export function usableSelector(selector: SelectorObject | null | undefined): LabelSelector | undefined {
  try {
    return labelSelectorOf(selector as Parameters<typeof labelSelectorOf>[0]);
  } catch (error) {
    if (error instanceof SelectorError) return undefined;
    throw error;
  }
}

/** Neither labels nor expressions. */
export function isEmptySelector({ matchLabels, matchExpressions }: SelectorObject): boolean {
  return Object.keys(matchLabels ?? {}).length === 0 && (matchExpressions ?? []).length === 0;
}
