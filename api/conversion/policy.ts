/** Source: pkg/apis/policy/v1/conversion.go. */
import type { ObjectOf } from "../object-of.ts";
import { semanticEqual } from "../semantic-equal.ts";
import { type ConversionTable, defineConversion } from "./table.ts";

/** How policy/v1beta1 wrote what an empty selector means; nobody else may use it. */
const oldEmptySelectorLabel = "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match";
const matchesNothing = { matchExpressions: [{ key: oldEmptySelectorLabel, operator: "Exists" }] };

const podDisruptionBudget = defineConversion({
  toHub(object: ObjectOf<"io.k8s.api.policy.v1.PodDisruptionBudget">) {
    const { selector } = object.spec;
    if (!selector?.matchExpressions?.length || semanticEqual(selector, matchesNothing)) return object;
    const kept = selector.matchExpressions.filter(({ key }) => key !== oldEmptySelectorLabel);
    if (kept.length > 0) selector.matchExpressions = kept;
    else delete selector.matchExpressions;
    return object;
  },
});

export const policyConversions: ConversionTable = {
  "policy/v1": { PodDisruptionBudget: podDisruptionBudget },
};
